// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * A client and a server with a wire between them, on the thread of the test as their loop. The wire is two functions: they
 * are given the datagrams that were sent and return those that arrive. Handshakes block on real threads and repeat in
 * real time, so that waiting here is waiting for a wake-up, with a limit.
 */
final class DtlsPair implements AutoCloseable {
    static final DtlsCertificate CLIENT_CERTIFICATE = DtlsCertificate.generate();
    static final DtlsCertificate SERVER_CERTIFICATE = DtlsCertificate.generate();
    static final DtlsLimits QUICK = new DtlsLimits(1200, 64, 2048, 32_768, 256, 15_000, 50);

    private static final long IDLE_MILLIS = 10;

    final Semaphore wakeups = new Semaphore(0);
    final DtlsHandshakeExecutor threads = DtlsHandshakeExecutor.onPlatformThreads(2, 2);
    final End client;
    final End server;
    UnaryOperator<List<byte[]>> toServer = UnaryOperator.identity();
    UnaryOperator<List<byte[]>> toClient = UnaryOperator.identity();

    DtlsPair() {
        this(builder -> builder, builder -> builder);
    }

    DtlsPair(UnaryOperator<DtlsTransport.Builder> client, UnaryOperator<DtlsTransport.Builder> server) {
        this.client = new End(client.apply(builder(DtlsRole.CLIENT, CLIENT_CERTIFICATE, threads)
                        .remoteFingerprints(List.of(SERVER_CERTIFICATE.fingerprint())))
                .build());
        this.server = new End(server.apply(builder(DtlsRole.SERVER, SERVER_CERTIFICATE, threads)
                        .remoteFingerprints(List.of(CLIENT_CERTIFICATE.fingerprint())))
                .build());
    }

    DtlsTransport.Builder builder(DtlsRole role, DtlsCertificate certificate, Executor executor) {
        return DtlsTransport.builder(role, certificate, executor, wakeups::release)
                .limits(QUICK);
    }

    /** Runs until both are connected. */
    DtlsPair connect() {
        client.transport.start(now());
        run(() -> client.isConnected() && server.isConnected(), 20_000);
        return this;
    }

    /** Runs until the condition holds; fails when it does not in time. */
    void run(BooleanSupplier until, long limitMillis) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMillis);
        while (!until.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not in " + limitMillis + " ms; client " + client + ", server " + server);
            }
            if (!step()) {
                await();
            }
        }
    }

    /** Carries what there is, once; {@code false} when there was nothing. */
    boolean step() {
        List<byte[]> sent = client.sent();
        List<byte[]> answered = server.sent();
        for (byte[] datagram : toServer.apply(sent)) {
            server.take(datagram);
        }
        for (byte[] datagram : toClient.apply(answered)) {
            client.take(datagram);
        }
        client.drain();
        server.drain();
        return !sent.isEmpty() || !answered.isEmpty();
    }

    private void await() {
        try {
            wakeups.tryAcquire(IDLE_MILLIS, TimeUnit.MILLISECONDS);
            wakeups.drainPermits();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    static long now() {
        return System.nanoTime() & Long.MAX_VALUE >> 1;
    }

    @Override
    public void close() {
        client.transport.close();
        server.transport.close();
        threads.close();
    }

    /** One side, and what came out of it. */
    static final class End {
        final DtlsTransport transport;
        final List<DtlsEvent> events = new ArrayList<>();
        final List<byte[]> records = new ArrayList<>();

        End(DtlsTransport transport) {
            this.transport = transport;
        }

        List<byte[]> sent() {
            List<byte[]> datagrams = new ArrayList<>();
            ByteBuffer out = ByteBuffer.allocate(2048);
            while (transport.pollTransmit(out.clear())) {
                datagrams.add(Arrays.copyOf(out.array(), out.position()));
            }
            return datagrams;
        }

        void take(byte[] datagram) {
            transport.handleDatagram(ByteBuffer.wrap(datagram), now());
        }

        void drain() {
            for (DtlsEvent event = transport.pollEvent(); event != null; event = transport.pollEvent()) {
                events.add(event);
            }
            for (ByteBuffer record = transport.pollRecord(); record != null; record = transport.pollRecord()) {
                records.add(record.array());
            }
        }

        boolean send(byte[] data) {
            return transport.send(ByteBuffer.wrap(data));
        }

        boolean isConnected() {
            return transport.state() == DtlsState.CONNECTED && !events.isEmpty();
        }

        boolean isClosed() {
            return transport.state() == DtlsState.CLOSED && closeReason() != null;
        }

        DtlsCloseReason closeReason() {
            return events.stream()
                    .filter(DtlsEvent.Closed.class::isInstance)
                    .map(event -> ((DtlsEvent.Closed) event).reason())
                    .findFirst()
                    .orElse(null);
        }

        DtlsEvent.Connected connected() {
            return (DtlsEvent.Connected) events.get(0);
        }

        @Override
        public String toString() {
            return transport + " " + events + " " + transport.stats();
        }
    }
}
