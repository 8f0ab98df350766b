// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions of browsers with this library, played again: what the browsers answered to its re-offers is recorded. */
final class RecordedSessionTest {
    @ParameterizedTest
    @ValueSource(strings = {"chromium-156", "firefox-153"})
    void takesEveryAnswerOfABrowserToItsReoffers(String browser) {
        var server = Peers.server().build();
        server.applyOffer(Recorded.description(browser + "/session-offer"));
        for (Transceiver transceiver : server.transceivers()) {
            transceiver
                    .receive(false)
                    .send(SendTrack.of("programme", "main-" + transceiver.kind().media()));
        }
        server.createAnswer();

        Transceiver guest = server.add(MediaKind.VIDEO).send(SendTrack.of("guest", "guest-video"));
        server.add(MediaKind.AUDIO).send(SendTrack.of("guest", "guest-audio"));
        assertThat(exchange(server, browser, 1).media("3").direction()).isEqualTo(Direction.SENDONLY);
        assertThat(exchange(server, browser, 2).media("4").direction()).isEqualTo(Direction.SENDONLY);

        guest.stopSending();
        assertThat(exchange(server, browser, 3).media("3").direction()).isEqualTo(Direction.INACTIVE);

        assertThat(server.add(MediaKind.VIDEO)).isSameAs(guest);
        guest.send(SendTrack.of("other", "other-video"));
        assertThat(exchange(server, browser, 4).media("3").direction()).isEqualTo(Direction.SENDONLY);

        guest.stopSending();
        exchange(server, browser, 5);
        guest.stop();
        assertThat(exchange(server, browser, 6).media("3").rejected()).isTrue();

        server.add(MediaKind.AUDIO).send(SendTrack.of("next", "next-audio"));
        NegotiatedMedia recycled = exchange(server, browser, 7).media("5");
        assertThat(recycled.index()).isEqualTo(3);
        assertThat(recycled.direction()).isEqualTo(Direction.SENDONLY);
        assertThat(recycled.codecs()).extracting(NegotiatedCodec::name).containsExactly("opus");
    }

    private static NegotiatedSession exchange(Negotiation server, String browser, int number) {
        SessionDescription offer = server.createOffer();
        SessionDescription answer = Recorded.description(browser + "/session-answer-" + number);
        AnswerRules.check(offer, answer);
        return server.applyAnswer(answer);
    }
}
