// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * A client and a server with a wire between them, on the thread of the test as their loop, in virtual time: the clock moves
 * to the next timeout when nothing is left to carry. The wire is two functions: they are given the datagrams that were sent
 * and return those that arrive.
 */
final class DtlsPair implements AutoCloseable {
    static final DtlsCertificate CLIENT_CERTIFICATE = DtlsCertificate.generate();
    static final DtlsCertificate SERVER_CERTIFICATE = DtlsCertificate.generate();

    final DtlsHandshakeExecutor threads = DtlsHandshakeExecutor.inStep();
    final End client;
    final End server;
    long nowNanos = 1;
    UnaryOperator<List<byte[]>> toServer = UnaryOperator.identity();
    UnaryOperator<List<byte[]>> toClient = UnaryOperator.identity();

    DtlsPair() {
        this(builder -> builder, builder -> builder);
    }

    DtlsPair(UnaryOperator<DtlsTransport.Builder> client, UnaryOperator<DtlsTransport.Builder> server) {
        this.client = end(client.apply(builder(DtlsRole.CLIENT, CLIENT_CERTIFICATE, threads)
                .remoteFingerprints(List.of(SERVER_CERTIFICATE.fingerprint()))));
        this.server = end(server.apply(builder(DtlsRole.SERVER, SERVER_CERTIFICATE, threads)
                .remoteFingerprints(List.of(CLIENT_CERTIFICATE.fingerprint()))));
    }

    static DtlsTransport.Builder builder(DtlsRole role, DtlsCertificate certificate, Executor executor) {
        return builder(role, certificate, executor, () -> {});
    }

    /** With an order of profiles that nobody has to measure first. */
    static DtlsTransport.Builder builder(
            DtlsRole role, DtlsCertificate certificate, Executor executor, Runnable wakeup) {
        return DtlsTransport.builder(role, certificate, executor, wakeup)
                .profiles(List.of(
                        SrtpProfile.AEAD_AES_128_GCM,
                        SrtpProfile.AEAD_AES_256_GCM,
                        SrtpProfile.AES128_CM_HMAC_SHA1_80));
    }

    /** A side of its own. */
    End end(DtlsTransport.Builder builder) {
        return new End(builder.build(), () -> nowNanos);
    }

    /** Runs until both are connected. */
    DtlsPair connect() {
        client.transport.start(nowNanos);
        run(() -> client.isConnected() && server.isConnected(), 15_000);
        return this;
    }

    /** Runs until the condition holds; fails when it does not within so much virtual time. */
    void run(BooleanSupplier until, long limitMillis) {
        long limit = nowNanos + TimeUnit.MILLISECONDS.toNanos(limitMillis);
        while (!until.getAsBoolean()) {
            if (step() || until.getAsBoolean()) {
                continue;
            }
            long next = Math.min(client.transport.nextTimeoutNanos(), server.transport.nextTimeoutNanos());
            if (next > limit) {
                throw new AssertionError("not in " + limitMillis + " ms; client " + client + ", server " + server);
            }
            nowNanos = Math.max(nowNanos, next);
            client.fireTimeout();
            server.fireTimeout();
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
        private final LongSupplier clock;
        private final ByteBuffer out = ByteBuffer.allocate(2048);

        End(DtlsTransport transport, LongSupplier clock) {
            this.transport = transport;
            this.clock = clock;
        }

        List<byte[]> sent() {
            List<byte[]> datagrams = new ArrayList<>();
            while (transport.pollTransmit(out.clear())) {
                datagrams.add(Arrays.copyOf(out.array(), out.position()));
            }
            return datagrams;
        }

        void take(byte[] datagram) {
            transport.handleDatagram(ByteBuffer.wrap(datagram), clock.getAsLong());
        }

        void fireTimeout() {
            if (transport.nextTimeoutNanos() <= clock.getAsLong()) {
                transport.handleTimeout(clock.getAsLong());
            }
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
