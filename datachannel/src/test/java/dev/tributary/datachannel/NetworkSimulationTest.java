// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

import dev.tributary.testkit.Seeds;
import org.junit.jupiter.api.Test;

/**
 * Whole associations over every network that a seed can draw. 600 seeds run by default;
 * {@code -Dtributary.seeds=2000} runs them all, {@code -Dtributary.seed=17} replays one.
 */
class NetworkSimulationTest {
    @Test
    void deliversOnceAndInOrderWithinItsLimitsAndWithoutAStallOverAnyNetwork() {
        Seeds.forEach(600, seed -> new TrafficRun(seed).play());
    }
}
