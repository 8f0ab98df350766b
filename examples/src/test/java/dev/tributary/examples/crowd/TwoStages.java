// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.crowd;

import dev.tributary.core.http.GuardedHttpClient;
import dev.tributary.core.http.HttpServer;
import dev.tributary.core.http.Mounts;
import dev.tributary.core.http.Resources;
import dev.tributary.ice.CandidatePolicy;
import dev.tributary.sfu.Sfu;
import dev.tributary.sfu.Upstream;
import dev.tributary.whipwhep.WhipWhep;
import dev.tributary.whipwhep.WhipWhepLimits;
import dev.tributary.whipwhep.spi.AccessRequest;
import dev.tributary.whipwhep.spi.Grant;
import dev.tributary.whipwhep.spi.Right;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Two instances without the Fediverse: a stage on the first, which the second pulls once for its own viewers. The token
 * {@code host} publishes the main source; any other token is a guest of that name; {@code pipe} is the second instance.
 */
public final class TwoStages implements AutoCloseable {
    private static final String PIPE = "pipe";

    private final GuardedHttpClient http =
            GuardedHttpClient.builder().allowPrivateAddresses(true).build();
    private final Stage first = new Stage(Sfu.builder().instance("first"));
    private final Stage second = new Stage(Sfu.builder()
            .instance("second")
            .pipeCandidates(CandidatePolicy.ANY)
            .upstreams(room -> CompletableFuture.completedFuture(new Upstream(
                    URI.create(first.url + "/live/stage/whep"),
                    request -> http.send(
                            request.withHeaders(request.headers().replace("Authorization", "Bearer " + PIPE)))))));

    private static final class Stage {
        final Sfu sfu;
        final WhipWhep live;
        final HttpServer server;
        final String url;

        Stage(Sfu.Builder builder) {
            sfu = builder.udpPort(0).build();
            live = WhipWhep.builder(sfu.sessions())
                    .access(TwoStages::verify)
                    // All guests come from one address here.
                    .limits(WhipWhepLimits.DEFAULT.withOpens(1_000, 1_000))
                    .prefix("/live")
                    .build();
            server = HttpServer.bind(0)
                    .host("127.0.0.1")
                    .mount(
                            "/",
                            Mounts.NONE
                                    .mount("/live", live)
                                    .mount("/tributary", Resources.from(WhipWhep.class, "META-INF/resources"))
                                    .mount(
                                            "/",
                                            Resources.from(TwoStages.class, "dev/tributary/examples/browser")
                                                    .under("/")))
                    .start();
            url = "http://localhost:" + server.port();
        }

        void close() {
            server.close();
            live.close();
            sfu.close();
        }
    }

    private static CompletionStage<Grant> verify(AccessRequest request) {
        String token = request.token();
        Grant grant = token == null
                ? Grant.of("", "", Right.PLAY)
                : switch (token) {
                    case "host" -> Grant.of("host", "", Right.PLAY, Right.PUBLISH_MAIN, Right.HOST);
                    case PIPE -> Grant.ofInstance("second", "second", Right.PLAY);
                    default -> Grant.of(token, "", Right.PLAY, Right.PUBLISH_GUEST);
                };
        return CompletableFuture.completedFuture(grant);
    }

    /** Where guests publish. */
    public String whip() {
        return first.url + "/live/stage/whip";
    }

    /** The page of an instance; its stage is {@link #whepPath}. */
    public String page(boolean isFirst) {
        return (isFirst ? first : second).url + "/client.html";
    }

    /** The path of the stage on an instance. */
    public String whepPath(boolean isFirst) {
        return isFirst ? "/live/stage/whep" : "/live/stage@first/whep";
    }

    @Override
    public void close() {
        second.close();
        first.close();
        http.close();
    }
}
