// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.bandwidth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The estimation alone, with a path of one's own making. */
class SendSideBandwidthTest {
    private static final long MILLIS = BandwidthLimits.MILLIS;

    private final SendSideBandwidth bandwidth = new SendSideBandwidth();
    private final ArrivalLog receiver = new ArrivalLog();
    private final byte[] report = new byte[1_200];
    private long now = 1_000 * MILLIS;
    private double queueMillis;

    /** Sends packets of 1,000 bytes at a rate over a path of a rate, with all their reports. */
    private void send(long bps, long pathBps, long millis) {
        long end = now + millis * MILLIS;
        long gap = 8_000L * BandwidthLimits.SECOND / bps;
        while (now < end) {
            int number = bandwidth.sent(1_000, now);
            queueMillis = Math.max(0, queueMillis - gap / 1e6) + 8_000e3 / pathBps;
            receiver.arrived(number, now + (long) (queueMillis * MILLIS) + 20 * MILLIS);
            report();
            now += gap;
        }
    }

    private void report() {
        while (receiver.nextDueNanos() <= now) {
            int length = receiver.write(report, 0, report.length, 1, 2, now);
            if (length > 0) {
                bandwidth.handleFeedback(report, 0, length, now);
            }
        }
    }

    @Test
    void aPathThatIsTooNarrowIsFoundWithinASecond() {
        send(900_000, 600_000, 1_500);

        assertThat(bandwidth.targetBps(now)).isBetween(350_000L, 620_000L);
        assertThat(bandwidth.isLimitKnown()).isTrue();
    }

    @Test
    void anEstimateThatNobodyUsesDoesNotGrow() {
        send(100_000, 50_000_000, 20_000);

        assertThat(bandwidth.targetBps(now)).isEqualTo(BandwidthLimits.START_BPS);
    }

    @Test
    void anEstimateThatIsUsedGrows() {
        send(950_000, 50_000_000, 10_000);

        assertThat(bandwidth.targetBps(now)).isGreaterThan(1_300_000);
    }

    @Test
    void aStallOfOursIsNoCongestion() {
        send(900_000, 5_000_000, 5_000);
        long before = bandwidth.targetBps(now);
        // Neither a packet nor a report for three seconds, and then all of it at once.
        now += 3_000 * MILLIS;
        queueMillis = 0;
        for (int i = 0; i < 60; i++) {
            receiver.arrived(bandwidth.sent(1_000, now), now + (20 + i) * MILLIS);
        }
        send(900_000, 5_000_000, 3_000);

        assertThat(bandwidth.targetBps(now)).isGreaterThanOrEqualTo(before);
    }

    @Test
    void theClockOfTheReceiverMayWrapAndBeginAnywhere() {
        // 2^24 times 64 ms is all that a report can say.
        now = ((1L << 24) * 64 - 5_000) * MILLIS;
        send(900_000, 5_000_000, 10_000);

        assertThat(bandwidth.targetBps(now)).isGreaterThanOrEqualTo(BandwidthLimits.START_BPS);
        assertThat(bandwidth.throughputBps()).isBetween(700_000L, 1_100_000L);
    }

    @Test
    void aThousandPacketsOnTheirWayForSecondsAreNotForgotten() {
        int[] numbers = new int[2_000];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = bandwidth.sent(1_000, now);
            now += 2 * MILLIS;
        }
        for (int i = 0; i < numbers.length; i++) {
            receiver.arrived(numbers[i], now + i * 2 * MILLIS);
            now += 2 * MILLIS;
            report();
        }

        assertThat(bandwidth.throughputBps()).isGreaterThan(1_500_000);
    }

    @Test
    void nothingIsProbedWhenThereIsEnough() {
        bandwidth.begin(now);
        bandwidth.demand(900_000);

        assertThat(bandwidth.nextTimeoutNanos()).isEqualTo(dev.tributary.core.DatagramProtocol.NEVER);
        bandwidth.demand(1_100_000);
        assertThat(bandwidth.nextTimeoutNanos()).isLessThanOrEqualTo(now);
    }
}
