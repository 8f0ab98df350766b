// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.srtp.DtlsCloseReason;
import dev.tributary.srtp.DtlsEvent;
import dev.tributary.srtp.DtlsRole;
import dev.tributary.srtp.Fingerprint;
import dev.tributary.srtp.SrtpKeyingMaterial;
import dev.tributary.srtp.SrtpProfile;
import dev.tributary.srtp.SrtpSession;
import dev.tributary.testkit.foreign.ForeignProgram;
import dev.tributary.testkit.foreign.Pion;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** DTLS and SRTP with Pion over UDP, in both roles. It sends back all that it can open. */
@Timeout(120)
final class PionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long SEED = Long.getLong("tributary.seed", 5);
    private static final int MTU = 1200;

    static Stream<Arguments> rolesAndProfiles() {
        return Stream.of(DtlsRole.values())
                .flatMap(role -> Stream.of(SrtpProfile.values()).map(profile -> Arguments.of(role, profile)));
    }

    @ParameterizedTest
    @MethodSource("rolesAndProfiles")
    void agreesOnKeysAndCarriesDataAndMedia(DtlsRole role, SrtpProfile profile) {
        try (Connection connection = new Connection(role, List.of(profile), MTU, 0)) {
            DtlsEvent.Connected connected = connection.ours.connect();
            String[] said = connection.connected();

            assertThat(connected.profile()).isEqualTo(profile);
            assertThat(said[0]).isEqualTo(String.valueOf(profile.id()));
            assertThat(said[1]).isEqualTo(hex(UdpDtls.CERTIFICATE.fingerprint()));
            assertSameKeys(profile, role, connected, said[2]);
            connection.expectEcho("over DTLS");
            // Its SRTP (2.0.12) knows no AES-256 in GCM; its keys do, which is shown above.
            if (profile != SrtpProfile.AEAD_AES_256_GCM) {
                connection.expectMediaEchoed();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(DtlsRole.class)
    void connectsOverALossyWireWithMessagesInManyFragments(DtlsRole role) {
        try (Connection connection = new Connection(role, List.of(SrtpProfile.AEAD_AES_128_GCM), 150, 20)) {
            connection.connectedAfterOurs();

            byte[] data = {1, 2, 3};
            connection.ours.run(
                    () -> connection.ours.transport().send(ByteBuffer.wrap(data)) && !connection.ours.records.isEmpty(),
                    PATIENCE);
            assertThat(connection.ours.records.get(0)).isEqualTo(data);
        }
    }

    @ParameterizedTest
    @EnumSource(DtlsRole.class)
    void agreesOnOneOfSeveralProfiles(DtlsRole role) {
        List<SrtpProfile> pionsOrder = List.of(SrtpProfile.AES128_CM_HMAC_SHA1_80, SrtpProfile.AEAD_AES_128_GCM);
        try (Connection connection = new Connection(role, pionsOrder, MTU, 0)) {
            SrtpProfile ours = connection.ours.connect().profile();

            assertThat(ours).isNotNull().isIn(pionsOrder);
            assertThat(connection.connected()[0]).isEqualTo(String.valueOf(ours.id()));
            if (role == DtlsRole.SERVER) {
                assertThat(ours).isEqualTo(SrtpProfile.AEAD_AES_128_GCM);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(DtlsRole.class)
    void closesForBoth(DtlsRole role) {
        try (Connection connection = new Connection(role, List.of(SrtpProfile.AEAD_AES_128_GCM), MTU, 0)) {
            connection.connectedAfterOurs();

            connection.ours.close();

            connection.pion.awaitLine("closed", PATIENCE);
        }
    }

    @ParameterizedTest
    @EnumSource(DtlsRole.class)
    void hearsWhenPionCloses(DtlsRole role) {
        try (Connection connection = new Connection(role, List.of(SrtpProfile.AEAD_AES_128_GCM), MTU, 0)) {
            connection.connectedAfterOurs();

            connection.pion.send("close");
            connection.ours.run(() -> connection.ours.events.size() == 2, PATIENCE);

            assertThat(connection.ours.events.get(1))
                    .isEqualTo(new DtlsEvent.Closed(DtlsCloseReason.CLOSED_BY_PEER, "close_notify"));
        }
    }

    @ParameterizedTest
    @EnumSource(DtlsRole.class)
    void refusesAnotherCertificateThanPromised(DtlsRole role) {
        try (Connection connection = new Connection(
                role, List.of(SrtpProfile.AEAD_AES_128_GCM), MTU, 0, UdpDtls.CERTIFICATE.fingerprint())) {
            connection.ours.run(() -> !connection.ours.events.isEmpty(), PATIENCE);

            assertThat(connection.ours.events.get(0))
                    .isInstanceOfSatisfying(
                            DtlsEvent.Closed.class,
                            closed -> assertThat(closed.reason()).isEqualTo(DtlsCloseReason.FINGERPRINT_MISMATCH));
            connection.pion.awaitLine("failed", PATIENCE);
        }
    }

    private static void assertSameKeys(
            SrtpProfile profile, DtlsRole role, DtlsEvent.Connected connected, String material) {
        DtlsRole theirRole = role == DtlsRole.CLIENT ? DtlsRole.SERVER : DtlsRole.CLIENT;
        byte[] exported = HexFormat.of().parseHex(material);
        SrtpEnd theirs = new SrtpEnd(SrtpSession.of(SrtpKeyingMaterial.of(profile, exported), theirRole));
        SrtpEnd ours = new SrtpEnd(SrtpSession.of(connected.keyingMaterial(), role));
        byte[] packet = new RtpPackets(SEED).rtp(1);

        assertThat(theirs.openRtp(ours.sealRtp(packet))).isEqualTo(packet);
        assertThat(ours.openRtp(theirs.sealRtp(packet))).isEqualTo(packet);
    }

    private static String hex(Fingerprint fingerprint) {
        return fingerprint.value().replace(":", "").toLowerCase(Locale.ROOT);
    }

    /** Pion and our end of a connection that has begun. */
    private static final class Connection implements AutoCloseable {
        final UdpDtls ours;
        final ForeignProgram pion;

        Connection(DtlsRole role, List<SrtpProfile> pionsProfiles, int mtu, int lossPercent) {
            this(role, pionsProfiles, mtu, lossPercent, null);
        }

        Connection(DtlsRole role, List<SrtpProfile> pionsProfiles, int mtu, int lossPercent, Fingerprint instead) {
            ours = new UdpDtls(lossPercent, SEED);
            pion = ForeignProgram.start(
                    "Pion",
                    List.of(
                            Pion.build(PionTest.class, "pion_peer.go").toString(),
                            role == DtlsRole.SERVER ? "client" : "server",
                            "127.0.0.1:" + ours.address().getPort(),
                            pionsProfiles.stream()
                                    .map(profile -> "" + profile.id())
                                    .collect(Collectors.joining(",")),
                            String.valueOf(mtu)));
            String address = pion.awaitLine("address", PATIENCE);
            int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
            byte[] digest = HexFormat.of().parseHex(pion.awaitLine("fingerprint", PATIENCE));
            Fingerprint fingerprint = new Fingerprint(
                    "sha-256", HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest));
            ours.start(
                    role,
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                    settings -> settings.remoteFingerprints(List.of(instead == null ? fingerprint : instead))
                            .profiles(List.of(SrtpProfile.values())));
        }

        /** What Pion says when it is connected: profile, fingerprint and keys. */
        String[] connected() {
            ours.run(() -> pion.lines().stream().anyMatch(line -> line.startsWith("connected")), PATIENCE);
            return pion.awaitLine("connected", PATIENCE).split(" ");
        }

        String[] connectedAfterOurs() {
            ours.connect();
            return connected();
        }

        void expectEcho(String text) {
            byte[] data = text.getBytes(StandardCharsets.UTF_8);
            assertThat(ours.transport().send(ByteBuffer.wrap(data))).isTrue();
            ours.run(() -> !ours.records.isEmpty(), PATIENCE);
            assertThat(ours.records).containsExactly(data);
        }

        /** RTP over a roll-over, and RTCP, there and back. */
        void expectMediaEchoed() {
            SrtpEnd srtp = ours.srtp();
            RtpPackets packets = new RtpPackets(SEED);
            List<byte[]> sent = new ArrayList<>();
            for (int number = 65_530; number < 65_546; number++) {
                sent.add(packets.rtp(number & 0xFFFF));
            }
            sent.forEach(packet -> ours.send(srtp.sealRtp(packet)));
            ours.run(() -> ours.media.size() == sent.size(), PATIENCE);
            for (int i = 0; i < sent.size(); i++) {
                assertThat(srtp.openRtp(ours.media.get(i))).as("packet %d", i).isEqualTo(sent.get(i));
            }

            ours.media.clear();
            byte[] report = packets.rtcp(1);
            ours.send(srtp.sealRtcp(report));
            ours.run(() -> ours.media.size() == 1, PATIENCE);
            assertThat(srtp.openRtcp(ours.media.get(0))).isEqualTo(report);
        }

        @Override
        public void close() {
            pion.close();
            ours.close();
        }
    }
}
