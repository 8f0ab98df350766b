// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples;

import dev.tributary.core.http.HttpResponse;
import dev.tributary.core.http.HttpServer;
import dev.tributary.core.http.Resources;
import dev.tributary.sfu.Sfu;
import dev.tributary.whipwhep.WhipWhep;
import dev.tributary.whipwhep.spi.AccessRequest;
import dev.tributary.whipwhep.spi.Grant;
import dev.tributary.whipwhep.spi.Right;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The smallest useful server: whoever knows the secret publishes, everybody plays. {@code docs/quickstart.md} shows it. */
public final class Quickstart implements AutoCloseable {
    private static final String PAGE = """
            <!doctype html>
            <meta charset="utf-8">
            <title>My stream</title>
            <script type="module" src="/tributary/tributary.js"></script>
            <tributary-stage whep="/live/main/whep"></tributary-stage>
            """;

    private final Sfu sfu;
    private final WhipWhep live;
    private final HttpServer server;

    /** Starts it. Port 0 is any free port. */
    public Quickstart(int httpPort, int udpPort, String secret) {
        sfu = Sfu.builder().udpPort(udpPort).announce("127.0.0.1").build();
        live = WhipWhep.builder(sfu.sessions())
                .access(request -> access(request, secret))
                .prefix("/live")
                .build();
        server = HttpServer.bind(httpPort)
                .mount("/live", live)
                .mount("/tributary", Resources.from(WhipWhep.class, "META-INF/resources"))
                .mount("/", request -> CompletableFuture.completedFuture(HttpResponse.of(200, "text/html", PAGE)))
                .start();
    }

    private static CompletionStage<Grant> access(AccessRequest request, String secret) {
        return CompletableFuture.completedFuture(
                secret.equals(request.token())
                        ? Grant.of("host", "Host", Right.PUBLISH_MAIN)
                        : Grant.of("", "", Right.PLAY));
    }

    /** The port of the page and of WHIP and WHEP. */
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
        live.close();
        sfu.close();
    }

    /** Runs until the process is ended. */
    public static void main(String[] arguments) {
        var running = new Quickstart(8080, 10000, "secret");
        Runtime.getRuntime().addShutdownHook(new Thread(running::close));
    }
}
