// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import dev.tributary.srtp.DtlsCertificate;
import dev.tributary.srtp.DtlsEvent;
import dev.tributary.srtp.DtlsRole;
import dev.tributary.srtp.DtlsState;
import dev.tributary.srtp.DtlsTransport;
import dev.tributary.srtp.Fingerprint;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * What a DTLS handshake costs a server: the CPU time of the two threads that do its side, the one that the handshake runs
 * on and the loop, of which the client's share is not counted. Wall time would count both sides and the waiting.
 */
final class Handshakes implements AutoCloseable {
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int WARM_UP = 2_000;
    private static final int ROUNDS = 9;

    private final DtlsCertificate clientCertificate = DtlsCertificate.generate();
    private final DtlsCertificate serverCertificate = DtlsCertificate.generate();
    private final ExecutorService clientThread = Executors.newSingleThreadExecutor();
    private final ExecutorService serverThread = Executors.newSingleThreadExecutor();
    private final Semaphore wakeups = new Semaphore(0);
    private final ByteBuffer buffer = ByteBuffer.allocate(2_048);
    private final AtomicLong serverThreadNanos = new AtomicLong();
    private final AtomicLong serverThreadBytes = new AtomicLong();
    private long serverLoopNanos;
    private long serverLoopBytes;

    /** Runs the command: {@code handshakes [number of each round]}. */
    static int run(List<String> arguments, PrintStream out) {
        int handshakes = arguments.isEmpty() ? 500 : Integer.parseInt(arguments.get(0));
        try (Handshakes bench = new Handshakes()) {
            bench.round(WARM_UP);
            double[] micros = new double[ROUNDS];
            long bytes = 0;
            for (int i = 0; i < ROUNDS; i++) {
                bench.round(handshakes);
                micros[i] = bench.serverNanos() / 1e3 / handshakes;
                bytes = bench.serverBytes() / handshakes;
                out.printf(Locale.ROOT, "round %d: %.0f us%n", i + 1, micros[i]);
            }
            Arrays.sort(micros);
            double median = micros[ROUNDS / 2];
            out.printf(
                    Locale.ROOT,
                    "JDK %s, server side of a DTLS handshake: %.0f us of CPU (%.0f to %.0f), %.0f a second and core, %,d bytes"
                            + " allocated%n",
                    System.getProperty("java.version"),
                    median,
                    micros[0],
                    micros[ROUNDS - 1],
                    1e6 / median,
                    bytes);
        }
        return 0;
    }

    /** Does so many handshakes, one after the other, and measures them. */
    void round(int handshakes) {
        serverLoopNanos = 0;
        serverLoopBytes = 0;
        serverThreadNanos.set(0);
        serverThreadBytes.set(0);
        for (int i = 0; i < handshakes; i++) {
            handshake();
        }
    }

    long serverNanos() {
        return serverThreadNanos.get() + serverLoopNanos;
    }

    long serverBytes() {
        return serverThreadBytes.get() + serverLoopBytes;
    }

    private void handshake() {
        Semaphore serverDone = new Semaphore(0);
        DtlsTransport client = DtlsTransport.builder(DtlsRole.CLIENT, clientCertificate, clientThread, wakeups::release)
                .remoteFingerprints(List.of(serverCertificate.fingerprint()))
                .build();
        client.start(0);
        long nanos = THREADS.getCurrentThreadCpuTime();
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        // As a host does: what signalling said is text until the connection begins.
        DtlsTransport server = DtlsTransport.builder(
                        DtlsRole.SERVER,
                        serverCertificate,
                        task -> serverThread.execute(() -> measured(task, serverDone)),
                        wakeups::release)
                .remoteFingerprints(List.of(
                        Fingerprint.parse(clientCertificate.fingerprint().toString())))
                .build();
        serverLoopNanos += THREADS.getCurrentThreadCpuTime() - nanos;
        serverLoopBytes += THREADS.getCurrentThreadAllocatedBytes() - bytes;
        while (client.state() != DtlsState.CONNECTED || server.state() != DtlsState.CONNECTED) {
            wakeups.acquireUninterruptibly();
            wakeups.drainPermits();
            carry(client, server, false);
            carry(server, client, true);
        }
        serverDone.acquireUninterruptibly();
        client.close();
        server.close();
    }

    private void measured(Runnable task, Semaphore done) {
        long nanos = THREADS.getCurrentThreadCpuTime();
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        task.run();
        serverThreadBytes.addAndGet(THREADS.getCurrentThreadAllocatedBytes() - bytes);
        serverThreadNanos.addAndGet(THREADS.getCurrentThreadCpuTime() - nanos);
        done.release();
    }

    /** Carries what one side has to send to the other, on the loop's thread, whose time is the side's that works on it. */
    private void carry(DtlsTransport from, DtlsTransport to, boolean fromServer) {
        while (counted(fromServer, () -> poll(from))) {
            counted(!fromServer, () -> {
                to.handleDatagram(buffer.flip(), 0);
                return expectNoEnd(to);
            });
        }
        counted(fromServer, () -> expectNoEnd(from));
    }

    private boolean poll(DtlsTransport from) {
        return from.pollTransmit(buffer.clear());
    }

    private static boolean expectNoEnd(DtlsTransport transport) {
        if (transport.pollEvent() instanceof DtlsEvent.Closed closed) {
            throw new IllegalStateException("the handshake failed: " + closed);
        }
        return true;
    }

    /** Runs a piece of the loop's work, on the server's bill if it is its. */
    private boolean counted(boolean isServers, BooleanSupplier work) {
        if (!isServers) {
            return work.getAsBoolean();
        }
        long nanos = THREADS.getCurrentThreadCpuTime();
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        boolean result = work.getAsBoolean();
        serverLoopBytes += THREADS.getCurrentThreadAllocatedBytes() - bytes;
        serverLoopNanos += THREADS.getCurrentThreadCpuTime() - nanos;
        return result;
    }

    @Override
    public void close() {
        clientThread.shutdown();
        serverThread.shutdown();
    }
}
