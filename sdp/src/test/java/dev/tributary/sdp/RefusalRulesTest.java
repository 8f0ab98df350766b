// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tributary.sdp.SdpException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule by which something of a peer is refused: reason, line, column, offending text, and the rule itself. */
final class RefusalRulesTest {
    private static final String HEAD = "v=0\no=- 1 1 IN IP4 127.0.0.1\ns=-\nt=0 0\n";
    private static final String OPUS = "m=audio 9 UDP/TLS/RTP/SAVPF 111\na=rtpmap:111 opus/48000/2\na=rtcp-mux\n";
    private static final String FINGERPRINT = "a=fingerprint:sha-256 " + "CC:".repeat(31) + "CC\n";
    private static final String CREDENTIALS = "a=ice-ufrag:abcd\na=ice-pwd:0123456789012345678901\n";
    private static final String TRANSPORT = CREDENTIALS + FINGERPRINT + "a=setup:actpass\n";

    /** A way to break a rule. Line and column are 0 where no single one is at fault, or the value was read on its own. */
    private record Case(String rule, Reason reason, int line, int column, String token, Runnable call) {
        @Override
        public String toString() {
            return rule;
        }
    }

    private static final List<Case> CASES = new ArrayList<>();

    private static void refuses(String rule, Reason reason, int line, int column, String token, Runnable call) {
        CASES.add(new Case(rule, reason, line, column, token, call));
    }

    private static void parsing(String text, String rule, Reason reason, int line, int column, String token) {
        refuses(rule, reason, line, column, token, () -> SessionDescription.parse(text));
    }

    private static void parsing(SdpLimits limits, String text, String rule, int line, int column) {
        refuses(rule, Reason.LIMIT, line, column, "", () -> SessionDescription.parse(text, limits));
    }

    /** An attribute at line 6 of a video section. */
    private static void reading(
            String attribute, Consumer<MediaDescription> accessor, String rule, int column, String token) {
        refuses(
                rule,
                Reason.SYNTAX,
                6,
                column,
                token,
                () -> accessor.accept(SessionDescription.parse(HEAD + "m=video 9 RTP/AVP 96\na=" + attribute + "\n")
                        .media()
                        .get(0)));
    }

    private static void offering(String offer, String rule, Reason reason, int line, int column, String token) {
        refuses(
                rule,
                reason,
                line,
                column,
                token,
                () -> Peers.server().slotsMax(2).build().applyOffer(SessionDescription.parse(offer)));
    }

    /** A second offer after a good first one of one section. */
    private static void reoffering(String offer, String rule, Reason reason, int line, String token) {
        refuses(rule, reason, line, 0, token, () -> {
            Negotiation server = Peers.server().build();
            Peers.answer(
                    server, SessionDescription.parse(HEAD + "a=group:BUNDLE 0\n" + OPUS + TRANSPORT + "a=mid:0\n"));
            server.applyOffer(SessionDescription.parse(offer));
        });
    }

    /** An answer to our offer of audio to receive, in which something is replaced. */
    private static void answering(
            String regex, String replacement, String rule, Reason reason, int line, String token) {
        refuses(rule, reason, line, 0, token, () -> {
            Negotiation client = Peers.client().build();
            client.add(MediaKind.AUDIO).receive(true);
            String good = Peers.answer(Peers.server().build(), Peers.reparsed(client.createOffer()))
                    .write();
            String bad = good.replaceAll(regex, replacement);
            assertThat(bad).isNotEqualTo(good);
            client.applyAnswer(SessionDescription.parse(bad));
        });
    }

    private static void fragment(String text, String rule, Reason reason, int line, int column, String token) {
        refuses(rule, reason, line, column, token, () -> SdpFragment.parse(text));
    }

