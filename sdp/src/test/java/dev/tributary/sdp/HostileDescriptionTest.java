// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Nothing that a stranger sends makes the library throw anything but its own exception. */
final class HostileDescriptionTest {
    @Property(tries = 500)
    void parsesArbitraryTextOrRefusesIt(@ForAll String text) {
        useOrRefuse(text);
    }

    @Property(tries = 500)
    void parsesArbitraryLinesOrRefusesThem(@ForAll("lines") List<String> lines) {
        useOrRefuse("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n" + String.join("\r\n", lines));
    }

    @Provide
    Arbitrary<List<String>> lines() {
        Arbitrary<String> known = Arbitraries.of(
                        "a=rtpmap:",
                        "a=fmtp:",
                        "a=rtcp-fb:",
                        "a=extmap:",
                        "a=mid:",
                        "a=msid:",
                        "a=rid:",
                        "a=simulcast:",
                        "a=ssrc:",
                        "a=ssrc-group:",
                        "a=group:",
                        "a=candidate:",
                        "a=ice-ufrag:",
                        "a=ice-pwd:",
                        "a=fingerprint:",
                        "a=setup:",
                        "a=sctp-port:",
                        "a=max-message-size:",
                        "a=ice-options:",
                        "m=audio ",
                        "m=video 9 UDP/TLS/RTP/SAVPF ",
                        "m=application ",
                        "i=",
                        "a=")
                .flatMap(start -> Arbitraries.strings()
                        .withChars("0123456789 abc:;,=/*~-\t\u00e9{}")
                        .ofMaxLength(30)
                        .map(rest -> start + rest));
        return known.list().ofMaxSize(25);
    }

    @Property(tries = 400)
    void usesAMutatedRecordingOrRefusesIt(@ForAll("recordings") String name, @ForAll long seed) {
        useOrRefuse(mutate(Recorded.text(name), new Random(seed)));
    }

    @Test
    void takesTheRoleOfTheTaggedSectionWhenCredentialsStandInAnother() {
        // Found by the property above: the tagged section said passive and had lost its password.
        useOrRefuse(mutate(Recorded.text("firefox-153/session-answer-6"), new Random(-95)));
    }

    @Property(tries = 200)
    void takesAMutatedAnswerOrRefusesIt(@ForAll("sessions") String software, @ForAll long seed) {
        var client = Peers.client().offerDataChannel(true).build();
        client.add(MediaKind.AUDIO).send(SendTrack.of("programme", "main-audio"));
        client.add(MediaKind.VIDEO).send(SendTrack.of("programme", "main-video"));
        client.createOffer();
        client.applyAnswer(Recorded.description(software + "/publish-answer-0"));
        client.add(MediaKind.VIDEO).send(SendTrack.of("guest", "guest-video"));
        client.add(MediaKind.AUDIO).send(SendTrack.of("guest", "guest-audio"));
        client.createOffer();
        NegotiatedSession before = client.session();

        try {
            var random = new Random(seed);
            client.applyAnswer(SessionDescription.parse(mutate(Recorded.text(software + "/publish-answer-1"), random)));
            assertThat(client.state()).isEqualTo(Negotiation.State.STABLE);
        } catch (SdpException refused) {
            assertThat(client.state()).isEqualTo(Negotiation.State.HAVE_LOCAL_OFFER);
            assertThat(client.session()).isSameAs(before);
            assertThat(refused.getMessage().chars()).allMatch(c -> c >= ' ' && (c < 0x7f || c == '\u00a7'));
        }
    }

    @Property
    void readsAFragmentOrRefusesIt(@ForAll("lines") List<String> lines) {
        try {
            SdpFragment fragment = SdpFragment.parse(String.join("\r\n", lines));
            assertThat(SdpFragment.parse(fragment.write()).candidates()).isEqualTo(fragment.candidates());
        } catch (SdpException refused) {
            assertThat(refused.reason()).isNotNull();
        }
    }

    @Property(tries = 500)
    void readsAnyValueOrRefusesIt(@ForAll("values") String value) {
        List<Consumer<String>> parsers = List.of(
                CandidateAttribute::parse,
                CertificateFingerprint::parse,
                Group::parse,
                HeaderExtension::parse,
                Msid::parse,
                Rid::parse,
                RtpMap::parse,
                SsrcGroup::parse,
                TransportDescription::parseUfrag,
                TransportDescription::parsePassword);
        for (Consumer<String> parser : parsers) {
            try {
                parser.accept(value);
            } catch (SdpException refused) {
                assertThat(refused.reason()).isEqualTo(SdpException.Reason.SYNTAX);
            }
        }
        assertThat(FormatParameters.parse(value).text()).isEqualTo(value.strip());
        assertThat(TrackAnnotation.parse(value)).isNotNull();
        Simulcast simulcast = Simulcast.parse(value);
        if (simulcast != null) {
            assertThat(Simulcast.parse(simulcast.write())).isEqualTo(simulcast);
        }
    }

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(60),
                Arbitraries.strings().withChars("0123456789 abc:;,=/*~-\t{}").ofMaxLength(60),
                Arbitraries.of("send ", "recv ", "1 send pt=", "96 opus/", "sha-256 ", "1 1 udp 1 a 1 typ ", "FID ")
                        .flatMap(start -> Arbitraries.strings()
                                .withChars("0123456789 abc:;,=/~")
                                .ofMaxLength(20)
                                .map(rest -> start + rest)));
    }

    @Provide
    Arbitrary<String> recordings() {
        return Arbitraries.of(Recorded.names());
    }

    @Provide
    Arbitrary<String> sessions() {
        return Arbitraries.of(Recorded.software("publish-answer-0"));
    }

    /** Deletes, doubles, swaps and damages a few lines. */
    private static String mutate(String text, Random random) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        for (int i = random.nextInt(6); i >= 0 && lines.size() > 1; i--) {
            int at = random.nextInt(lines.size());
            String line = lines.get(at);
            switch (random.nextInt(6)) {
                case 0 -> lines.remove(at);
                case 1 -> lines.add(random.nextInt(lines.size()), line);
                case 2 -> lines.set(at, lines.set(random.nextInt(lines.size()), line));
                case 3 -> lines.set(at, line.substring(0, random.nextInt(line.length() + 1)));
                default -> {
                    int hit = random.nextInt(line.length() + 1);
                    char[] odd = {' ', ':', '0', '9', '-', '\0', '\r', '\u00ff', '\ud800', ';', '/', ',', 'a'};
                    String rest = hit < line.length() ? line.substring(hit + 1) : "";
                    lines.set(at, line.substring(0, hit) + odd[random.nextInt(odd.length)] + rest);
                }
            }
        }
        return String.join("\r\n", lines) + "\r\n";
    }

    private static void useOrRefuse(String text) {
        SessionDescription description;
        try {
            description = SessionDescription.parse(text);
        } catch (SdpException refused) {
            assertThat(refused.getMessage().chars()).allMatch(c -> c >= ' ' && (c < 0x7f || c == '\u00a7'));
            return;
        }
        String written = description.write();
        assertThat(SessionDescription.parse(written)).isEqualTo(description);
        assertThat(SessionDescription.parse(written).write()).isEqualTo(written);
        var server = Peers.server().build();
        try {
            server.applyOffer(description);
        } catch (SdpException refused) {
            assertThat(server.state()).isEqualTo(Negotiation.State.STABLE);
            assertThat(server.transceivers()).isEmpty();
            return;
        }
        AnswerRules.checkOurs(description, Peers.reparsed(server.createAnswer()));
    }
}
