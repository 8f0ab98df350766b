// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.room;

import dev.tributary.core.http.HttpClient;
import dev.tributary.core.rtp.NtpTime;
import dev.tributary.core.udp.MediaLoop;
import dev.tributary.core.udp.MediaLoops;
import dev.tributary.ice.CandidatePolicy;
import dev.tributary.sdp.Capabilities;
import dev.tributary.sdp.HeaderExtension;
import dev.tributary.sdp.SdpException;
import dev.tributary.sdp.SessionDescription;
import dev.tributary.sfu.RoomSnapshot;
import dev.tributary.sfu.SfuListener;
import dev.tributary.sfu.Upstream;
import dev.tributary.sfu.internal.peer.LoopPeers;
import dev.tributary.sfu.internal.peer.PeerDirectory;
import dev.tributary.srtp.DtlsHandshakeExecutor;
import dev.tributary.srtp.RotatingCertificate;
import dev.tributary.whipwhep.spi.MediaEngine;
import dev.tributary.whipwhep.spi.MediaSession;
import dev.tributary.whipwhep.spi.OfferedSession;
import dev.tributary.whipwhep.spi.Refusal;
import dev.tributary.whipwhep.spi.SessionRequest;
import dev.tributary.whipwhep.spi.WhipWhepException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The rooms on their loops, and the border between the control world and the media world: calls come on any thread, are
 * posted to the loop of their room, and are answered by stages. Thread-safe.
 */
public final class Engine implements MediaEngine, AutoCloseable {
    private static final Capabilities CAPABILITIES = capabilities();

    private final MediaLoops loops;
    private final PeerDirectory directory;
    private final List<LoopRooms> homes;
    private final @Nullable DtlsHandshakeExecutor ownHandshakes;

    private Engine(
            MediaLoops loops,
            PeerDirectory directory,
            List<LoopRooms> homes,
            @Nullable DtlsHandshakeExecutor ownHandshakes) {
        this.loops = loops;
        this.directory = directory;
        this.homes = homes;
        this.ownHandshakes = ownHandshakes;
    }

    /**
     * Opens the port and starts the loops.
     *
     * @param port the port, not bound yet
     * @param pipeCandidates where a pipe's checks may go
     * @param upstreams where rooms of other servers are found, or null
     * @param waiting the rooms whose viewers may come before there is anything to see
     * @param handshakes where handshakes may block, or null for threads of our own
     */
    public static Engine start(
            MediaLoops.Builder port,
            String instance,
            CandidatePolicy pipeCandidates,
            Upstream.@Nullable Resolver upstreams,
            Predicate<String> waiting,
            SfuListener listener,
            @Nullable Executor handshakes) {
        PeerDirectory directory = new PeerDirectory();
        Map<MediaLoop, LoopPeers> peers = new ConcurrentHashMap<>();
        MediaLoops loops = port.start(loop -> peers.computeIfAbsent(loop, owned -> new LoopPeers(owned, directory)));
        DtlsHandshakeExecutor own = handshakes == null ? DtlsHandshakeExecutor.create() : null;
        SecureRandom random = new SecureRandom();
        Parts parts = new Parts(
                instance,
                CAPABILITIES,
                new RotatingCertificate(InstantSource.system(), random),
                own == null ? Objects.requireNonNull(handshakes) : own,
                loops.announcedAddresses(),
                loops.announcedStreamAddresses(),
                pipeCandidates,
                ntpAtZero(loops.loops().get(0)),
                random);
        List<LoopRooms> homes = new ArrayList<>();
        for (MediaLoop loop : loops.loops()) {
            homes.add(new LoopRooms(
                    Objects.requireNonNull(peers.get(loop), "a loop has its receiver once it runs"),
                    parts,
                    upstreams,
                    waiting,
                    listener));
        }
        return new Engine(loops, directory, homes, own);
    }

