// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every named limit: what is at it is taken whole, and what is one past it is refused or cut, as its documentation says. */
final class NamedLimitsTest {
    private static final String SESSION = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";
    private static final String SECTION = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n";

    private static Arguments limit(String name, long max, IntPredicate takesWhole) {
        return Arguments.of(name, (int) max, takesWhole);
    }

    private static boolean takes(Runnable call) {
        try {
            call.run();
            return true;
        } catch (SdpException | IllegalArgumentException refused) {
            return false;
        }
    }

    private static boolean parses(SdpLimits limits, String text) {
        return takes(() -> SessionDescription.parse(text, limits));
    }

    private static MediaDescription section(String lines) {
        return SessionDescription.parse(SESSION + SECTION + lines).media().get(0);
    }

    private static String repeat(int count, String separator, String word) {
        return IntStream.range(0, count).mapToObj(i -> word).collect(Collectors.joining(separator));
    }

    static Stream<Arguments> limits() {
        SdpLimits own = SdpLimits.DEFAULT;
        String head = "v=0\no=- 1 1 IN IP4 x\ns=-\nt=0 0\n";
        return Stream.of(
                // Of a text, as given and by default
                limit(
                        "charsMax",
                        100,
                        n -> parses(own.withCharsMax(100), head + "a=" + "x".repeat(n - head.length() - 2))),
                limit("linesMax", 20, n -> parses(own.withLinesMax(20), head + "b=x\n".repeat(n - 4))),
                limit("lineCharsMax", 40, n -> parses(own.withLineCharsMax(40), head + "a=" + "x".repeat(n - 2))),
                limit("mediaMax", 3, n -> parses(own.withMediaMax(3), head + SECTION.repeat(n))),
                limit("attributesMax", 4, n -> parses(own.withAttributesMax(4), head + "a=x\n".repeat(n))),
                limit(
                        "attributesMax of a section",
                        4,
                        n -> parses(own.withAttributesMax(4), head + SECTION + "a=x\n".repeat(n))),
                limit("default charsMax", 262_144, n -> {
                    int lines = 100;
                    String line = "a=" + "x".repeat(2_597) + "\n";
                    String full = head + line.repeat(lines);
                    return parses(own, full + "a=" + "x".repeat(n - full.length() - 2));
                }),
                limit("default linesMax", 8_192, n -> parses(own, head + "b=x\n".repeat(n - 4))),
                limit("default lineCharsMax", 4_096, n -> parses(own, head + "a=" + "x".repeat(n - 2))),
                limit("default mediaMax", 64, n -> parses(own, head + SECTION.repeat(n))),
                limit("default attributesMax", 1_024, n -> parses(own, head + "a=x\n".repeat(n))),
                // Of a negotiation
                limit(
                        "SLOTS_MAX",
                        Negotiation.Builder.SLOTS_MAX,
                        n -> takes(() -> Peers.server()
                                .build()
                                .applyOffer(SessionDescription.parse(SESSION + "a=group:BUNDLE 0\r\n" + SECTION
                                        + "a=mid:0\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\na=ice-ufrag:abcd\r\n"
                                        + "a=ice-pwd:0123456789012345678901\r\na=setup:actpass\r\na=fingerprint:sha-256 AB\r\n"
                                        + SECTION.repeat(n - 1))))),
                // Of numbers
                limit(
                        "PORT_MAX",
                        MediaDescription.PORT_MAX,
                        n -> takes(() -> SessionDescription.parse(SESSION + "m=audio " + n + " RTP/AVP 0\r\n"))),
                limit("PAYLOAD_TYPE_MAX", RtpMap.PAYLOAD_TYPE_MAX, n -> takes(() -> RtpMap.parse(n + " x/1"))),
                limit("CHANNELS_MAX", 255, n -> takes(() -> RtpMap.parse("96 x/1/" + n))),
                limit("NUMBER_MAX of extmap", 4_351, n -> takes(() -> HeaderExtension.parse(n + " urn:x"))),
                limit(
                        "ICE pacing",
                        10_000,
                        n -> takes(() -> SdpFragment.parse(
                                "a=ice-pacing:" + n + "\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\n"))),
                limit(
                        "SCTP port",
                        MediaDescription.PORT_MAX,
                        n -> takes(() -> section("a=sctp-port:" + n).sctpPort())),
                // Of names and secrets
                limit(
                        "mid",
                        64,
                        n -> takes(() -> section("a=mid:" + "x".repeat(n)).mid())),
                limit("Msid.ID_CHARS_MAX", Msid.ID_CHARS_MAX, n -> takes(() -> Msid.parse("s " + "x".repeat(n)))),
                limit("Rid.ID_CHARS_MAX", Rid.ID_CHARS_MAX, n -> takes(() -> Rid.parse("x".repeat(n) + " send"))),
                limit(
                        "CREDENTIAL_CHARS_MAX of ufrag",
                        TransportDescription.CREDENTIAL_CHARS_MAX,
                        n -> takes(() -> TransportDescription.parseUfrag("x".repeat(n)))),
                limit(
                        "CREDENTIAL_CHARS_MAX of pwd",
                        TransportDescription.CREDENTIAL_CHARS_MAX,
                        n -> takes(() -> TransportDescription.parsePassword("x".repeat(n)))),
                limit(
                        "BYTES_MAX of a fingerprint",
                        CertificateFingerprint.BYTES_MAX,
                        n -> takes(() -> CertificateFingerprint.parse("sha-512 " + repeat(n, ":", "AB")))),
                limit(
                        "TLS_ID_CHARS_MAX",
                        255,
                        n -> takes(() -> {
                            var description = SessionDescription.parse(SESSION + SECTION + "a=tls-id:" + "x".repeat(n));
                            description.tlsId(description.media().get(0));
                        })),
                // Of lists; what is past the limit is cut, or makes the whole count as malformed
                limit(
                        "KINDS_MAX",
                        RtcpFeedback.KINDS_MAX,
                        n -> section("a=rtpmap:96 VP8/90000\r\n"
                                                + IntStream.range(0, n)
                                                        .mapToObj(i -> "a=rtcp-fb:96 k" + i + "\r\n")
                                                        .collect(Collectors.joining()))
                                        .codecs()
                                        .get(0)
                                        .feedback()
                                        .size()
                                == n),
                limit(
                        "SSRCS_MAX",
                        SsrcGroup.SSRCS_MAX,
                        n -> SsrcGroup.parse("SIM " + repeat(n, " ", "1"))
                                        .ssrcs()
                                        .size()
                                == n),
                limit(
                        "STREAMS_MAX",
                        Simulcast.STREAMS_MAX,
                        n -> Simulcast.parse("send " + repeat(n, ";", "a")) != null),
                limit(
                        "STREAMS_MAX of alternatives",
                        Simulcast.STREAMS_MAX,
                        n -> Simulcast.parse("recv " + repeat(n, ",", "a")) != null),
                limit(
                        "PAYLOAD_TYPES_MAX of red",
                        CodecFormat.Red.PAYLOAD_TYPES_MAX,
                        n -> !Codec.video("red", repeat(n, "/", "96")).format().equals(new CodecFormat.Red(List.of()))),
                limit(
                        "WORDS_MAX of a candidate",
                        64,
                        n -> CandidateAttribute.parse("1 1 udp 1 a 1 typ host " + repeat(n - 8, " ", "x"))
                                        .extensions()
                                        .size()
                                == n - 8),
                limit(
                        "ICE options",
                        16,
                        n -> TransportDescription.parseIceOptions(repeat(n, " ", "x"))
                                        .size()
                                == n),
                limit(
                        "content",
                        16,
                        n -> section("a=content:" + repeat(n, ",", "main"))
                                        .content()
                                        .size()
                                == n),
                limit(
                        "LABEL_BYTES_MAX",
                        TrackAnnotation.LABEL_BYTES_MAX,
                        n -> TrackAnnotation.parse("1 2 " + "x".repeat(n))
                                        .label()
                                        .length()
                                == n),
                limit(
                        "TOKEN_CHARS_MAX",
                        SdpException.TOKEN_CHARS_MAX,
                        n -> SdpException.of(SdpException.Reason.SYNTAX, "x".repeat(n), "rule")
                                .token()
                                .equals("x".repeat(n))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("limits")
    void takesWhatIsAtTheLimitAndNotOneMore(String name, int max, IntPredicate takesWhole) {
        assertThat(takesWhole.test(max)).as(name + " of " + max).isTrue();
        assertThat(takesWhole.test(max + 1)).as(name + " of " + (max + 1)).isFalse();
    }
}
