// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.load;

import dev.tributary.core.http.GuardedHttpClient;
import dev.tributary.core.udp.DatagramReceiver;
import dev.tributary.core.udp.MediaLoop;
import dev.tributary.core.udp.MediaLoops;
import dev.tributary.srtp.DtlsCertificate;
import dev.tributary.srtp.DtlsHandshakeExecutor;
import dev.tributary.whipwhep.WhipWhepClient;
import dev.tributary.whipwhep.spi.SessionKind;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;

/**
 * One load: publishers join, then subscribers, then everything is measured for a while, then all leave. Used once, by one
 * thread, which waits meanwhile.
 */
public final class LoadRun {
    private static final long STALL_NANOS = 1_000_000_000;
    private static final Duration JOIN_PATIENCE = Duration.ofSeconds(15);
    private static final Duration LEAVE_PATIENCE = Duration.ofSeconds(15);
    private static final long SETTLE_MILLIS = 1_000;
    private static final int HANDSHAKE_THREADS = 16;
    private static final int HANDSHAKES_WAITING = 10_000;

    private final LoadOptions options;
    private final Consumer<LoadSecond> progress;
    private final Signallings signallings;
    private final BiFunction<MediaLoop, DatagramReceiver, DatagramReceiver> faults;
    private final List<PublisherPeer> publishers = new ArrayList<>();
    private final List<Group> groups = new ArrayList<>();
    private final List<LoadSecond> seconds = new ArrayList<>();
    private int failed;
    private String failure = "";

    /** The subscribers of one loop, and what they measure. */
    private record Group(MediaLoop loop, Measured measured, List<SubscriberPeer> subscribers) {
        /** Sums something over the subscribers, on their loop. */
        long sum(ToLongFunction<SubscriberPeer> figure) {
            return onLoop(loop, () -> subscribers.stream().mapToLong(figure).sum());
        }
    }

    /** How the peers of a server are signalled. */
    public interface Signallings {
        /** One for a publisher or subscriber of a room, counted from 1. */
        Signalling of(SessionKind kind, int room);
    }

    LoadRun(
            LoadOptions options,
            Signallings signallings,
            BiFunction<MediaLoop, DatagramReceiver, DatagramReceiver> faults,
            Consumer<LoadSecond> progress) {
        this.options = options;
        this.signallings = signallings;
        this.faults = faults;
        this.progress = progress;
    }

    /** Runs against the WHIP and WHEP endpoints of the options. */
    public static LoadResult run(LoadOptions options, Consumer<LoadSecond> progress) {
        try (GuardedHttpClient http =
                GuardedHttpClient.builder().allowPrivateAddresses(true).build()) {
            WhipWhepClient plain = WhipWhepClient.of(http);
            WhipWhepClient client = options.token().isEmpty() ? plain : plain.withToken(options.token());
            return run(
                    options,
                    (kind, room) -> new WhipWhepSignalling(client, kind, endpoint(options, kind, room)),
                    progress);
        }
    }

    /** Runs against a server that is asked in another way; the endpoints of the options are then but names. */
    public static LoadResult run(LoadOptions options, Signallings signallings, Consumer<LoadSecond> progress) {
        return new LoadRun(options, signallings, (loop, peer) -> peer, progress).run();
    }

    private static URI endpoint(LoadOptions options, SessionKind kind, int room) {
        String template = kind == SessionKind.WHIP ? options.whip() : options.whep();
        return URI.create(template.replace("{room}", Integer.toString(room)));
    }

