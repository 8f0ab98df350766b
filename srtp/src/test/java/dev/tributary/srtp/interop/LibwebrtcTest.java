// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.srtp.DtlsRole;
import dev.tributary.srtp.Fingerprint;
import dev.tributary.srtp.SrtpProfile;
import dev.tributary.testkit.foreign.ForeignProgram;
import dev.tributary.testkit.foreign.Installed;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * DTLS and SRTP with libwebrtc, the code of Chromium, over UDP in both roles. It sends sound, we send the same packets back
 * under a source of our own, and its statistics have to count them.
 */
@Timeout(120)
final class LibwebrtcTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int OUR_SSRC = 0x5EED0002;

    static Stream<Arguments> rolesAndProfiles() {
        return Stream.of(DtlsRole.values())
                .flatMap(role -> Stream.of(SrtpProfile.values())
                        .filter(profile -> profile != SrtpProfile.AES128_CM_HMAC_SHA1_32)
                        .map(profile -> Arguments.of(role, profile)));
    }

    @ParameterizedTest
    @MethodSource("rolesAndProfiles")
    void hearsSoundAndReportsAndIsHeard(DtlsRole role, SrtpProfile profile) {
        try (Connection connection = new Connection(role)) {
            UdpDtls ours = connection.ours;
            ForeignProgram libwebrtc = connection.libwebrtc;
            assertThat(connection.begin(profile)).isEqualTo(profile);
            SrtpEnd srtp = ours.srtp();
            List<byte[]> heard = new ArrayList<>();
            List<byte[]> reports = new ArrayList<>();
            ours.run(
                    () -> {
                        for (byte[] sealed : ours.media) {
                            if ((sealed[1] & 0xFF) >= 192 && (sealed[1] & 0xFF) <= 223) {
                                reports.add(srtp.openRtcp(sealed));
                            } else {
                                byte[] packet = srtp.openRtp(sealed);
                                heard.add(packet);
                                ours.send(srtp.sealRtp(ByteBuffer.wrap(packet.clone())
                                        .putInt(8, OUR_SSRC)
                                        .array()));
                            }
                        }
                        ours.media.clear();
                        return heard.size() >= 20 && !reports.isEmpty() && hasHeardUs(libwebrtc);
                    },
                    PATIENCE);

            String state = libwebrtc.awaitLine("state connected", PATIENCE);
            assertThat(state).startsWith(role == DtlsRole.CLIENT ? "server" : "client");
        }
    }

    /** It has given the profile with the short tag up: the connection stands, without SRTP. */
    @ParameterizedTest
    @EnumSource(DtlsRole.class)
    void knowsNoShortTag(DtlsRole role) {
        try (Connection connection = new Connection(role)) {
            assertThat(connection.begin(SrtpProfile.AES128_CM_HMAC_SHA1_32)).isNull();
        }
    }

    private static boolean hasHeardUs(ForeignProgram libwebrtc) {
        return libwebrtc.lines().stream().anyMatch(line -> line.startsWith("state") && line.matches(".* [1-9][0-9]+"));
    }

    private static ForeignProgram start() {
        String classes = System.getProperty("java.class.path");
        Installed.assume(classes.contains("linux-x86_64"), "libwebrtc for this machine", "run on x86-64 Linux");
        return ForeignProgram.start(
                "libwebrtc",
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx200m",
                        "-cp",
                        classes,
                        LibwebrtcPeer.class.getName()));
    }

    private static String answer(DtlsRole role, InetSocketAddress address) {
        return String.join(
                "\r\n",
                "v=0",
                "o=- 1 1 IN IP4 0.0.0.0",
                "s=-",
                "t=0 0",
                "a=ice-lite",
                "a=group:BUNDLE 0",
                "a=msid-semantic: WMS",
                "m=audio 9 UDP/TLS/RTP/SAVPF 111",
                "c=IN IP4 0.0.0.0",
                "a=mid:0",
                "a=ice-ufrag:" + IceLite.UFRAG,
                "a=ice-pwd:" + IceLite.PASSWORD,
                "a=fingerprint:" + UdpDtls.CERTIFICATE.fingerprint(),
                "a=setup:" + (role == DtlsRole.CLIENT ? "active" : "passive"),
                "a=sendrecv",
                "a=rtcp-mux",
                "a=rtpmap:111 opus/48000/2",
                "a=ssrc:" + Integer.toUnsignedString(OUR_SSRC) + " cname:tributary",
                "a=candidate:1 1 udp 2130706431 " + address.getAddress().getHostAddress() + " " + address.getPort()
                        + " typ host",
                "a=end-of-candidates",
                "");
    }

    private static String decode(String text) {
        return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    }

    private static String find(String sdp, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(sdp);
        assertThat(matcher.find()).as(pattern).isTrue();
        return matcher.group(1);
    }

    /** libwebrtc and our end, after ICE and before DTLS. */
    private static final class Connection implements AutoCloseable {
        private final DtlsRole role;
        private final Fingerprint fingerprint;
        UdpDtls ours;
        ForeignProgram libwebrtc;

        Connection(DtlsRole role) {
            this.role = role;
            String offer = meet();
            // Once in thirty times this libwebrtc checks nothing after it has taken the answer; then another one does.
            for (int more = 2; !ours.awaitsChecks(Duration.ofSeconds(10)); more--) {
                assertThat(more)
                        .as("libwebrtc never checks\n%s", libwebrtc.lines())
                        .isPositive();
                close();
                offer = meet();
            }
            fingerprint = Fingerprint.parse(find(offer, "a=fingerprint:([^\r\n]+)"));
        }

        private String meet() {
            ours = new UdpDtls(0, 1, UdpDtls.hostAddress());
            ours.answerWhoeverAsks();
            libwebrtc = start();
            String offer = decode(libwebrtc.awaitLine("offer", PATIENCE));
            byte[] answer = answer(role, ours.address()).getBytes(StandardCharsets.UTF_8);
            libwebrtc.send(Base64.getEncoder().encodeToString(answer));
            return offer;
        }

        SrtpProfile begin(SrtpProfile profile) {
            ours.start(
                    role,
                    null,
                    settings ->
                            settings.remoteFingerprints(List.of(fingerprint)).profiles(List.of(profile)));
            return ours.connect().profile();
        }

        @Override
        public void close() {
            libwebrtc.close();
            ours.close();
        }
    }
}