    static {
        // The form of the text.
        parsing("", "a description starts with v=0 (RFC 8866 §5.1)", Reason.MISSING, 1, 1, "");
        parsing("v=1\n", "the version is 0 (RFC 8866 §5.1)", Reason.SYNTAX, 1, 3, "1");
        parsing("v=0\ns=-\n", "o= follows v= (RFC 8866 §5.2)", Reason.MISSING, 2, 1, "s=-");
        parsing(
                "v=0\no=- 1 2 IN IP4\ns=-\nt=0 0\n",
                "o= has six parts separated by spaces (RFC 8866 §5.2)",
                Reason.SYNTAX,
                2,
                3,
                "- 1 2 IN IP4");
        parsing("v=0\no=- 1 1 IN IP4 x\nt=0 0\n", "s= follows o= (RFC 8866 §5.3)", Reason.MISSING, 3, 1, "t=0 0");
        parsing("v=0\no=- 1 1 IN IP4 x\ns=-\n", "there is a t= line (RFC 8866 §5.9)", Reason.MISSING, 0, 0, "");
        parsing(HEAD + "hello\n", "a line is <type>=<value> (RFC 8866 §5)", Reason.SYNTAX, 5, 1, "hello");
        parsing(HEAD + "a=x\ry\n", "a value holds no CR and no NUL (RFC 8866 §9)", Reason.SYNTAX, 5, 4, "\\u000dy");
        parsing(HEAD + "\na=x\n", "there is no empty line between lines (RFC 8866 §5)", Reason.SYNTAX, 5, 1, "");
        parsing(
                HEAD + "m=audio 9\n",
                "m= is <media> <port> <protocol> <format>... (RFC 8866 §5.14)",
                Reason.SYNTAX,
                5,
                3,
                "audio 9");
        parsing(
                HEAD + "m=audio 65536 RTP/AVP 0\n",
                "a port is 0 to 65535 (RFC 8866 §5.14)",
                Reason.SYNTAX,
                5,
                9,
                "65536");
        parsing(
                HEAD + "m=a/b 9 RTP/AVP 0\n",
                "media type, protocol and formats are tokens (RFC 8866 §9)",
                Reason.SYNTAX,
                5,
                3,
                "a/b");

        // Limits; one less is taken by SessionDescriptionTest.
        SdpLimits limits = SdpLimits.DEFAULT;
        parsing(limits.withCharsMax(10), HEAD, "a description has at most 10 characters (charsMax)", 0, 0);
        parsing(limits.withLinesMax(3), HEAD, "there are at most 3 lines (linesMax)", 4, 0);
        parsing(limits.withLineCharsMax(10), HEAD, "a line has at most 10 characters (lineCharsMax)", 2, 11);
        parsing(limits.withMediaMax(1), HEAD + OPUS + OPUS, "there are at most 1 media sections (mediaMax)", 8, 0);
        parsing(limits.withAttributesMax(1), HEAD + OPUS, "a section has at most 1 attributes (attributesMax)", 7, 0);

        // Attributes.
        reading("mid:a b", MediaDescription::mid, "a=mid is one word of at most 64 characters (RFC 5888 §4)", 7, "a b");
        reading(
                "rtpmap:96 VP8",
                MediaDescription::codecs,
                "a=rtpmap is <payload type> <name>/<clock rate>[/<channels>] (RFC 8866 §6.6)",
                10,
                "96 VP8");
        reading(
                "extmap:0 urn:x",
                MediaDescription::headerExtensions,
                "a=extmap is <id>[/<direction>] <URI> (RFC 8285 §8)",
                10,
                "0 urn:x");
        reading("rid:1 both", MediaDescription::rids, "a=rid has an id and send or recv (RFC 8851 §10)", 7, "1 both");
        reading("rid:1 send pt=x", MediaDescription::rids, "pt= of a=rid lists payload types (RFC 8851 §10)", 7, "x");
        reading(
                "msid:a b c",
                MediaDescription::msids,
                "a=msid has one or two ids of 1 to 64 characters (RFC 8830 §2)",
                8,
                "a b c");
        reading(
                "ssrc:x cname:y",
                MediaDescription::ssrcs,
                "a=ssrc starts with a number of 32 bits (RFC 5576 §4.1)",
                8,
                "x cname:y");
        reading(
                "ssrc-group:FID x",
                MediaDescription::ssrcGroups,
                "a=ssrc-group lists numbers of 32 bits (RFC 5576 §4.2)",
                14,
                "FID x");
        reading("ssrc-group:", MediaDescription::ssrcGroups, "a=ssrc-group has semantics (RFC 5576 §4.2)", 14, "");
        reading("sctp-port:65536", MediaDescription::sctpPort, "a=sctp-port is 0 to 65535 (RFC 8841 §5)", 13, "65536");
        reading(
                "max-message-size:-1",
                MediaDescription::maxMessageSizeBytes,
                "a=max-message-size is a number (RFC 8841 §6)",
                20,
                "-1");
        refuses(
                "a format of an RTP section is a payload type, 0 to 127 (RFC 8866 §5.14)",
                Reason.SYNTAX,
                5,
                19,
                "128",
                () -> SessionDescription.parse(HEAD + "m=video 9 RTP/AVP 128\n")
                        .media()
                        .get(0)
                        .payloadTypes());
        refuses(
                "a=tls-id is 20 to 255 letters, digits and +/-_ (RFC 8842 §4)",
                Reason.SYNTAX,
                5,
                10,
                "tooshort",
                () -> {
                    var description = SessionDescription.parse(HEAD + "a=tls-id:tooshort\n" + OPUS);
                    description.tlsId(description.media().get(0));
                });
        refuses(
                "a=group has semantics (RFC 5888 §5)",
                Reason.SYNTAX,
                5,
                9,
                "",
                () -> SessionDescription.parse(HEAD + "a=group:\n").groups());
        refuses(
                "a candidate is <foundation> <component> <transport> <priority> <address> <port> typ <type> (RFC 8839 §5.1)",
                Reason.SYNTAX,
                0,
                0,
                "1 1 udp",
                () -> CandidateAttribute.parse("1 1 udp"));

        // The transport, when an offer is taken.
        String section = HEAD + OPUS;
        offering(
                section + TRANSPORT.replace("abcd", "abc"),
                "a=ice-ufrag is 4 to 256 characters (RFC 8839 §5.4)",
                Reason.SYNTAX,
                8,
                13,
                "");
        offering(
                section + TRANSPORT.replace("0123456789012345678901", "secret"),
                "a=ice-pwd is 22 to 256 characters (RFC 8839 §5.4)",
                Reason.SYNTAX,
                9,
                11,
                "");
        offering(
                section + TRANSPORT.replace("sha-256 CC", "sha-256 C"),
                "a=fingerprint has a hash function and bytes in hexadecimal (RFC 8122 §5)",
                Reason.SYNTAX,
                10,
                15,
                "sha-256 C:" + "CC:".repeat(12) + "CC...");
        offering(
                section + TRANSPORT.replace("actpass", "maybe"),
                "a=setup is active, passive, actpass or holdconn (RFC 4145 §4)",
                Reason.SYNTAX,
                11,
                9,
                "maybe");
        offering(
                section + TRANSPORT.replace("actpass", "holdconn"),
                "a=setup of an offer is actpass or keeps the agreed role (RFC 8842 §5.2)",
                Reason.INCOMPATIBLE,
                0,
                0,
                "holdconn");
        offering(
                section + FINGERPRINT,
                "the tagged section has a=ice-ufrag and a=ice-pwd (RFC 8839 §5.4)",
                Reason.MISSING,
                0,
                0,
                "");
        offering(
                section + CREDENTIALS,
                "the tagged section has a=fingerprint (RFC 8827 §6.5)",
                Reason.MISSING,
                0,
                0,
                "");

        // Offers.
        offering(HEAD, "an offer has at least one section", Reason.INCOMPATIBLE, 0, 0, "");
        offering(HEAD + OPUS + OPUS + OPUS, "a session has at most 2 sections (slotsMax)", Reason.LIMIT, 0, 0, "3");
        offering(
                HEAD + OPUS + TRANSPORT + OPUS,
                "several sections share one transport by a BUNDLE group (RFC 9725 §4.4.1)",
                Reason.INCOMPATIBLE,
                0,
                0,
                "");
        offering(
                HEAD + "a=group:BUNDLE a\n" + OPUS + TRANSPORT + "a=mid:a\n" + OPUS + "a=mid:a\n",
                "each a=mid is unique (RFC 5888 §4)",
                Reason.CONFLICT,
                15,
                0,
                "a");
        offering(
                HEAD + OPUS.replace("a=rtcp-mux\n", "") + TRANSPORT,
                "RTP and RTCP share one port (RFC 9725 §4.4.1)",
                Reason.INCOMPATIBLE,
                6,
                0,
                "");
        reoffering(HEAD + "a=group:BUNDLE 0\n", "an offer has at least one section", Reason.INCOMPATIBLE, 0, "");
        String again = HEAD + "a=group:BUNDLE 0\n" + OPUS + TRANSPORT + "a=mid:0\n";
        reoffering(
                again.replace("m=audio", "m=video"),
                "a later offer keeps kind and order of the sections (RFC 3264 §6, §8)",
                Reason.MISMATCH,
                7,
                "video");
        reoffering(
                again.replace("a=mid:0", "a=mid:1").replace("BUNDLE 0", "BUNDLE 1"),
                "a later offer keeps the ids of the sections (RFC 9429 §5.3.1)",
                Reason.MISMATCH,
                7,
                "1");
        reoffering(
                again.replace("CC:", "DD:"),
                "the certificate stays the same during a session (RFC 8842 §5.5)",
                Reason.INCOMPATIBLE,
                0,
                "");
        refuses("a later offer keeps the sections, 2 (RFC 3264 §8)", Reason.MISMATCH, 0, 0, "1", () -> {
            Negotiation server = Peers.server().build();
            Peers.answer(
                    server,
                    SessionDescription.parse(
                            HEAD + "a=group:BUNDLE 0 1\n" + OPUS + TRANSPORT + "a=mid:0\n" + OPUS + "a=mid:1\n"));
            server.applyOffer(SessionDescription.parse(again));
        });

        // Answers; line 9 is the first under their m= line, line 8.
        answering(
                "(?s)m=audio.*",
                "",
                "an answer has as many sections as its offer, 1 (RFC 3264 §6)",
                Reason.MISMATCH,
                0,
                "0");
        answering(
                "m=audio",
                "m=video",
                "the answer keeps kind and order of the sections (RFC 3264 §6, §8)",
                Reason.MISMATCH,
                10,
                "video");
        answering(
                "a=mid:0",
                "a=mid:7",
                "the answer keeps the ids of the sections (RFC 9429 §5.3.1)",
                Reason.MISMATCH,
                10,
                "7");
        answering(
                "BUNDLE 0",
                "BUNDLE 1",
                "each open section is in the BUNDLE group (RFC 9725 §4.4.1)",
                Reason.INCOMPATIBLE,
                10,
                "");
        answering("opus", "other", "an open section has a codec of the offer (RFC 3264 §6.1)", Reason.MISMATCH, 10, "");
        answering(
                "extmap:1 ",
                "extmap:9 ",
                "an answer keeps the ids of extmap, 1 (RFC 8285 §6)",
                Reason.MISMATCH,
                10,
                "9 urn:ietf:params:rtp-hdrext:sdes:mid");
        answering(
                "setup:active",
                "setup:actpass",
                "an answer says a=setup:active or a=setup:passive (RFC 8842 §5.3)",
                Reason.MISSING,
                0,
                "actpass");
        refuses("the DTLS role stays (RFC 8842 §5.5)", Reason.MISMATCH, 0, 0, "passive", () -> {
            Negotiation client = Peers.client().build();
            Negotiation server = Peers.server().build();
            client.add(MediaKind.AUDIO).receive(true);
            Peers.exchange(client, server);
            server.updateTransport(Peers.serverTransport().withCredentials("new1", "another-password-of-24-chars"));
            String answer = Peers.answer(server, client.createOffer()).write();
            client.applyAnswer(SessionDescription.parse(answer.replace("setup:active", "setup:passive")));
        });

        // Fragments.
        fragment(
                "",
                "a fragment has credentials, candidates or end-of-candidates (RFC 8840 §9)",
                Reason.MISSING,
                0,
                0,
                "");
        fragment(
                "a=ice-ufrag:abcd\n",
                "a=ice-ufrag and a=ice-pwd come together (RFC 8839 §5.4)",
                Reason.MISSING,
                0,
                0,
                "");
        fragment(
                CREDENTIALS + "m=audio 9 RTP/AVP 0\na=ice-ufrag:efgh\n",
                "a fragment has one set of ICE credentials (RFC 9725 §4.3.2)",
                Reason.CONFLICT,
                0,
                0,
                "");
        fragment(
                "a=ice-pacing:10001\n" + CREDENTIALS,
                "a=ice-pacing is 0 to 10000 milliseconds (RFC 8839 §5.5)",
                Reason.SYNTAX,
                1,
                14,
                "10001");
    }

