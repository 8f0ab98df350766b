// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Bounds what one operation on a browser's offer allocates. The bounds lie a little above what was measured ({@code
 * SdpBenchmark} tells), so that a copy of the lines that comes back is noticed.
 */
final class AllocationTest {
    private static final int RUNS = 200;

    private final String text = Recorded.text("chromium-156/exchange-2-offer");
    private final SessionDescription offer = SessionDescription.parse(text);

    @Test
    void parsingAllocatesAboutTwiceTheText() {
        assertThat(Work.bytes(RUNS, () -> SessionDescription.parse(text))).isLessThan(22L * text.length() / 10);
    }

    @Test
    void writingAllocatesTheTextAndOneArrayForItsCharacters() {
        assertThat(Work.bytes(RUNS, offer::write)).isLessThan(3L * text.length() + 1000);
    }

    @Test
    void interpretingAllocatesLessThanNineTimesTheText() {
        assertThat(Work.bytes(RUNS, () -> Work.interpret(offer))).isLessThan(9L * text.length());
    }

    @Test
    void answeringAllocatesLessThanSeventyTimesTheText() {
        assertThat(Work.bytes(RUNS, () -> {
                    var server = Peers.server().build();
                    server.applyOffer(offer);
                    server.createAnswer();
                }))
                .isLessThan(70L * text.length());
    }
}
