// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.room;

import dev.tributary.core.http.HttpClient;
import dev.tributary.core.http.HttpRequest;
import dev.tributary.core.udp.MediaLoops;
import dev.tributary.ice.CandidatePolicy;
import dev.tributary.sdp.MediaKind;
import dev.tributary.sdp.SendTrack;
import dev.tributary.sfu.Peer;
import dev.tributary.sfu.PeerSettings;
import dev.tributary.sfu.RoomSnapshot;
import dev.tributary.sfu.SfuListener;
import dev.tributary.sfu.Upstream;
import dev.tributary.srtp.DtlsCertificate;
import dev.tributary.whipwhep.WhipWhep;
import dev.tributary.whipwhep.spi.Grant;
import dev.tributary.whipwhep.spi.MediaSession;
import dev.tributary.whipwhep.spi.Right;
import dev.tributary.whipwhep.spi.SessionKind;
import dev.tributary.whipwhep.spi.SessionRequest;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A server in this process: its media over loopback, its HTTP by calls. */
final class Instance implements AutoCloseable {
    final Engine engine;
    /** The sessions that others opened here, in their order. */
    final List<MediaSession> opened = new CopyOnWriteArrayList<>();

    private final WhipWhep http;
    /** Whether rooms "name@o" are this server's own. */
    private final boolean isOrigin;

    /**
     * Starts one.
     *
     * @param upstream the server that rooms of others are pulled from, or null for none
     */
    Instance(String id, @Nullable Instance upstream) {
        isOrigin = upstream == null;
        Upstream.Resolver resolver = room -> CompletableFuture.completedFuture(new Upstream(
                URI.create("http://there.test/" + URLEncoder.encode(room, StandardCharsets.UTF_8) + "/whep"),
                upstream.asSeenBy(id)));
        engine = Engine.start(
                MediaLoops.builder(0).loops(1),
                id,
                CandidatePolicy.ANY,
                upstream == null ? null : resolver,
                room -> false,
                new SfuListener() {},
                null);
        http = WhipWhep.builder(request -> engine.open(request).thenApply(session -> {
                    opened.add(session);
                    return session;
                }))
                .access(request -> CompletableFuture.completedFuture(
                        Grant.ofInstance(request.http().header("Caller").orElse(""), "", Right.PLAY, Right.PIPE)))
                .build();
    }

    /** The way of another server's requests to this one. */
    private HttpClient asSeenBy(String caller) {
        return request -> http.handle(new HttpRequest(
                request.method(),
                isOrigin
                        ? request.uri().getRawPath().replace("%40o", "")
                        : request.uri().getRawPath(),
                "",
                request.headers().with("Caller", caller),
                request.body(),
                new InetSocketAddress("127.0.0.1", 1)));
    }

    /** A publisher who sends one track; no packet of it is needed. */
    MediaSession publish(String room) {
        return publishing(room).toCompletableFuture().join();
    }

    /** A publisher who may be refused. */
    CompletionStage<MediaSession> publishing(String room) {
        Peer there = peer();
        there.negotiation().add(MediaKind.VIDEO).send(SendTrack.of("stage", "camera"));
        return open(SessionKind.WHIP, room, there, Grant.of("host", "Host", Right.PUBLISH_MAIN));
    }

    /** A viewer, who gets nothing as it does not answer any datagram. */
    CompletionStage<MediaSession> watch(String room) {
        Peer there = peer();
        there.negotiation().add(MediaKind.VIDEO).receive(true);
        return open(SessionKind.WHEP, room, there, Grant.of("viewer", "", Right.PLAY));
    }

    private CompletionStage<MediaSession> open(SessionKind kind, String room, Peer there, Grant grant) {
        return engine.open(new SessionRequest(
                kind, room, kind + "-" + opened.size(), there.createOffer().write(), grant, false));
    }

    private static Peer peer() {
        return new Peer(PeerSettings.of(DtlsCertificate.generate(), Runnable::run, () -> {}, List.of()));
    }

    List<RoomSnapshot> rooms() {
        return engine.snapshots().toCompletableFuture().join();
    }

    static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + 15_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Not within 15 s");
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    @Override
    public void close() {
        engine.close();
    }
}