    LoadResult run() {
        try (DtlsHandshakeExecutor handshakes =
                        DtlsHandshakeExecutor.onPlatformThreads(HANDSHAKE_THREADS, HANDSHAKES_WAITING);
                MediaLoops all = MediaLoops.builder(0).loops(options.loops()).start(loop ->
                        (datagram, source, nowNanos) -> {})) {
            all.loops().forEach(loop -> groups.add(new Group(loop, new Measured(), new ArrayList<>())));
            var shared = new LoadPeer.Shared(DtlsCertificate.generate(), handshakes, options.codec(), faults);
            long residentBefore = ProcessCost.of(options.pid()).residentBytes();
            joinPublishers(shared);
            joinSubscribers(shared);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(SETTLE_MILLIS));
            LoadResult result = measure(residentBefore);
            leave();
            return result;
        }
    }

    private void joinPublishers(LoadPeer.Shared shared) {
        Clip sound = Clip.of("opus");
        Clip pictures = Clip.of(options.codec());
        for (int room = 1; room <= options.rooms(); room++) {
            for (int i = 0; i < options.publishers(); i++) {
                PublisherPeer peer = new PublisherPeer(sound, pictures);
                await(
                        open(peer, first(), shared, signallings.of(SessionKind.WHIP, room)),
                        JOIN_PATIENCE,
                        "publisher of room " + room);
                publishers.add(peer);
            }
        }
    }

    private void joinSubscribers(LoadPeer.Shared shared) {
        List<CompletableFuture<Void>> joins = new ArrayList<>();
        long begin = System.nanoTime();
        long pause = TimeUnit.SECONDS.toNanos(1) / options.joinsPerSecond();
        int count = options.rooms() * options.subscribers();
        for (int i = 0; i < count; i++) {
            LockSupport.parkNanos(begin + i * pause - System.nanoTime());
            Group group = groups.get(i % groups.size());
            Signalling signalling = signallings.of(SessionKind.WHEP, 1 + i % options.rooms());
            SubscriberPeer peer = new SubscriberPeer(group.measured(), signalling.isOurOffer());
            onLoop(group.loop(), () -> group.subscribers().add(peer));
            joins.add(open(peer, group.loop(), shared, signalling));
            if (i % options.joinsPerSecond() == options.joinsPerSecond() - 1) {
                progress.accept(LoadSecond.joining(i + 1, count));
            }
        }
        for (CompletableFuture<Void> join : joins) {
            try {
                join.get(JOIN_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                failed++;
                Throwable cause = e.getCause() == null ? e : e.getCause();
                failure = cause.toString();
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
    }

    private static CompletableFuture<Void> open(
            LoadPeer peer, MediaLoop loop, LoadPeer.Shared shared, Signalling signalling) {
        return CompletableFuture.supplyAsync(() -> peer.open(loop, shared, signalling), loop)
                .thenCompose(stage -> stage);
    }

    private LoadResult measure(long residentBefore) {
        groups.forEach(group -> onLoop(group.loop(), () -> {
            group.measured().restart();
            group.subscribers().forEach(SubscriberPeer::restart);
            return true;
        }));
        long sentBefore = sumOfPublishers(PublisherPeer::packetsSent);
        ProcessCost serverBefore = ProcessCost.of(options.pid());
        ProcessCost ownBefore = ProcessCost.ofThisProcess();
        long machineBefore = ProcessCost.machineNanos();
        long begin = System.nanoTime();
        LoadSecond last = LoadSecond.begin(serverBefore, ownBefore);
        for (int second = 1; second <= options.duration().toSeconds(); second++) {
            // From the last look on, not from the beginning: after a late look the next one would see no time pass.
            LockSupport.parkNanos(last.atNanos() + TimeUnit.SECONDS.toNanos(1) - System.nanoTime());
            last = second(second, last);
            seconds.add(last);
            progress.accept(last);
        }
        return result(begin, sentBefore, serverBefore, ownBefore, machineBefore, residentBefore);
    }

    private LoadSecond second(int number, LoadSecond before) {
        Histogram latencies = Measured.histogram();
        long packets = 0;
        for (Group group : groups) {
            packets += onLoop(group.loop(), () -> {
                latencies.add(group.measured().takeSecond());
                return group.measured().packets;
            });
        }
        return before.next(
                number,
                packets,
                lost(),
                stalled(),
                latencies,
                ProcessCost.of(options.pid()),
                ProcessCost.ofThisProcess());
    }

    private LoadResult result(
            long begin,
            long sentBefore,
            ProcessCost serverBefore,
            ProcessCost ownBefore,
            long machineBefore,
            long residentBefore) {
        ProcessCost server = ProcessCost.of(options.pid());
        ProcessCost own = ProcessCost.ofThisProcess();
        long serverNanos = server.cpuNanos() - serverBefore.cpuNanos();
        long ownNanos = own.cpuNanos() - ownBefore.cpuNanos();
        long otherNanos = Math.max(0, ProcessCost.machineNanos() - machineBefore - serverNanos - ownNanos);
        double elapsed = (System.nanoTime() - begin) / 1e9;
        Measured all = new Measured();
        groups.forEach(group -> onLoop(group.loop(), () -> {
            all.add(group.measured());
            return true;
        }));
        return new LoadResult(
                options,
                options.rooms() * options.subscribers() - failed,
                failed,
                failure,
                elapsed,
                sumOfPublishers(PublisherPeer::packetsSent) - sentBefore,
                sumOfPublishers(PublisherPeer::keyFramesAsked),
                all.packets,
                all.bytes,
                lost(),
                all.reordered,
                sumOver(SubscriberPeer::replayed),
                all.foreign,
                stalled(),
                LoadResult.Latency.of(all.latencies),
                joinTimes(SubscriberPeer::firstPacketNanos),
                joinTimes(SubscriberPeer::firstKeyFrameNanos),
                new LoadResult.Cost(
                        serverNanos / 1e9, residentBefore, server.residentBytes(), ownNanos / 1e9, otherNanos / 1e9),
                List.copyOf(seconds));
    }

    private LoadResult.JoinTimes joinTimes(ToLongFunction<SubscriberPeer> time) {
        Histogram times = Measured.histogram();
        groups.forEach(group -> onLoop(group.loop(), () -> {
            group.subscribers().stream()
                    .mapToLong(time)
                    .filter(nanos -> nanos >= 0)
                    .forEach(nanos -> Measured.record(times, nanos));
            return true;
        }));
        return LoadResult.JoinTimes.of(times);
    }

    private long sumOfPublishers(ToLongFunction<PublisherPeer> figure) {
        return onLoop(first(), () -> publishers.stream().mapToLong(figure).sum());
    }

    private long sumOver(ToLongFunction<SubscriberPeer> figure) {
        return groups.stream().mapToLong(group -> group.sum(figure)).sum();
    }

    private long lost() {
        return sumOver(SubscriberPeer::lost);
    }

    private int stalled() {
        return (int) sumOver(subscriber -> subscriber.isStalled(STALL_NANOS) ? 1 : 0);
    }

    private void leave() {
        List<CompletableFuture<?>> goodbyes = new ArrayList<>();
        groups.forEach(group -> group.subscribers().forEach(peer -> goodbyes.add(leave(peer, group.loop()))));
        publishers.forEach(publisher -> goodbyes.add(leave(publisher, first())));
        await(CompletableFuture.allOf(goodbyes.toArray(CompletableFuture<?>[]::new)), LEAVE_PATIENCE, "goodbyes");
    }

    private static CompletableFuture<?> leave(LoadPeer peer, MediaLoop loop) {
        CompletableFuture<CompletionStage<Void>> asked = CompletableFuture.supplyAsync(peer::close, loop);
        return asked.thenCompose(stage -> stage);
    }

    // ---- loops ----

    private MediaLoop first() {
        return groups.get(0).loop();
    }

    private static <T> T onLoop(MediaLoop loop, Supplier<T> task) {
        return await(CompletableFuture.supplyAsync(task, loop), JOIN_PATIENCE, "a turn of the loop");
    }

    private static <T> T await(CompletableFuture<T> future, Duration patience, String what) {
        try {
            return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(what + " failed: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException(what + " did not come in " + patience.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while waiting", e);
    }
}
