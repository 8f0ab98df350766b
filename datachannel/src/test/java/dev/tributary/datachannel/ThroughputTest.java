// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.testkit.LinkConditions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * How well a path is used: the conditions and the lower bounds are those of dcsctp's network tests, with the last seven of
 * ten seconds counted as there. Their upper bounds say what the path has.
 */
class ThroughputTest {
    private static final LinkConditions PATH = LinkConditions.PERFECT.withDelay(Duration.ofMillis(30));
    private static final int QUEUE_BYTES = 10_000_000;
    private static final double MEGABIT = 1e6;

    @Test
    void usesAPathOfOneMegabit() {
        LinkConditions path = PATH.withBandwidth(1_000_000).withQueueLimit(QUEUE_BYTES);

        assertThat(throughputBps(path, SctpSettings.DEFAULT)).isBetween(0.9 * MEGABIT, 1 * MEGABIT);
    }

    @Test
    void usesAPathOfEighteenMegabits() {
        LinkConditions path = PATH.withBandwidth(18_000_000).withQueueLimit(QUEUE_BYTES);

        assertThat(throughputBps(path, SctpSettings.DEFAULT)).isBetween(16 * MEGABIT, 18 * MEGABIT);
    }

    @Test
    void goesOnAtOnePercentLoss() {
        // The square root law of Reno allows 1.6 Mbit/s with 60 ms and 1.9 with 50 ms.
        for (int seed = 1; seed <= 5; seed++) {
            assertThat(throughputBps(PATH.withLoss(0.01), SctpSettings.DEFAULT, seed))
                    .isGreaterThan(1.5 * MEGABIT);
            assertThat(throughputBps(PATH.withDelay(Duration.ofMillis(25)).withLoss(0.01), SctpSettings.DEFAULT, seed))
                    .isGreaterThan(1.8 * MEGABIT);
        }
    }

    @Test
    void fillsAWindowOfFiveMebibytesInEveryRoundTrip() {
        Limits wide = Limits.builder().receiveWindowBytes(5 * 1024 * 1024).build();

        assertThat(throughputBps(PATH, SctpSettings.builder().limits(wide).build()))
                .isGreaterThan(520 * MEGABIT);
    }

    private static double throughputBps(LinkConditions path, SctpSettings settings) {
        return throughputBps(path, settings, 1);
    }

    private static double throughputBps(LinkConditions path, SctpSettings settings, int seed) {
        Pair pair = Pair.of(seed, path, settings, settings).connected();
        DataChannel channel = pair.opened("x", DataChannelOptions.RELIABLE);
        pair.a.channels.bufferedAmountLowThreshold(channel, 1_000_000);
        Runnable fill = () -> {
            while (pair.a.channels.bufferedAmountBytes(channel) < 2_000_000) {
                pair.a.channels.send(channel, new byte[16_384], pair.now());
            }
        };
        pair.a.onEvent = event -> {
            if (event instanceof DataChannelEvent.BufferedAmountLow) {
                fill.run();
            }
        };
        fill.run();
        long[] bytes = {0};
        pair.z.onEvent = event -> {
            if (event instanceof DataChannelEvent.Message message) {
                bytes[0] += message.payload().length;
                pair.z.events.clear();
            }
        };
        pair.network.run(Duration.ofSeconds(3));
        bytes[0] = 0;
        pair.network.run(Duration.ofSeconds(7));
        return bytes[0] * 8.0 / 7;
    }
}
