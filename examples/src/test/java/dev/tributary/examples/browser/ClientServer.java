// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.browser;

import dev.tributary.core.http.HttpHandler;
import dev.tributary.core.http.HttpRequest;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.core.http.HttpServer;
import dev.tributary.core.http.Mounts;
import dev.tributary.core.http.Resources;
import dev.tributary.sfu.Sfu;
import dev.tributary.whipwhep.WhipWhep;
import dev.tributary.whipwhep.spi.AccessRequest;
import dev.tributary.whipwhep.spi.Grant;
import dev.tributary.whipwhep.spi.Right;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The smallest server for the browser client: one engine behind three endpoints. {@code /live} speaks the dynamic
 * extension, {@code /plain} is WHIP and WHEP and nothing else, {@code /picky} refuses offers with a data channel. The
 * token {@code host} publishes the main source; any other token is a guest of that name; nobody needs one to watch.
 */
final class ClientServer implements AutoCloseable {
    private final Sfu sfu = Sfu.builder().udpPort(0).build();
    private final WhipWhep dynamic = WhipWhep.builder(sfu.sessions())
            .access(ClientServer::verify)
            .prefix("/live")
            .build();
    private final WhipWhep plain = plain("/plain");
    private final WhipWhep picky = plain("/picky");
    private final HttpServer server;

    ClientServer() {
        Resources pages = Resources.from(ClientServer.class, "dev/tributary/examples/browser")
                .under("/");
        HttpHandler handler = Mounts.NONE
                .mount("/live", dynamic)
                .mount("/plain", plain)
                .mount("/picky", this::withoutDataChannels)
                .mount("/tributary", Resources.from(WhipWhep.class, "META-INF/resources"))
                .mount("/", pages);
        server = HttpServer.bind(0).host("127.0.0.1").mount("/", handler).start();
    }

    private WhipWhep plain(String prefix) {
        return WhipWhep.builder(sfu.sessions())
                .access(ClientServer::verify)
                .prefix(prefix)
                .dynamic(false)
                .build();
    }

    private CompletionStage<HttpResponse> withoutDataChannels(HttpRequest request) {
        return request.method().equals("POST") && request.bodyText().contains("m=application")
                ? CompletableFuture.completedFuture(HttpResponse.of(422))
                : picky.handle(request);
    }

    private static CompletionStage<Grant> verify(AccessRequest request) {
        String token = request.token();
        Grant grant = token == null
                ? Grant.of("", "", Right.PLAY)
                : token.equals("host")
                        ? Grant.of("host", "", Right.PLAY, Right.PUBLISH_MAIN, Right.HOST)
                        : Grant.of(token, "", Right.PLAY, Right.PUBLISH_GUEST);
        return CompletableFuture.completedFuture(grant);
    }

    /** The page with the client in it. */
    String page() {
        return "http://localhost:" + server.port() + "/client.html";
    }

    /** How many media sessions there are. */
    long sessions() {
        return sfu.rooms().toCompletableFuture().join().stream()
                .mapToLong(room -> room.sessions().size())
                .sum();
    }

    @Override
    public void close() {
        server.close();
        dynamic.close();
        plain.close();
        picky.close();
        sfu.close();
    }
}
