// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Simulcast offers and their answers (RFC 8853 §5.3), exhaustively in the small: which streams are offered in which form, which of
 * them can be taken, and in which direction media flows.
 */
final class SimulcastTablesTest {
    private static final String HEAD = "v=0\no=- 1 1 IN IP4 127.0.0.1\ns=-\nt=0 0\na=group:BUNDLE v\n";
    private static final String SECTION =
            "m=video 9 UDP/TLS/RTP/SAVPF 96 98\na=rtpmap:96 VP8/90000\na=rtpmap:98 unknown/90000\n"
                    + "a=rtcp-mux\na=mid:v\na=ice-ufrag:abcd\na=ice-pwd:0123456789012345678901\na=setup:actpass\n"
                    + "a=fingerprint:sha-256 " + "CC:".repeat(31) + "CC\n";

    /** What an offer says of a rid. */
    private enum Named {
        /** With a line of its own. */
        PLAIN("", true),
        /** With a codec that the answerer has. */
        WITH_KNOWN_CODEC(" pt=96,98", true),
        /** Only with a codec that the answerer has not. */
        WITH_UNKNOWN_CODEC(" pt=98", false),
        /** In the simulcast attribute only. */
        NOT(null, false);

        private final String restriction;
        private final boolean usable;

        Named(String restriction, boolean usable) {
            this.restriction = restriction;
            this.usable = usable;
        }
    }

    /** How three streams stand in the attribute: as streams of their own, or one as the alternative of another; paused or not. */
    private static final List<String> FORMS =
            List.of("a;b;c", "a,b;c", "a;b,c", "a,b,c", "~a;b;c", "a;~b;~c", "a,~b;c", "~a,~b,~c");

    private static SessionDescription answer(String offer, boolean receive, List<String> sending) {
        Negotiation server = Peers.server().build();
        server.applyOffer(SessionDescription.parse(offer));
        Transceiver transceiver = server.transceivers().get(0).receive(receive);
        if (!sending.isEmpty()) {
            transceiver.send(SendTrack.of("s", "t").withRids(sending));
        }
        SessionDescription answer = Peers.reparsed(server.createAnswer());
        AnswerRules.checkOurs(SessionDescription.parse(offer), answer);
        assertThat(server.session().media("v").receiveRids()).isEqualTo(rids(answer, "recv"));
        assertThat(server.session().media("v").sendRids()).isEqualTo(rids(answer, "send"));
        return answer;
    }

    private static List<String> rids(SessionDescription answer, String direction) {
        Simulcast simulcast = answer.media().get(0).simulcast();
        if (simulcast == null) {
            return List.of();
        }
        return (direction.equals("send") ? simulcast.send() : simulcast.receive())
                .stream().flatMap(List::stream).map(Simulcast.Stream::rid).toList();
    }

    /** What is left of the form when only these can be used. */
    private static String only(String form, Set<String> usable) {
        List<String> streams = new ArrayList<>();
        for (String stream : form.split(";")) {
            List<String> alternatives = new ArrayList<>();
            for (String alternative : stream.split(",")) {
                if (usable.contains(alternative.replace("~", ""))) {
                    alternatives.add(alternative);
                }
            }
            if (!alternatives.isEmpty()) {
                streams.add(String.join(",", alternatives));
            }
        }
        return String.join(";", streams);
    }

    @Test
    void takesOfWhatIsSentWhatItCanInEveryForm() {
        for (String form : FORMS) {
            for (int kinds = 0; kinds < 64; kinds++) {
                for (boolean receive : new boolean[] {true, false}) {
                    checkSent(form, kinds, receive);
                }
            }
        }
    }

    /** {@code kinds} has two bits for each rid. */
    private static void checkSent(String form, int kinds, boolean receive) {
        StringBuilder offer = new StringBuilder(HEAD).append(SECTION).append("a=sendonly\n");
        Set<String> usable = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            String rid = "abc".substring(i, i + 1);
            Named named = Named.values()[kinds >> 2 * i & 3];
            if (named != Named.NOT) {
                offer.append("a=rid:")
                        .append(rid)
                        .append(" send")
                        .append(named.restriction)
                        .append('\n');
            }
            if (named.usable && receive) {
                usable.add(rid);
            }
        }
        offer.append("a=simulcast:send ").append(form).append('\n');

        MediaDescription answered =
                answer(offer.toString(), receive, List.of()).media().get(0);

