// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class DtlsTransportTest {
    @ParameterizedTest
    @EnumSource(SrtpProfile.class)
    void agreesOnTheKeysOfEveryProfile(SrtpProfile profile) {
        try (DtlsPair pair = new DtlsPair(
                client -> client.profiles(List.of(profile)),
                server -> server.profiles(List.of(SrtpProfile.values())))) {
            pair.connect();

            DtlsEvent.Connected client = pair.client.connected();
            DtlsEvent.Connected server = pair.server.connected();
            assertThat(client.profile()).isEqualTo(profile);
            assertThat(server.profile()).isEqualTo(profile);
            SrtpSession sender = SrtpSession.of(client.keyingMaterial(), DtlsRole.CLIENT);
            SrtpSession receiver = SrtpSession.of(server.keyingMaterial(), DtlsRole.SERVER);
            assertThat(SrtpPair.open(receiver, SrtpPair.seal(sender, SrtpPair.rtp(1, 1, 100))))
                    .isEqualTo(120);
            assertThat(SrtpPair.open(sender, SrtpPair.seal(receiver, SrtpPair.rtp(1, 1, 100))))
                    .isEqualTo(120);
        }
    }

    @Test
    void letsTheServersOrderDecideTheProfile() {
        try (DtlsPair pair = new DtlsPair(
                client -> client.profiles(List.of(
                        SrtpProfile.AES128_CM_HMAC_SHA1_80,
                        SrtpProfile.AEAD_AES_256_GCM,
                        SrtpProfile.AEAD_AES_128_GCM)),
                server -> server)) {
            pair.connect();

            assertThat(pair.client.connected().profile()).isEqualTo(SrtpProfile.AEAD_AES_128_GCM);
        }
    }

    @Test
    void needsTwoDatagramsFromEachSide() {
        try (DtlsPair pair = new DtlsPair()) {
            pair.connect();

            assertThat(pair.client.transport.stats().datagramsSent()).isEqualTo(2);
            assertThat(pair.server.transport.stats().datagramsSent()).isEqualTo(2);
            assertThat(pair.server.transport.stats().recordsDropped()).isZero();
        }
    }

    @Test
    void connectsWithoutSrtpWhenThePeerHasNone() {
        try (DtlsPair pair = new DtlsPair(client -> client.profiles(List.of()), server -> server)) {
            pair.connect();

            assertThat(pair.client.connected().keyingMaterial()).isNull();
            assertThat(pair.server.connected().profile()).isNull();
        }
    }

    @Test
    void refusesAPeerWithoutSrtpWhenMediaNeedsIt() {
        try (DtlsPair pair = new DtlsPair(client -> client.profiles(List.of()), server -> server.srtpRequired(true))) {
            pair.client.transport.start(0);
            pair.run(() -> pair.client.isClosed() && pair.server.isClosed(), 10_000);

            assertThat(pair.server.closeReason()).isEqualTo(DtlsCloseReason.INCOMPATIBLE);
            assertThat(pair.client.closeReason()).isEqualTo(DtlsCloseReason.ALERT_RECEIVED);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 1000, 1200})
    void carriesApplicationDataBothWays(int length) {
        try (DtlsPair pair = new DtlsPair().connect()) {
            byte[] question = filled(length, 1);
            byte[] answer = filled(length, 2);

            assertThat(pair.client.send(question)).isTrue();
            assertThat(pair.server.send(answer)).isTrue();
            pair.run(() -> !pair.client.records.isEmpty() && !pair.server.records.isEmpty(), 5_000);

            assertThat(pair.server.records).containsExactly(question);
            assertThat(pair.client.records).containsExactly(answer);
        }
    }

    @Test
    void refusesToSendWhatIsEmptyOrTooLarge() {
        try (DtlsPair pair = new DtlsPair()) {
            assertThat(pair.client.send(new byte[10])).isFalse();
            pair.connect();

            assertThat(pair.client.send(new byte[0])).isFalse();
            assertThat(pair.client.send(new byte[1201])).isFalse();
            assertThat(pair.client.send(new byte[1200])).isTrue();
            assertThat(pair.client.transport.stats().sendsRefused()).isEqualTo(3);
            assertThat(pair.client.sent())
                    .singleElement()
                    .satisfies(sent -> assertThat(sent).hasSize(1237));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keepsApplicationDataThatComesWithTheEndOfTheHandshake(boolean overtaking) {
        try (DtlsPair pair = new DtlsPair()) {
            // The server's last flight waits until data has gone out behind it; the client then gets all in one burst.
            List<byte[]> held = new ArrayList<>();
            pair.toClient = sent -> {
                held.addAll(sent);
                return List.of();
            };
            pair.client.transport.start(0);
            pair.run(() -> !held.isEmpty(), 5_000);
            held.forEach(pair.client::take);
            held.clear();
            pair.run(pair.server::isConnected, 5_000);
            assertThat(pair.client.isConnected()).isFalse();
            pair.server.send(filled(1000, 7));
            pair.server.send(filled(1000, 8));
            pair.step();
            if (overtaking) {
                Collections.rotate(held, 1);
            }

            held.forEach(pair.client::take);
            pair.run(() -> pair.client.records.size() == 2, 5_000);

            assertThat(pair.client.records).containsExactlyInAnyOrder(filled(1000, 7), filled(1000, 8));
            assertThat(pair.client.events).first().isInstanceOf(DtlsEvent.Connected.class);
        }
    }

    @Test
    void readsAClientHelloInFragments() {
        try (DtlsPair pair = new DtlsPair()) {
            pair.toServer = sent -> {
                List<byte[]> parts = new ArrayList<>();
                for (byte[] datagram : sent) {
                    boolean hello = DtlsRecords.isClearHandshake(datagram, 1);
                    parts.addAll(hello ? DtlsRecords.fragment(datagram) : List.of(datagram));
                }
                return parts;
            };

            pair.connect();

            assertThat(pair.server.transport.stats().datagramsReceived()).isEqualTo(3);
        }
    }

    @Test
    void survivesTheLossOfJustTheCertificateVerify() {
        try (DtlsPair pair = new DtlsPair()) {
            AtomicInteger lost = new AtomicInteger();
            pair.toServer = sent -> {
                List<byte[]> parts = new ArrayList<>();
                for (byte[] datagram : sent) {
                    for (byte[] record : DtlsRecords.split(datagram)) {
                        if (!DtlsRecords.isClearHandshake(record, 15) || lost.getAndIncrement() > 0) {
                            parts.add(record);
                        }
                    }
                }
                return parts;
            };

            pair.connect();

            assertThat(lost).hasValueGreaterThan(1);
        }
    }

    @Nested
    final class Fingerprints {
        @Test
        void endTheHandshakeWhenTheServerShowsAnotherCertificate() {
            try (DtlsPair pair = new DtlsPair(
                    client -> client.remoteFingerprints(List.of(DtlsPair.CLIENT_CERTIFICATE.fingerprint())),
                    server -> server)) {
                pair.client.transport.start(0);
                pair.run(() -> pair.client.isClosed() && pair.server.isClosed(), 10_000);

                assertThat(pair.client.closeReason()).isEqualTo(DtlsCloseReason.FINGERPRINT_MISMATCH);
                assertThat(pair.server.closeReason()).isEqualTo(DtlsCloseReason.ALERT_RECEIVED);
            }
        }

        @Test
        void endTheHandshakeWhenTheClientShowsAnotherCertificate() {
            try (DtlsPair pair = new DtlsPair(
                    client -> client,
                    server -> server.remoteFingerprints(List.of(DtlsPair.SERVER_CERTIFICATE.fingerprint())))) {
                pair.client.transport.start(0);
                pair.run(() -> pair.client.isClosed() && pair.server.isClosed(), 10_000);

                assertThat(pair.server.closeReason()).isEqualTo(DtlsCloseReason.FINGERPRINT_MISMATCH);
                assertThat(pair.client.closeReason()).isEqualTo(DtlsCloseReason.ALERT_RECEIVED);
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"sha-256", "sha-384", "sha-512"})
        void mayBeOneOfSeveralOfAnyStrongHash(String algorithm) {
            List<Fingerprint> several = List.of(
                    DtlsPair.CLIENT_CERTIFICATE.fingerprint(),
                    Fingerprint.of(algorithm, DtlsPair.SERVER_CERTIFICATE.encoded()));
            try (DtlsPair pair = new DtlsPair(client -> client.remoteFingerprints(several), server -> server)) {
                pair.connect();

                assertThat(pair.client.isConnected()).isTrue();
            }
        }

        @Test
        void mayComeAfterTheClientHello() {
            try (DtlsPair pair = new DtlsPair(client -> client, server -> server.remoteFingerprints(List.of()))) {
                pair.client.transport.start(0);
                pair.run(() -> pair.server.transport.stats().datagramsReceived() > 0, 5_000);
                assertThat(pair.server.transport.state()).isEqualTo(DtlsState.NEW);

                pair.server.transport.expectFingerprints(
                        List.of(DtlsPair.CLIENT_CERTIFICATE.fingerprint()), pair.nowNanos);

                pair.run(() -> pair.client.isConnected() && pair.server.isConnected(), 10_000);
            }
        }
    }

    @Nested
    final class Closing {
        @Test
        void tellsThePeer() {
            try (DtlsPair pair = new DtlsPair().connect()) {
                pair.client.send(filled(100, 1));
                pair.client.transport.close();
                pair.client.transport.close();
                pair.run(() -> pair.client.isClosed() && pair.server.isClosed(), 5_000);

                assertThat(pair.client.closeReason()).isEqualTo(DtlsCloseReason.CLOSED_LOCALLY);
                assertThat(pair.server.closeReason()).isEqualTo(DtlsCloseReason.CLOSED_BY_PEER);
                assertThat(pair.server.records).containsExactly(filled(100, 1));
                assertThat(pair.client.events).hasSize(2);
                assertThat(pair.server.events).hasSize(2);
                assertThat(pair.client.send(filled(1, 1))).isFalse();
                assertThat(pair.server.send(filled(1, 1))).isFalse();
                pair.client.take(new byte[20]);
                assertThat(pair.client.transport.nextTimeoutNanos()).isEqualTo(Long.MAX_VALUE);
            }
        }

        @Test
        void wakesAHandshakeThatWaits() throws InterruptedException {
            ExecutorService executor = Executors.newSingleThreadExecutor();
            Semaphore wakeups = new Semaphore(0);
            try (DtlsPair pair = new DtlsPair()) {
                DtlsPair.End end = pair.end(
                        DtlsPair.builder(DtlsRole.CLIENT, DtlsPair.CLIENT_CERTIFICATE, executor, wakeups::release)
                                .remoteFingerprints(List.of(DtlsPair.SERVER_CERTIFICATE.fingerprint())));
                end.transport.start(0);
                assertThat(wakeups.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
                assertThat(end.sent()).hasSize(1);

                end.transport.close();
                executor.shutdown();

                assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
                end.drain();
                assertThat(end.events).hasSize(1);
                assertThat(end.closeReason()).isEqualTo(DtlsCloseReason.CLOSED_LOCALLY);
            } finally {
                executor.shutdownNow();
            }
        }

        @Test
        void happensBeforeAnythingElseToo() {
            try (DtlsPair pair = new DtlsPair()) {
                pair.server.transport.close();
                pair.server.drain();

                assertThat(pair.server.closeReason()).isEqualTo(DtlsCloseReason.CLOSED_LOCALLY);
                pair.server.take(new byte[100]);
                assertThat(pair.server.transport.state()).isEqualTo(DtlsState.CLOSED);
                assertThat(pair.server.sent()).isEmpty();
            }
        }

        @Test
        void comesWhenTheHandshakeTakesTooLong() {
            try (DtlsPair pair = new DtlsPair()) {
                pair.client.transport.start(1_000);
                long deadline = 1_000 + TimeUnit.SECONDS.toNanos(15);
                assertThat(pair.client.transport.nextTimeoutNanos()).isLessThan(deadline);

                pair.client.transport.handleTimeout(deadline - 1);
                assertThat(pair.client.transport.state()).isEqualTo(DtlsState.HANDSHAKING);
                assertThat(pair.client.transport.nextTimeoutNanos()).isEqualTo(deadline);
                pair.client.transport.handleTimeout(deadline);
                pair.client.drain();

                assertThat(pair.client.closeReason()).isEqualTo(DtlsCloseReason.HANDSHAKE_TIMEOUT);
            }
        }
    }

    @Test
    void triesAgainWhenTheExecutorIsFull() {
        AtomicInteger refusals = new AtomicInteger(2);
        try (DtlsPair pair = new DtlsPair()) {
            DtlsTransport transport = DtlsPair.builder(DtlsRole.CLIENT, DtlsPair.CLIENT_CERTIFICATE, task -> {
                        if (refusals.getAndDecrement() > 0) {
                            throw new RejectedExecutionException("full");
                        }
                        pair.threads.execute(task);
                    })
                    .remoteFingerprints(List.of(DtlsPair.SERVER_CERTIFICATE.fingerprint()))
                    .build();
            transport.start(0);
            assertThat(transport.state()).isEqualTo(DtlsState.NEW);
            assertThat(transport.nextTimeoutNanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(100));

            transport.handleTimeout(TimeUnit.MILLISECONDS.toNanos(100));
            assertThat(transport.state()).isEqualTo(DtlsState.NEW);
            transport.handleTimeout(TimeUnit.MILLISECONDS.toNanos(200));
            assertThat(transport.state()).isEqualTo(DtlsState.HANDSHAKING);
            transport.close();
        }
    }

    @Test
    void ignoresWhatDoesNotAuthenticateOnceConnected() {
        try (DtlsPair pair = new DtlsPair().connect()) {
            pair.client.send(filled(100, 3));
            byte[] genuine = pair.client.sent().get(0);
            byte[] damaged = genuine.clone();
            damaged[40] ^= 1;
            byte[] otherEpoch = genuine.clone();
            otherEpoch[4] = 2;
            byte[] clearAlert = ByteBuffer.allocate(15)
                    .put((byte) 21)
                    .putShort((short) 0xFEFD)
                    .position(11)
                    .putShort((short) 2)
                    .put((byte) 2)
                    .put((byte) 40)
                    .array();

            for (byte[] datagram :
                    List.of(damaged, otherEpoch, clearAlert, new byte[13], new byte[2049], new byte[0])) {
                pair.server.take(datagram);
            }
            pair.server.take(genuine);
            pair.server.take(genuine);
            pair.server.drain();

            assertThat(pair.server.transport.state()).isEqualTo(DtlsState.CONNECTED);
            assertThat(pair.server.records).containsExactly(filled(100, 3));
        }
    }

    static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
