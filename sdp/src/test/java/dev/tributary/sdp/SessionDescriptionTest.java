// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.sdp.SdpException.Reason;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SessionDescriptionTest {
    private static final String SESSION = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";

    private static MediaDescription media(String lines) {
        return SessionDescription.parse(SESSION + lines).media().get(0);
    }

    private static SdpException refusal(String text) {
        return refusal(() -> SessionDescription.parse(text));
    }

    private static SdpException refusal(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return org.assertj.core.api.Assertions.catchThrowableOfType(SdpException.class, call);
    }

    @Test
    void keepsLinesThatItDoesNotKnowInTheirPlace() {
        String text = SESSION
                + "x=session\r\na=later:1\r\na=later\r\nm=audio 9 RTP/AVP 0 0\r\ni=title\r\nz=?\r\na=:\r\nb=\r\n";

        assertThat(SessionDescription.parse(text).write()).isEqualTo(text);
    }

    @Test
    void takesSingleNewlinesAndEmptyLinesAtTheEnd() {
        String expected = SESSION + "a=x\r\n";

        assertThat(SessionDescription.parse(expected.replace("\r\n", "\n")).write())
                .isEqualTo(expected);
        assertThat(SessionDescription.parse(expected + "\r\n\n\r\n").write()).isEqualTo(expected);
        assertThat(SessionDescription.parse(expected.strip()).write()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "'',                                      MISSING, 1, 1",
        "'o=- 1 2 IN IP4 x\ns=-\nt=0 0',          MISSING, 1, 1",
        "'v=1\no=- 1 2 IN IP4 x\ns=-\nt=0 0',     SYNTAX,  1, 3",
        "'v=0\ns=-\nt=0 0',                       MISSING, 2, 1",
        "'v=0\no=- 1 2 IN IP4\ns=-\nt=0 0',       SYNTAX,  2, 3",
        "'v=0\no=- 1 2 IN IP4 x\nt=0 0',          MISSING, 3, 1",
        "'v=0\no=- 1 2 IN IP4 x\ns=-\n',          MISSING, 0, 0",
        "'v=0\no=- 1 2 IN IP4 x\ns=-\nt=0 0\nhello',       SYNTAX, 5, 1",
        "'v=0\no=- 1 2 IN IP4 x\ns=-\nt=0 0\n =x',         SYNTAX, 5, 1",
        "'v=0\no=- 1 2 IN IP4 x\ns=-\nt=0 0\na',           SYNTAX, 5, 1",
        "'v=0\no=- 1 2 IN IP4 x\ns=-\nt=0 0\n\na=x',       SYNTAX, 5, 1",
        "'v=0\no=- 1 2 IN IP4 x\ns=-\nt=0 0\nm=audio 9',   SYNTAX, 5, 3",
        "'v=0\no=- 1 2 IN IP4 x\ns=-\nt=0 0\nm=audio 65536 RTP/AVP 0',  SYNTAX, 5, 9",
        "'v=0\no=- 1 2 IN IP4 x\ns=-\nt=0 0\nm=audio -1 RTP/AVP 0',     SYNTAX, 5, 9",
        "'v=0\no=- 1 2 IN IP4 x\ns=-\nt=0 0\nm=a/b 9 RTP/AVP 0',        SYNTAX, 5, 3",
        "'v=0\no=- 1 2 IN IP4 x\ns=-\nt=0 0\nm=audio 9 RTP/AVP 0 9\u0001',  SYNTAX, 5, 21",
    })
    void saysWhatIsWrongAndWhere(String text, Reason reason, int line, int column) {
        SdpException failure = refusal(text);

        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(failure.line()).isEqualTo(line);
        assertThat(failure.column()).isEqualTo(column);
    }

    @Test
    void saysWhichFormatIsNoPayloadType() {
        MediaDescription media = media("m=video 9 UDP/TLS/RTP/SAVPF 9 96 x9\r\n");

        SdpException failure = refusal(media::codecs);

        assertThat(failure.line()).isEqualTo(5);
        assertThat(failure.column()).isEqualTo("m=video 9 UDP/TLS/RTP/SAVPF 9 96 ".length() + 1);
        assertThat(failure.token()).isEqualTo("x9");
    }

    @Test
    void keepsTheSpellingOfAMediaLine() {
        String text = SESSION + "m=audio  9/1\tRTP/AVP 0 \r\n";

        assertThat(SessionDescription.parse(text).write()).isEqualTo(text);
        assertThat(SessionDescription.parse(text).media().get(0).formats()).containsExactly("0");
    }

    @Test
    void refusesNulAndLoneCarriageReturns() {
        assertThat(refusal(SESSION + "a=x\0y").column()).isEqualTo(4);
        assertThat(refusal(SESSION + "a=x\ry\r\n").column()).isEqualTo(4);
    }

    @Test
    void cutsAndEscapesTheOffendingText() {
        SdpException failure = refusal(SESSION + "\u001b[31m\"\\" + "x".repeat(100) + "\r\n");

        assertThat(failure.token()).isEqualTo("\\u001b[31m\\\"\\\\" + "x".repeat(41) + "...");
        assertThat(failure.getMessage())
                .contains(failure.token())
                .contains("line 5, column 1")
                .contains("RFC 8866");
    }

    @Test
    void neverRepeatsAPasswordInItsMessages() {
        MediaDescription media = media("m=audio 9 RTP/AVP 0\r\na=ice-pwd:secret\r\n");
        SessionDescription session = SessionDescription.parse(SESSION + media);

        assertThat(refusal(() -> session.transport(session.media().get(0))).getMessage())
                .contains("line 6")
                .doesNotContain("secret");
        assertThat(Peers.serverTransport().toString()).doesNotContain("server-password");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rtpmap:96",
                "rtpmap:128 VP8/90000",
                "rtpmap:96 VP8",
                "rtpmap:96 VP8/0",
                "rtpmap:96 V/P/8/9",
                "extmap:0 urn:x",
                "extmap:1",
                "extmap:1/both urn:x",
                "rid:1",
                "rid:1 both",
                "rid:a.b send",
                "rid:1 send pt=x",
                "msid:",
                "msid:a b c",
                "ssrc:x cname:y",
                "ssrc:4294967296 cname:y",
                "ssrc-group:FID 1 x",
                "sctp-port:65536",
                "max-message-size:-1",
                "mid:",
                "mid:a b"
            })
    void refusesAMalformedAttributeAtItsLineAndColumn(String attribute) {
        MediaDescription media = media("m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=first\r\na=" + attribute + "\r\n");

        assertThatThrownBy(() -> readEverything(media)).isInstanceOfSatisfying(SdpException.class, failure -> {
            assertThat(failure.reason()).isEqualTo(Reason.SYNTAX);
            assertThat(failure.line()).isEqualTo(7);
            assertThat(failure.column()).isEqualTo("a=".length() + attribute.indexOf(':') + 2);
        });
    }

    private static List<@Nullable Object> readEverything(MediaDescription media) {
        return Arrays.asList(
                media.codecs(),
                media.headerExtensions(),
                media.rids(),
                media.msids(),
                media.ssrcs(),
                media.ssrcGroups(),
                media.sctpPort(),
                media.maxMessageSizeBytes(),
                media.mid());
    }

    @Nested
    final class Limits {
        private final SdpLimits limits = new SdpLimits(1000, 20, 40, 3, 4);

        private void accepts(String text) {
            assertThat(SessionDescription.parse(text, limits).write()).isEqualTo(text);
        }

        private void refuses(String text, String limit) {
            SdpException failure = refusal(() -> SessionDescription.parse(text, limits));

            assertThat(failure.reason()).isEqualTo(Reason.LIMIT);
            assertThat(failure.rule()).contains(limit);
        }

        @Test
        void ofCharacters() {
            String text = SESSION + "a=x\r\n";
            SdpLimits exact = SdpLimits.DEFAULT.withCharsMax(text.length());

            assertThat(SessionDescription.parse(text, exact)).isNotNull();
            assertThat(refusal(() -> SessionDescription.parse(text + "\n", exact))
                            .rule())
                    .contains("charsMax");
        }

        @Test
        void ofLines() {
            accepts(SESSION + "b=x\r\n".repeat(16));
            refuses(SESSION + "b=x\r\n".repeat(17), "linesMax");
        }

        @Test
        void ofCharactersInALine() {
            accepts(SESSION + "a=" + "x".repeat(38) + "\r\n");
            refuses(SESSION + "a=" + "x".repeat(39) + "\r\n", "lineCharsMax");
        }

        @Test
        void ofSections() {
            accepts(SESSION + "m=audio 9 RTP/AVP 0\r\n".repeat(3));
            refuses(SESSION + "m=audio 9 RTP/AVP 0\r\n".repeat(4), "mediaMax");
        }

        @Test
        void ofAttributesInASection() {
            String full = "a=x\r\n".repeat(4);
            accepts(SESSION + full + "m=audio 9 RTP/AVP 0\r\n" + full);
            refuses(SESSION + full + "a=x\r\n", "attributesMax");
            refuses(SESSION + "m=audio 9 RTP/AVP 0\r\n" + full + "a=x\r\n", "attributesMax");
        }

        @Test
        void ofFeedbackKinds() {
            StringBuilder lines = new StringBuilder("m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 VP8/90000\r\n");
            for (int i = 0; i < RtcpFeedback.KINDS_MAX + 1; i++) {
                lines.append("a=rtcp-fb:96 kind").append(i).append("\r\n");
            }
            assertThat(media(lines.toString()).codecs().get(0).feedback()).hasSize(RtcpFeedback.KINDS_MAX);
        }

        @Test
        void ofSimulcastStreams() {
            String most = "a;".repeat(Simulcast.STREAMS_MAX - 1) + "a";

            assertThat(Simulcast.parse("send " + most).send()).hasSize(Simulcast.STREAMS_MAX);
            assertThat(Simulcast.parse("send " + most + ";a")).isNull();
            assertThat(Simulcast.parse("send " + most.replace(';', ','))).isNotNull();
            assertThat(Simulcast.parse("send " + most.replace(';', ',') + ",a")).isNull();
        }

        @Test
        void ofIds() {
            assertThat(media("m=audio 9 RTP/AVP 0\r\na=mid:" + "x".repeat(64)).mid())
                    .hasSize(64);
            assertThat(refusal(() -> media("m=audio 9 RTP/AVP 0\r\na=mid:" + "x".repeat(65))
                            .mid()))
                    .isNotNull();
            assertThat(Msid.parse("x".repeat(64)).stream()).hasSize(64);
            assertThat(refusal(() -> Msid.parse("x".repeat(65)))).isNotNull();
            assertThat(Rid.parse("x".repeat(16) + " send").id()).hasSize(16);
            assertThat(refusal(() -> Rid.parse("x".repeat(17) + " send"))).isNotNull();
        }

        @Test
        void ofCredentials() {
            assertThat(TransportDescription.parseUfrag("x".repeat(4))).hasSize(4);
            assertThat(TransportDescription.parseUfrag("x".repeat(256))).hasSize(256);
            assertThat(refusal(() -> TransportDescription.parseUfrag("xxx"))).isNotNull();
            assertThat(refusal(() -> TransportDescription.parseUfrag("x".repeat(257))))
                    .isNotNull();
            assertThat(refusal(() -> TransportDescription.parseUfrag("a:bc"))).isNotNull();
            assertThat(TransportDescription.parsePassword("x".repeat(22))).hasSize(22);
            assertThat(refusal(() -> TransportDescription.parsePassword("x".repeat(21))))
                    .isNotNull();
        }
    }

    @Test
    void inheritsTransportAndDirectionFromTheSessionLevel() {
        SessionDescription description = SessionDescription.parse(SESSION
                + "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=ice-options:ice2,trickle\r\na=setup:active\r\n"
                + "a=fingerprint:SHA-256 " + "ab:".repeat(31) + "ab\r\na=recvonly\r\n"
                + "m=audio 9 RTP/AVP 0\r\nm=video 9 RTP/AVP 96\r\na=sendonly\r\na=ice-ufrag:own1\r\n");

        TransportDescription first = description.transport(description.media().get(0));
        assertThat(first.ufrag()).isEqualTo("abcd");
        assertThat(first.iceOptions()).containsExactly("ice2", "trickle");
        assertThat(first.setup()).isEqualTo(Setup.ACTIVE);
        assertThat(first.fingerprints())
                .containsExactly(new CertificateFingerprint("sha-256", "AB:".repeat(31) + "AB"));
        assertThat(description.direction(description.media().get(0))).isEqualTo(Direction.RECVONLY);
        assertThat(description.direction(description.media().get(1))).isEqualTo(Direction.SENDONLY);
        assertThat(description.transport(description.media().get(1)).ufrag()).isEqualTo("own1");
    }

    @Test
    void doesNotTakeBundleOnlyForARefusal() {
        assertThat(media("m=video 0 UDP/TLS/RTP/SAVPF 96\r\na=bundle-only\r\n").isRejected())
                .isFalse();
        assertThat(media("m=video 0 UDP/TLS/RTP/SAVPF 96\r\n").isRejected()).isTrue();
    }

    @Test
    void readsCodecsWithTheirParametersAndFeedback() {
        MediaDescription media = media("m=video 9 UDP/TLS/RTP/SAVPF 96 97 0 98 96\r\na=rtpmap:96 VP8/90000\r\n"
                + "a=rtcp-fb:* nack\r\na=rtcp-fb:96 nack  pli\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n"
                + "a=rtpmap:99 H264/90000\r\n");

        assertThat(media.codecs()).extracting(Codec::payloadType).containsExactly(96, 97, 0);
        assertThat(media.codecs().get(0).feedback()).containsExactly(RtcpFeedback.PLI, RtcpFeedback.NACK);
        assertThat(media.codecs().get(1).associatedPayloadType()).isEqualTo(96);
        assertThat(media.codecs().get(2).name()).isEqualTo("PCMU");
    }

    @Test
    void keepsAnAttributeFromBreakingOutOfItsLine() {
        var builder = MediaDescription.builder("audio", 9, "RTP/AVP", List.of("0"));

        assertThatThrownBy(() -> builder.attribute("x", "y\r\na=evil")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.line('i', "y\nz")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MediaDescription.builder("audio", 9, "RTP/AVP", List.of("0\r\na=evil")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MediaDescription.builder("audio", 0, "RTP/AVP", List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
