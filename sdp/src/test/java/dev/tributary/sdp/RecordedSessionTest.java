// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Sessions of other software with this library, played again: what it answered to our re-offers is recorded. */
final class RecordedSessionTest {
    static List<String> viewers() {
        return Recorded.software("session-offer");
    }

    static List<String> publishing() {
        return Recorded.software("publish-answer-0");
    }

    @ParameterizedTest
    @MethodSource("viewers")
    void takesEveryAnswerOfAViewerToItsReoffers(String folder) {
        var offer = Recorded.description(folder + "/session-offer");
        var session = ReofferSession.ofViewer(offer, new Recording(folder, "session"));

        session.steps().subList(0, answers(folder, "session")).forEach(Runnable::run);
    }

    @ParameterizedTest
    @MethodSource("publishing")
    void takesEveryAnswerToWhatItPublishes(String folder) {
        var session = ReofferSession.ofPublisher(new Recording(folder, "publish"));

        session.steps().subList(0, answers(folder, "publish") - 1).forEach(Runnable::run);
    }

    /** webrtcbin of GStreamer 1.22 has no changes of direction; Janus does not give a section that it used before another mid. */
    @ParameterizedTest
    @CsvSource({
        "aiortc-1.4.0, 7, 8",
        "chromium-156, 7, 8",
        "firefox-153, 7, 8",
        "gstreamer-1.22, 3, 4",
        "janus-1.1.2, 0, 7",
        "libwebrtc-0.14.0, 7, 8",
        "pion-3.1.56, 7, 8",
        "pion-4.2.26, 7, 8",
    })
    void hasTheAnswersOfSoftwareThatCanAnswer(String folder, int toAViewer, int toAPublisher) {
        assertThat(answers(folder, "session")).isEqualTo(toAViewer);
        assertThat(answers(folder, "publish")).isEqualTo(toAPublisher);
    }

    private static int answers(String folder, String name) {
        return (int) Recorded.names().stream()
                .filter(recording -> recording.startsWith(folder + '/' + name + "-answer-"))
                .count();
    }

    private record Recording(String folder, String name) implements ReofferSession.Peer {
        @Override
        public SessionDescription answer(int number, SessionDescription offer) {
            return Recorded.description(folder + '/' + name + "-answer-" + number);
        }

        @Override
        public boolean receivesAgain() {
            return !folder.startsWith("pion-3");
        }
    }
}
