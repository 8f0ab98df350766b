// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.srtp.internal.dtls.BouncyCastleEngine;
import dev.tributary.srtp.internal.dtls.EngineOutcome;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Traps of DTLS and of Bouncy Castle that somebody has fallen into: one test for each. */
@Timeout(60)
final class DtlsTrapsTest {
    private static final int EXTENDED_MASTER_SECRET = 23;

    @Test
    void refusesAClientWithoutExtendedMasterSecret() {
        try (DtlsPair pair = new DtlsPair()) {
            pair.toServer = sent -> DtlsRecords.withoutExtension(sent, 1, EXTENDED_MASTER_SECRET);
            pair.client.transport.start(pair.nowNanos);
            pair.run(() -> pair.client.isClosed() && pair.server.isClosed(), 5_000);

            assertThat(pair.server.closeReason()).isEqualTo(DtlsCloseReason.INCOMPATIBLE);
            assertThat(pair.client.closeReason()).isEqualTo(DtlsCloseReason.ALERT_RECEIVED);
        }
    }

    @Test
    void refusesAServerWithoutExtendedMasterSecret() {
        try (DtlsPair pair = new DtlsPair()) {
            pair.toClient = sent -> DtlsRecords.withoutExtension(sent, 2, EXTENDED_MASTER_SECRET);
            pair.client.transport.start(pair.nowNanos);
            pair.run(() -> pair.client.isClosed() && pair.server.isClosed(), 5_000);

            assertThat(pair.client.closeReason()).isEqualTo(DtlsCloseReason.INCOMPATIBLE);
            assertThat(pair.server.closeReason()).isEqualTo(DtlsCloseReason.ALERT_RECEIVED);
        }
    }

    @Test
    void repeatsAFlightAfterOneTwoAndFourResendTimesAndFourFromThen() {
        try (DtlsPair pair = new DtlsPair()) {
            DtlsTransport client = pair.client.transport;
            client.start(0);
            assertThat(pair.client.sent()).hasSize(1);
            long now = 0;
            for (int millis : List.of(100, 200, 400, 400, 400)) {
                assertThat(client.nextTimeoutNanos() - now).isEqualTo(TimeUnit.MILLISECONDS.toNanos(millis));
                client.handleTimeout(client.nextTimeoutNanos() - 1);
                assertThat(pair.client.sent()).isEmpty();
                now = client.nextTimeoutNanos();
                client.handleTimeout(now);
                assertThat(pair.client.sent()).hasSize(1);
            }
        }
    }

    @Test
    void repeatsTheLastFlightWhenThePeerRepeatsItsOwn() {
        try (DtlsPair pair = new DtlsPair()) {
            int[] lost = {0};
            pair.toClient = sent -> {
                if (pair.server.isConnected() && lost[0] == 0 && !sent.isEmpty()) {
                    lost[0]++;
                    return List.of();
                }
                return sent;
            };
            pair.client.transport.start(pair.nowNanos);
            pair.run(() -> pair.server.transport.state() == DtlsState.CONNECTED, 5_000);
            pair.server.drain();
            pair.run(pair.client::isConnected, 5_000);

            assertThat(lost[0]).isEqualTo(1);
            assertThat(pair.server.transport.nextTimeoutNanos())
                    .as("the clock has no part in it")
                    .isEqualTo(Long.MAX_VALUE);
        }
    }

    @Test
    void saysNothingBeforeAWholeClientHello() {
        try (DtlsPair pair = new DtlsPair()) {
            pair.client.transport.start(pair.nowNanos);
            byte[] hello = pair.client.sent().get(0);
            pair.server.take(DtlsRecords.fragment(hello).get(0));
            pair.server.take(new byte[100]);

            assertThat(pair.server.sent()).isEmpty();
            pair.server.take(DtlsRecords.fragment(hello).get(1));
            assertThat(pair.server.sent()).hasSize(1);
        }
    }

    @Test
    void readsAClientHelloAsLongAsABrowsers() {
        try (DtlsPair pair = new DtlsPair()) {
            pair.client.transport.start(pair.nowNanos);
            byte[] hello = pair.client.sent().get(0);
            // A padding extension (RFC 7685) makes it as long as a post-quantum key share does.
            byte[] padded = DtlsRecords.withExtension(hello, 21, 1_413 - hello.length);
            List<byte[]> parts = DtlsRecords.fragment(padded);
            pair.server.take(parts.get(1));
            pair.server.take(parts.get(0));

            assertThat(pair.server.sent()).as("the hello was understood").hasSize(1);
        }
    }

    @Test
    void tellsThePeerThatAHandshakeWasGivenUp() {
        try (DtlsPair pair = new DtlsPair()) {
            pair.toServer = sent -> pair.server.transport.state() == DtlsState.NEW ? sent : List.of();
            pair.client.transport.start(pair.nowNanos);
            pair.run(() -> pair.server.transport.state() == DtlsState.HANDSHAKING, 5_000);
            pair.server.transport.close();
            pair.run(() -> pair.client.isClosed() && pair.server.isClosed(), 5_000);

            assertThat(pair.server.closeReason()).isEqualTo(DtlsCloseReason.CLOSED_LOCALLY);
            assertThat(pair.client.closeReason()).isEqualTo(DtlsCloseReason.CLOSED_BY_PEER);
        }
    }