    // The one reading that ties the loops' clock to the time of day, for the sender reports.
    private static long ntpAtZero(MediaLoop loop) {
        CompletableFuture<Long> reading = new CompletableFuture<>();
        loop.execute(() -> {
            Instant now = Instant.now();
            long epochNanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
            reading.complete(NtpTime.ofEpochNanos(epochNanos - loop.nowNanos()));
        });
        return reading.join();
    }

    /** Opus, VP8 and H.264 with retransmission; transport-wide feedback, and REMB for those who know nothing else. */
    private static Capabilities capabilities() {
        Capabilities all = Capabilities.forwarding();
        return all.withExtensions(
                List.of(HeaderExtension.MID, HeaderExtension.TRANSPORT_WIDE_CC, HeaderExtension.AUDIO_LEVEL),
                List.of(
                        HeaderExtension.MID,
                        HeaderExtension.TRANSPORT_WIDE_CC,
                        HeaderExtension.VIDEO_ORIENTATION,
                        HeaderExtension.RTP_STREAM_ID,
                        HeaderExtension.REPAIRED_RTP_STREAM_ID));
    }

    private LoopRooms home(String room) {
        return homes.get(Math.floorMod(room.hashCode(), homes.size()));
    }

    /** How many names, addresses and sources lead datagrams to peers; none when nobody is here. */
    int peerAddresses() {
        return directory.size();
    }

    @Override
    public CompletionStage<MediaSession> open(SessionRequest request) {
        SessionDescription offer;
        try {
            offer = SessionDescription.parse(request.offer());
        } catch (SdpException e) {
            return CompletableFuture.failedFuture(
                    new WhipWhepException(Refusal.MALFORMED, String.valueOf(e.getMessage())));
        }
        CompletableFuture<MediaSession> opened = new CompletableFuture<>();
        LoopRooms home = home(request.room());
        home.execute(opened, () -> home.open(request, offer, opened));
        return opened;
    }

    @Override
    public CompletionStage<OfferedSession> offer(SessionRequest request) {
        CompletableFuture<OfferedSession> offered = new CompletableFuture<>();
        LoopRooms home = home(request.room());
        home.execute(offered, () -> home.offer(request, offered));
        return offered;
    }

    /** What is in the rooms right now. */
    public CompletionStage<List<RoomSnapshot>> snapshots() {
        CompletableFuture<List<RoomSnapshot>> all = CompletableFuture.completedFuture(List.of());
        for (LoopRooms home : homes) {
            CompletableFuture<List<RoomSnapshot>> some = new CompletableFuture<>();
            home.execute(some, () -> some.complete(home.snapshots()));
            all = all.thenCombine(some, (before, more) -> {
                List<RoomSnapshot> joined = new ArrayList<>(before);
                joined.addAll(more);
                return joined;
            });
        }
        return all;
    }

    /** Ends a stream. */
    public CompletionStage<Void> end(String room) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        LoopRooms home = home(room);
        home.execute(ended, () -> {
            home.end(room);
            ended.complete(null);
        });
        return ended;
    }

    /** Sends what somebody publishes to another server. */
    public CompletionStage<Void> push(String room, String subject, URI whip, HttpClient http) {
        CompletableFuture<Void> pushed = new CompletableFuture<>();
        LoopRooms home = home(room);
        home.execute(pushed, () -> home.push(room, subject, new PipeRequest(whip, http), pushed));
        return pushed;
    }

    /** The addresses of the UDP port. */
    public List<InetSocketAddress> addresses() {
        return loops.announcedAddresses();
    }

    /** The addresses of the TCP port, if there is one. */
    public List<InetSocketAddress> streamAddresses() {
        return loops.announcedStreamAddresses();
    }

    /** "epoll" or "nio". */
    public String transport() {
        return loops.transport();
    }

    @Override
    public void close() {
        for (LoopRooms home : homes) {
            CompletableFuture<Void> ended = new CompletableFuture<>();
            home.execute(ended, () -> {
                home.closeAll();
                ended.complete(null);
            });
            try {
                ended.get(2, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException e) {
                // The loops end below in any case; peers notice by their consent checks.
            }
        }
        loops.close();
        if (ownHandshakes != null) {
            ownHandshakes.close();
        }
    }
}
