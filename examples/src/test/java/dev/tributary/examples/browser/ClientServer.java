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
import dev.tributary.whipwhep.shig.ShigLobby;
import dev.tributary.whipwhep.spi.AccessRequest;
import dev.tributary.whipwhep.spi.Grant;
import dev.tributary.whipwhep.spi.Right;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The smallest server for the browser client: one engine behind several endpoints. {@code /live} speaks the dynamic
 * extension, {@code /plain} is WHIP and WHEP and nothing else, {@code /picky} refuses offers with a data channel,
 * {@code /counter} answers what it cannot accept by an offer of its own, {@code /shig} is for Shig's client. The token
 * {@code host} publishes the main source; any other token is a guest of that name; nobody needs one to watch.
 */
final class ClientServer implements AutoCloseable {
    private final Sfu sfu = Sfu.builder().udpPort(0).build();
    private final WhipWhep dynamic = WhipWhep.builder(sfu.sessions())
            .access(ClientServer::verify)
            .prefix("/live")
            .build();
    private final WhipWhep plain = plain("/plain");
    private final WhipWhep picky = plain("/picky");
    private final WhipWhep countering = WhipWhep.builder(sfu.sessions())
            .access(ClientServer::verify)
            .prefix("/counter")
            .counterOffers(room -> true)
            .build();
    private final ShigLobby shig = ShigLobby.builder(sfu.sessions())
            .access(ClientServer::verify)
            .prefix("/shig")
            .build();
    private final Map<String, String> written = new ConcurrentHashMap<>();
    private final HttpServer server;

    ClientServer() {
        Resources files = Resources.from(ClientServer.class, "dev/tributary/examples/browser")
                .under("/");
        HttpHandler pages = request -> {
            String shown = written.get(request.path());
            return shown == null
                    ? files.handle(request)
                    : CompletableFuture.completedFuture(HttpResponse.of(200, "text/html; charset=utf-8", shown));
        };
        HttpHandler handler = Mounts.NONE
                .mount("/live", dynamic)
                .mount("/plain", plain)
                .mount("/picky", this::withoutDataChannels)
                .mount("/counter", countering)
                .mount("/shig", shig)
                .mount("/shig-assets", this::shigScript)
                .mount(
                        "/api/v1/videos/live",
                        request -> CompletableFuture.completedFuture(
                                HttpResponse.of(200, "application/json", "{\"rtmpUrl\":\"\",\"streamKey\":\"\"}")))
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

    private CompletionStage<HttpResponse> shigScript(HttpRequest request) {
        try {
            return CompletableFuture.completedFuture(
                    HttpResponse.of(200, "text/javascript", Files.readAllBytes(ShigPackage.script())));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
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
        return page("client.html");
    }

    /** A page beside it. */
    String page(String name) {
        return "http://localhost:" + server.port() + "/" + name;
    }

    /** Has a page at a path. */
    void show(String path, String html) {
        written.put(path, html);
    }

    /** How many people came by Shig's client. */
    int inLobbies() {
        return shig.members();
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
        shig.close();
        countering.close();
        dynamic.close();
        plain.close();
        picky.close();
        sfu.close();
    }
}