    @Test
    void endsWhenTheHostTakesItsThreadAway() throws InterruptedException {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        Semaphore wakeups = new Semaphore(0);
        try (DtlsPair pair = new DtlsPair()) {
            DtlsPair.End end =
                    pair.end(DtlsPair.builder(DtlsRole.CLIENT, DtlsPair.CLIENT_CERTIFICATE, threads, wakeups::release)
                            .remoteFingerprints(List.of(DtlsPair.SERVER_CERTIFICATE.fingerprint())));
            end.transport.start(0);
            assertThat(wakeups.tryAcquire(10, TimeUnit.SECONDS)).isTrue();

            threads.shutdownNow();
            assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
            end.drain();

            assertThat(end.closeReason()).isEqualTo(DtlsCloseReason.INTERNAL_ERROR);
        }
    }

    @Test
    void takesARecordOfLengthZeroForNoDataAndNoEnd() {
        try (DtlsPair pair = new DtlsPair();
                EngineClient client = new EngineClient(pair)) {
            client.connectTo(pair.server);

            client.send(0);
            client.send(5);
            pair.server.drain();

            assertThat(pair.server.transport.state()).isEqualTo(DtlsState.CONNECTED);
            assertThat(pair.server.records).containsExactly(new byte[5]);
        }
    }

    @Test
    void takesTheLargestRecordThatAPathCarries() {
        DtlsLimits large = new DtlsLimits(1_400, 64, 2_048, 32_768, 256, 15_000, 100);
        try (DtlsPair pair = new DtlsPair(client -> client.limits(large), server -> server).connect()) {
            assertThat(pair.client.send(DtlsTransportTest.filled(1_400, 9))).isTrue();
            assertThat(pair.client.send(DtlsTransportTest.filled(1_401, 9))).isFalse();
            pair.step();

            assertThat(pair.server.records).containsExactly(DtlsTransportTest.filled(1_400, 9));
        }
    }

    @Test
    void keepsABoundedNumberOfRecordsThatNobodyPolls() {
        DtlsLimits two = new DtlsLimits(1_200, 64, 2_048, 32_768, 2, 15_000, 100);
        try (DtlsPair pair = new DtlsPair(client -> client, server -> server.limits(two)).connect()) {
            for (int i = 1; i <= 3; i++) {
                pair.client.send(DtlsTransportTest.filled(10, i));
            }
            pair.client.sent().forEach(pair.server::take);
            pair.server.drain();

            assertThat(pair.server.records)
                    .containsExactly(DtlsTransportTest.filled(10, 1), DtlsTransportTest.filled(10, 2));
            assertThat(pair.server.transport.stats().recordsDropped()).isEqualTo(1);
        }
    }

    @Test
    void ignoresWhatAsksForARenegotiation() {
        try (DtlsPair pair = new DtlsPair().connect()) {
            byte[] hello = DtlsRecords.greedyFragment(0, 1);
            byte[] sealed = hello.clone();
            sealed[4] = 1;
            pair.client.take(hello);
            pair.client.take(sealed);
            pair.server.take(hello);
            pair.client.drain();
            pair.server.drain();

            assertThat(pair.client.sent()).isEmpty();
            assertThat(pair.server.sent()).isEmpty();
            assertThat(pair.client.isConnected() && pair.server.isConnected()).isTrue();
        }
    }

    /** A client without the transport's own checks, which sends what the transport would not. */
    private static final class EngineClient implements AutoCloseable {
        private final BouncyCastleEngine engine;
        private final DtlsPair pair;

        EngineClient(DtlsPair pair) {
            this.pair = pair;
            this.engine = new BouncyCastleEngine(
                    DtlsRole.CLIENT,
                    DtlsPair.CLIENT_CERTIFICATE.identity(),
                    List.of(SrtpProfile.AEAD_AES_128_GCM),
                    false,
                    DtlsLimits.DEFAULT,
                    () -> {});
            engine.expect(List.of(DtlsPair.SERVER_CERTIFICATE.fingerprint()));
        }

        void connectTo(DtlsPair.End server) {
            engine.start(pair.threads);
            boolean established = false;
            for (int turn = 0; turn < 10 && !established; turn++) {
                engine.awaitIdle();
                poll().forEach(server::take);
                server.sent().forEach(datagram -> engine.handleDatagram(ByteBuffer.wrap(datagram)));
                engine.awaitIdle();
                established = engine.pollOutcome() instanceof EngineOutcome.Established;
            }
            assertThat(established).isTrue();
        }

        void send(int length) {
            assertThat(engine.send(ByteBuffer.wrap(new byte[length + 1], 0, length)))
                    .isTrue();
            poll().forEach(pair.server::take);
        }

        private List<byte[]> poll() {
            List<byte[]> datagrams = new ArrayList<>();
            for (byte[] datagram = engine.pollDatagram(); datagram != null; datagram = engine.pollDatagram()) {
                datagrams.add(Arrays.copyOf(datagram, datagram.length));
            }
            return datagrams;
        }

        @Override
        public void close() {
            engine.close();
        }
    }
}
