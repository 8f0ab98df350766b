// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import com.sun.management.ThreadMXBean;
import dev.tributary.core.Transmit;
import dev.tributary.core.udp.DatagramReceiver;
import dev.tributary.core.udp.MediaLoop;
import dev.tributary.core.udp.MediaLoops;
import dev.tributary.ice.IceAgent;
import dev.tributary.ice.IceCredentials;
import dev.tributary.ice.IceState;
import dev.tributary.ice.Stun;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Many ICE-lite sessions on one UDP port, idle but for their consent checks: what one of them costs in memory, and what
 * the checks of all of them cost the media loop in processor time.
 *
 * <p>Real sockets on the loopback interface: each session has a peer with a socket of its own, which checks at the
 * interval of RFC 7675 (5 s), then at the one of Chromium (2.5 s). Each answer is read and its length looked at. Memory
 * is the heap after a collection, with and without the sessions, and counts the routing tables as well as the addresses
 * that a socket makes anew for each datagram.
 */
final class LiteSessions {
    private static final long SECOND = 1_000_000_000L;
    private static final int CHECKS_BEFORE_MEASURED = 40;

    private final PrintStream report;
    private final int sessions;
    private final List<IceCredentials> credentials = new ArrayList<>();

    private LiteSessions(PrintStream report, int sessions) {
        this.report = report;
        this.sessions = sessions;
        Random random = new Random(1);
        for (int i = 0; i < sessions; i++) {
            credentials.add(IceCredentials.generate(random));
        }
    }

    /** The command: how many sessions, and for how many seconds their checks are measured. */
    static void command(List<String> arguments, PrintStream report) throws IOException {
        int sessions = arguments.isEmpty() ? 10_000 : Integer.parseInt(arguments.get(0));
        int seconds = arguments.size() < 2 ? 20 : Integer.parseInt(arguments.get(1));
        run(report, sessions, List.of(5 * SECOND, 5 * SECOND / 2), seconds * SECOND);
    }

    /** Measures the memory of one session, and the checks of all of them at each interval for a while. */
    static void run(PrintStream report, int sessions, List<Long> intervalsNanos, long measuredNanos)
            throws IOException {
        LiteSessions measurement = new LiteSessions(report, sessions);
        measurement.measureMemory();
        for (long intervalNanos : intervalsNanos) {
            measurement.measureChecks(intervalNanos, measuredNanos);
        }
    }

    private void measureMemory() {
        long before = usedBytes();
        Router router = new Router();
        for (IceCredentials each : credentials) {
            router.add(each);
        }
        for (int round = 0; round < CHECKS_BEFORE_MEASURED; round++) {
            for (int i = 0; i < sessions; i++) {
                InetSocketAddress source = new InetSocketAddress("10." + (i >> 8) + "." + (i & 255) + ".7", 40_000);
                byte[] check = ConsentChecks.check(credentials.get(i), round);
                router.receive(ByteBuffer.wrap(check), source, round * 5 * SECOND);
                router.answers.clear();
            }
        }
        long each = (usedBytes() - before) / sessions;
        report.printf(
                Locale.ROOT, "memory: %d sessions, %d bytes each, %d connected%n", sessions, each, router.connected());
    }

    private static long usedBytes() {
        for (int i = 0; i < 4; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private void measureChecks(long intervalNanos, long measuredNanos) throws IOException {
        CompletableFuture<Router> made = new CompletableFuture<>();
        InetAddress loopback = InetAddress.getLoopbackAddress();
        MediaLoops.Builder port = MediaLoops.builder(0).bindAddress(loopback).loops(1);
        try (MediaLoops loops = port.start(loop -> make(loop, made));
                ConsentChecks peers = new ConsentChecks(credentials, new InetSocketAddress(loopback, loops.port()))) {
            peers.run(intervalNanos, intervalNanos); // everybody connects, the compiler has its turn
            peers.awaitAnswers();
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            Router router = made.join();
            long answered = peers.answered();
            long cpu = threads.getThreadCpuTime(router.threadId);
            long allocated = threads.getThreadAllocatedBytes(router.threadId);
            long began = System.nanoTime();
            long checks = peers.run(intervalNanos, measuredNanos);
            double wall = System.nanoTime() - began;
            peers.awaitAnswers();
            cpu = threads.getThreadCpuTime(router.threadId) - cpu;
            allocated = threads.getThreadAllocatedBytes(router.threadId) - allocated;
            report.printf(
                    Locale.ROOT,
                    "checks every %.1f s: %.0f/s, answered %d of %d, loop %.1f %% of a core, %.1f us and %d bytes a check%n",
                    intervalNanos / 1e9,
                    checks / (wall / SECOND),
                    peers.answered() - answered,
                    checks,
                    100 * cpu / wall,
                    cpu / 1e3 / checks,
                    allocated / checks);
        }
    }

    private DatagramReceiver make(MediaLoop loop, CompletableFuture<Router> made) {
        Router router = new Router(loop);
        credentials.forEach(router::add);
        made.complete(router);
        return router;
    }

    /** The demultiplexer of a server, at its plainest: by address, and by username fragment the first time. */
    private static final class Router implements DatagramReceiver {
        final Map<String, IceAgent> byUfrag = new HashMap<>();
        final Map<InetSocketAddress, IceAgent> byAddress = new HashMap<>();
        final Transmit answers = new Transmit();
        final long threadId = Thread.currentThread().getId();
        private final @Nullable MediaLoop loop;

        Router() {
            this.loop = null;
        }

        Router(MediaLoop loop) {
            this.loop = loop;
        }

        void add(IceCredentials credentials) {
            byUfrag.put(credentials.ufrag(), IceAgent.lite(credentials));
        }

        @Override
        public void receive(ByteBuffer datagram, InetSocketAddress source, long nowNanos) {
            IceAgent agent = byAddress.get(source);
            if (agent == null) {
                String ufrag = Stun.localUfragOf(datagram);
                agent = ufrag == null ? null : byUfrag.get(ufrag);
                if (agent == null) {
                    return;
                }
            }
            agent.handleDatagram(datagram, source, nowNanos);
            while (agent.pollTransmit(answers)) {
                if (loop != null) {
                    loop.send(answers.buffer(), answers.destination());
                }
            }
            while (agent.pollEvent() != null) {
                if (agent.isValidated(source)) {
                    byAddress.put(source, agent);
                }
            }
        }

        long connected() {
            return byUfrag.values().stream()
                    .filter(agent -> agent.state() == IceState.CONNECTED)
                    .count();
        }
    }
}
