// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RecordedDescriptionsTest {
    static List<String> names() {
        return Recorded.names();
    }

    static List<String> offers() {
        return Recorded.offers();
    }

    @Test
    void corpusIsThere() {
        assertThat(names()).hasSizeGreaterThanOrEqualTo(24);
    }

    @ParameterizedTest
    @MethodSource("names")
    void writesBackWhatItRead(String name) {
        assertThat(Recorded.description(name).write()).isEqualTo(Recorded.text(name));
    }

    @ParameterizedTest
    @MethodSource("names")
    void readsEveryAttributeThatItKnows(String name) {
        var description = Recorded.description(name);

        for (var media : description.media()) {
            assertThat(media.mid()).isNotNull();
            if (media.kind().isRtp() && !media.isRejected()) {
                assertThat(media.codecs()).hasSameSizeAs(media.formats());
                assertThat(media.headerExtensions()).hasSameSizeAs(media.attributes("extmap"));
                assertThat(media.isRtcpMux()).isTrue();
                assertThat(description.transport(media).ufrag()).isNotNull();
                assertThat(description.transport(media).fingerprints()).hasSize(1);
            }
            media.candidates()
                    .forEach(candidate -> assertThat(
                                    CandidateAttribute.parse(candidate).write())
                            .isEqualTo(candidate));
            media.rids().forEach(rid -> assertThat(media.attributes("rid")).contains(rid.write()));
        }
    }

    @ParameterizedTest
    @MethodSource("offers")
    void answersEveryOffer(String name) {
        var offer = Recorded.description(name);
        var server = Peers.server().build();

        var answer = Peers.answer(server, offer);

        AnswerRules.check(offer, answer);
        assertThat(server.session()).isNotNull();
        assertThat(server.session().remoteTransport().ufrag()).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void takesEveryAnswerForItsOffer(String name) {
        var offer = Recorded.description(name);
        var answer = Recorded.description(name.replace("offer", "answer"));

        var bundle = Bundle.of(answer);
        AnswerCheck.checkAnswer(offer, answer, bundle);
        AnswerRules.check(offer, answer);
    }

    static List<String> exchanges() {
        return names().stream()
                .filter(name -> name.contains("exchange-") && name.endsWith("offer"))
                .toList();
    }

    @Test
    void followsABrowserThroughItsReoffers() {
        for (String browser : List.of("chromium-156", "firefox-153")) {
            var server = Peers.server().build();
            for (int i = 1; i <= 3; i++) {
                var offer = Recorded.description(browser + "/exchange-" + i + "-offer");
                AnswerRules.check(offer, Peers.answer(server, offer));
            }
            assertThat(server.session().acceptedMedia()).hasSize(2);
            assertThat(server.session().dataChannel()).isNotNull();
        }
    }

    @Test
    void mirrorsTheSimulcastStreamsOfBrowsersInOrder() {
        for (String browser : List.of("chromium-156", "firefox-153")) {
            var server = Peers.server().build();

            var answer = Peers.answer(server, Recorded.description(browser + "/offer-simulcast"));

            var video = answer.media().get(1);
            assertThat(video.attribute("simulcast")).isEqualTo("recv q;h;f");
            assertThat(video.attributes("rid")).containsExactly("q recv", "h recv", "f recv");
            assertThat(server.session().media().get(1).receiveRids()).containsExactly("q", "h", "f");
        }
    }
}
