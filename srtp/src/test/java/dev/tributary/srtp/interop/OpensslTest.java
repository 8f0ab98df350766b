// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.srtp.DtlsRole;
import dev.tributary.srtp.Fingerprint;
import dev.tributary.srtp.SrtpKeyingMaterial;
import dev.tributary.srtp.SrtpProfile;
import dev.tributary.srtp.SrtpSession;
import dev.tributary.testkit.foreign.ForeignProgram;
import dev.tributary.testkit.foreign.Installed;
import java.io.InputStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** DTLS with OpenSSL's own commands, in both roles, with certificates of both kinds. It is what most endpoints stand on. */
@Timeout(120)
final class OpensslTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long SEED = 7;

    @TempDir
    private static Path folder;

    private static String openssl;

    private enum Key {
        EC("ec", "ec_paramgen_curve:P-256"),
        RSA("rsa", "rsa_keygen_bits:2048");

        private final String algorithm;
        private final String option;

        Key(String algorithm, String option) {
            this.algorithm = algorithm;
            this.option = option;
        }

        Path file(String what) {
            return folder.resolve(name() + what);
        }
    }

    static Stream<Arguments> all() {
        return Stream.of(DtlsRole.values())
                .flatMap(role -> Stream.of(Key.values())
                        .flatMap(key ->
                                Stream.of(SrtpProfile.values()).map(profile -> Arguments.of(role, key, profile))));
    }

    @BeforeAll
    static void makeCertificates() {
        openssl = Installed.command("openssl", "apt-get install openssl").toString();
        for (Key key : Key.values()) {
            List<String> command = List.of(
                    openssl,
                    "req",
                    "-x509",
                    "-nodes",
                    "-subj",
                    "/CN=test",
                    "-days",
                    "2",
                    "-newkey",
                    key.algorithm,
                    "-pkeyopt",
                    key.option,
                    "-keyout",
                    key.file("key").toString(),
                    "-out",
                    key.file("cert").toString());
            try (ForeignProgram made = ForeignProgram.start("openssl req", command)) {
                assertThat(made.awaitEnd(PATIENCE)).isZero();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void agreesOnKeysAndCarriesDataBothWays(DtlsRole role, Key key, SrtpProfile profile) throws Exception {
        InetSocketAddress theirs = freeAddress();
        try (UdpDtls ours = new UdpDtls(0, SEED);
                ForeignProgram openssl = start(role, key, profile, ours.address(), theirs)) {
            if (role == DtlsRole.CLIENT) {
                openssl.awaitLine("ACCEPT", PATIENCE);
            }
            ours.start(
                    role,
                    theirs,
                    settings -> settings.remoteFingerprints(List.of(fingerprint(key)))
                            .profiles(List.of(profile)));
            if (role == DtlsRole.SERVER) {
                // A client's port is its own choice; the first datagram shows it.
                ours.answerWhoeverAsks();
            }
            assertThat(ours.connect().profile()).isEqualTo(profile);
            String material = openssl.awaitLine("    Keying material:", PATIENCE);

            SrtpEnd theirEnd = new SrtpEnd(SrtpSession.of(
                    SrtpKeyingMaterial.of(profile, HexFormat.of().parseHex(material)),
                    role == DtlsRole.CLIENT ? DtlsRole.SERVER : DtlsRole.CLIENT));
            byte[] packet = new RtpPackets(SEED).rtp(1);
            assertThat(theirEnd.openRtp(ours.srtp().sealRtp(packet))).isEqualTo(packet);

            assertThat(ours.transport().send(ByteBuffer.wrap("to openssl\n".getBytes(StandardCharsets.US_ASCII))))
                    .isTrue();
            ours.run(() -> openssl.lines().contains("to openssl"), PATIENCE);
            openssl.send("from openssl");
            ours.run(() -> !ours.records.isEmpty(), PATIENCE);
            assertThat(ours.records.get(0)).asString(StandardCharsets.US_ASCII).isEqualTo("from openssl\n");
        }
    }

    private static ForeignProgram start(
            DtlsRole role, Key key, SrtpProfile profile, InetSocketAddress ours, InetSocketAddress theirs) {
        List<String> command = new ArrayList<>(
                role == DtlsRole.SERVER
                        ? List.of(openssl, "s_client", "-connect", "127.0.0.1:" + ours.getPort())
                        : List.of(openssl, "s_server", "-accept", "127.0.0.1:" + theirs.getPort(), "-Verify", "1"));
        command.addAll(List.of(
                "-dtls1_2",
                "-cert",
                key.file("cert").toString(),
                "-key",
                key.file("key").toString()));
        command.addAll(List.of("-use_srtp", nameOf(profile), "-keymatexport", "EXTRACTOR-dtls_srtp"));
        command.addAll(List.of("-keymatexportlen", String.valueOf(profile.keyingMaterialBytes())));
        return ForeignProgram.start("openssl", command);
    }

    private static String nameOf(SrtpProfile profile) {
        return switch (profile) {
            case AES128_CM_HMAC_SHA1_80 -> "SRTP_AES128_CM_SHA1_80";
            case AES128_CM_HMAC_SHA1_32 -> "SRTP_AES128_CM_SHA1_32";
            case AEAD_AES_128_GCM -> "SRTP_AEAD_AES_128_GCM";
            case AEAD_AES_256_GCM -> "SRTP_AEAD_AES_256_GCM";
        };
    }

    private static Fingerprint fingerprint(Key key) {
        try (InputStream in = Files.newInputStream(key.file("cert"))) {
            return Fingerprint.of(
                    "sha-256",
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(in)
                            .getEncoded());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static InetSocketAddress freeAddress() throws Exception {
        try (DatagramSocket probe = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            return (InetSocketAddress) probe.getLocalSocketAddress();
        }
    }
}