        String left = only(form, usable);
        assertThat(answered.attribute("simulcast"))
                .as(form + ' ' + kinds)
                .isEqualTo(left.isEmpty() ? null : "recv " + left);
        assertThat(answered.rids().stream().map(Rid::id)).containsExactlyInAnyOrderElementsOf(usable);
        assertThat(answered.rids()).noneMatch(Rid::send);
        assertThat(answered.direction()).isEqualTo(receive ? Direction.RECVONLY : Direction.INACTIVE);
    }

    @Test
    void sendsOfWhatIsWantedWhatItHasInEveryForm() {
        for (String form : FORMS) {
            for (int has = 0; has < 8; has++) {
                List<String> sending = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    if ((has >> i & 1) != 0) {
                        sending.add("abc".substring(i, i + 1));
                    }
                }
                String offer = HEAD + SECTION
                        + "a=recvonly\na=rid:a recv\na=rid:b recv\na=rid:c recv\na=simulcast:recv " + form + '\n';

                MediaDescription answered = answer(offer, true, sending).media().get(0);

                String left = only(form, new HashSet<>(sending));
                assertThat(answered.attribute("simulcast")).isEqualTo(left.isEmpty() ? null : "send " + left);
                assertThat(answered.rids()).allMatch(Rid::send);
                assertThat(answered.direction()).isEqualTo(sending.isEmpty() ? Direction.INACTIVE : Direction.SENDONLY);
            }
        }
    }

    /** Both directions at once: offered, what we send, whether we receive, answered. */
    @ParameterizedTest
    @CsvSource({
        "'send a;b recv c',        c,   true,  send c recv a;b",
        "'recv c send a;b',        c,   true,  send c recv a;b",
        "'send a;b recv c',        c,   false, send c",
        "'send a;b recv c',        '',  true,  recv a;b",
        "'send a;b recv c',        x,   true,  recv a;b",
        "'send a,~b recv c',       c,   true,  'send c recv a,~b'",
        "'send a;b',               c,   true,  recv a;b",
        "'recv c',                 c,   true,  send c",
        "'recv c',                 '',  true,  ",
        "'send a;a;b',             '',  true,  recv a;b",
        "'send c',                 '',  true,  ",
        "'send a;b recv c send a', c,   true,  ",
        "'send a; b',              '',  true,  ",
    })
    void answersBothDirectionsAtOnce(String offered, String sends, boolean receives, String answered) {
        String offer =
                HEAD + SECTION + "a=sendrecv\na=rid:a send\na=rid:b send\na=rid:c recv\na=simulcast:" + offered + '\n';

        SessionDescription answer = answer(offer, receives, List.of(Scan.words(sends, 9)));

        assertThat(answer.media().get(0).attribute("simulcast")).isEqualTo(answered);
    }

    /** What we offered as {@code a;b;c}, what the peer answers, and what we may send then. */
    @ParameterizedTest
    @CsvSource({
        "recv a;b;c,    a b c",
        "recv c;a,      c a",
        "recv b,        b",
        "recv ~a;b,     a b",
        "'recv a,b;c',  a b c",
        "recv a;x;c,    a c",
        "recv x,        ''",
        "recv a;a;b,    a b",
        "send a;b;c,    ''",
        "send x recv a, a",
        "recv a recv b, ''",
        "nonsense,      ''",
        ",              ''",
    })
    void sendsOnlyWhatTheAnswerTakes(String answered, String agreed) {
        Negotiation publisher = Peers.client().build();
        publisher.add(MediaKind.VIDEO).send(SendTrack.of("s", "t").withRids(List.of("a", "b", "c")));
        String answer = Peers.answer(Peers.server().build(), Peers.reparsed(publisher.createOffer()))
                .write()
                .replace("a=simulcast:recv a;b;c\r\n", answered == null ? "" : "a=simulcast:" + answered + "\r\n");

        publisher.applyAnswer(SessionDescription.parse(answer));

        assertThat(publisher.session().media("0").sendRids()).containsExactly(Scan.words(agreed, 9));
    }

    @Test
    void leavesSimulcastOutWhenTheSectionIsRefusedAndTakesItUpInAReoffer() {
        Negotiation publisher = Peers.client().build();
        publisher.add(MediaKind.AUDIO).send(SendTrack.of("s", "a"));
        Transceiver video =
                publisher.add(MediaKind.VIDEO).send(SendTrack.of("s", "v").withRids(List.of("a", "b")));
        Negotiation server = Peers.server().build();
        server.applyOffer(Peers.reparsed(publisher.createOffer()));
        server.transceiver("1").stop();
        SessionDescription answer = Peers.reparsed(server.createAnswer());
        publisher.applyAnswer(answer);

        assertThat(answer.media().get(1).hasAttribute("simulcast")).isFalse();
        assertThat(publisher.session().media("1").sendRids()).isEmpty();
        assertThat(video.isStopped()).isTrue();

        publisher.add(MediaKind.VIDEO).send(SendTrack.of("s", "v").withRids(List.of("a", "b")));
        Peers.exchange(publisher, server);
        assertThat(publisher.session().media("2").sendRids()).containsExactly("a", "b");
        assertThat(server.session().media("2").receiveRids()).containsExactly("a", "b");
    }

    /** RFC 8853 §5.1: the whole grammar, read and written back. */
    @Test
    void readsAndWritesEveryForm() {
        for (String one : FORMS) {
            for (String other : FORMS) {
                for (String value : List.of("send " + one, "recv " + one, "send " + one + " recv " + other)) {
                    Simulcast simulcast = Simulcast.parse(value);
                    assertThat(simulcast.write()).isEqualTo(value);
                    assertThat(simulcast.reversed().reversed()).isEqualTo(simulcast);
                }
                assertThat(Simulcast.parse("recv " + one + " send " + other))
                        .isEqualTo(Simulcast.parse("send " + other + " recv " + one));
            }
        }
    }
}