    static Stream<Case> cases() {
        return CASES.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void saysReasonPlaceTextAndRule(Case broken) {
        SdpException failure = catchThrowableOfType(SdpException.class, broken.call()::run);

        assertThat(failure).as(broken.rule()).isNotNull();
        assertThat(failure.rule()).isEqualTo(broken.rule());
        assertThat(failure.reason()).isEqualTo(broken.reason());
        assertThat(failure.line()).isEqualTo(broken.line());
        assertThat(failure.column()).isEqualTo(broken.column());
        assertThat(failure.token()).isEqualTo(broken.token());
        assertThat(failure.getMessage())
                .contains(broken.rule())
                .contains(broken.token())
                .contains(broken.line() == 0 ? "" : "line " + broken.line())
                .contains(broken.column() == 0 ? "" : "column " + broken.column());
    }

    @Test
    void tableHasEveryRuleOfTheSources() throws IOException {
        Pattern literal = Pattern.compile("\"([^\"\\n]*\\((?:RFC [^\"\\n]*|\\w+Max)\\))\"");
        List<String> missing = new ArrayList<>();
        int rules = 0;
        for (Path file : sources()) {
            Matcher matcher = literal.matcher(Files.readString(file));
            while (matcher.find()) {
                rules++;
                if (CASES.stream().noneMatch(broken -> broken.rule().contains(matcher.group(1)))) {
                    missing.add(file.getFileName() + ": " + matcher.group(1));
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(rules).isGreaterThan(40);
    }

    private static List<Path> sources() throws IOException {
        Path root = Path.of(System.getProperty("tributary.root", ".."), "sdp", "src", "main", "java");
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    // Its messages are for the caller, not about the peer.
                    .filter(file -> !file.endsWith("package-info.java"))
                    .toList();
        }
    }

    @Test
    void cutsAndEscapesWhatItRepeats() {
        String token = "\u001b[31m\"\\" + "x".repeat(100);
        SdpException failure =
                catchThrowableOfType(SdpException.class, () -> SessionDescription.parse(HEAD + token + "\r\n"));

        assertThat(failure.token())
                .isEqualTo("\\u001b[31m\\\"\\\\" + "x".repeat(SdpException.TOKEN_CHARS_MAX - 7) + "...");
        String exactly = "x".repeat(SdpException.TOKEN_CHARS_MAX);
        assertThat(SdpException.of(Reason.SYNTAX, exactly, "r").token()).isEqualTo(exactly);
        assertThat(SdpException.of(Reason.SYNTAX, exactly + "y", "r").token()).isEqualTo(exactly + "...");
    }
}
