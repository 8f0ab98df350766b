// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.conformance;

import dev.tributary.core.http.HttpServer;
import dev.tributary.sfu.Sfu;
import dev.tributary.whipwhep.IceServer;
import dev.tributary.whipwhep.WhipWhep;
import dev.tributary.whipwhep.spi.Grant;
import dev.tributary.whipwhep.spi.Refusal;
import dev.tributary.whipwhep.spi.Right;
import dev.tributary.whipwhep.spi.WhipWhepException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The server that is examined: the one that {@code -Dwhip}, {@code -Dwhep}, {@code -Dwhep.idle} and {@code -Dtoken} name,
 * or the small one on Pion for {@code -Dconformance.server=pion}, or ours, started for the purpose.
 *
 * @param whip where to publish, or null
 * @param whep where to play what is published there, or null
 * @param idle a WHEP endpoint of a room in which nobody publishes, or null
 * @param token what lets in, empty for nothing
 * @param isOurs whether it is ours, which has to do all that it claims
 */
record Subject(URI whip, URI whep, URI idle, String token, boolean isOurs, Runnable stop) implements AutoCloseable {
    private static final String TOKEN = "conformance";

    static Subject start() {
        URI whip = uri("whip");
        URI whep = uri("whep");
        if (whip != null || whep != null) {
            return new Subject(whip, whep, uri("whep.idle"), System.getProperty("token", ""), false, () -> {});
        }
        if (System.getProperty("conformance.server", "").equals("pion")) {
            PionServer pion = PionServer.start();
            return new Subject(pion.whip("room"), pion.whep("room"), pion.whep("idle"), "", false, pion::close);
        }
        Sfu sfu = Sfu.builder().udpPort(0).loops(1).build();
        WhipWhep live = WhipWhep.builder(sfu.sessions())
                .strict(true)
                .counterOffers(room -> true)
                .iceServers(List.of(
                        IceServer.of("stun:stun.example.net:3478"),
                        new IceServer("turn:turn.example.net:3478?transport=udp", "user", "pass")))
                .access(request -> TOKEN.equals(request.token())
                        ? CompletableFuture.completedFuture(
                                Grant.of("", "", Right.PLAY, Right.PUBLISH_MAIN, Right.PUBLISH_GUEST))
                        : CompletableFuture.failedFuture(
                                new WhipWhepException(Refusal.UNAUTHENTICATED, "A token is needed.")))
                .prefix("/live")
                .build();
        HttpServer server =
                HttpServer.bind(0).host("127.0.0.1").mount("/live", live).start();
        String base = "http://127.0.0.1:" + server.port() + "/live/";
        return new Subject(
                URI.create(base + "room/whip"),
                URI.create(base + "room/whep"),
                URI.create(base + "idle/whep"),
                TOKEN,
                true,
                () -> {
                    server.close();
                    live.close();
                    sfu.close();
                });
    }

    private static URI uri(String property) {
        String value = System.getProperty(property, "");
        return value.isEmpty() ? null : URI.create(value);
    }

    @Override
    public void close() {
        stop.run();
    }
}
