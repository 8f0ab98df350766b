// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.bandwidth;

/**
 * The rate at which no packets are lost for want of room. A loss above {@value #LOSS_HIGH} makes it less, once; if sending
 * less does not cure the loss, the path loses packets by its nature (a radio link), and that much is borne from then on.
 *
 * <p>Not thread-safe.
 */
final class LossRate {
    private static final double LOSS_HIGH = 0.10;
    /** Beyond what the path loses by nature, so much more is a sign. */
    private static final double EXCESS = 0.08;

    private static final long WINDOW_NANOS = 500 * BandwidthLimits.MILLIS;
    private static final int PACKETS_MIN = 20;
    /** What the path loses by nature is believed for so long without being seen. */
    private static final double FORGET_PER_WINDOW = 0.99;

    private static final double FREE = Double.MAX_VALUE;

    private double limitBps = FREE;
    private double natural;
    private double before;
    private boolean judging;
    private boolean settling;
    private int received;
    private int lost;
    private double fraction;
    private long windowNanos = -1;

    /** The rate, {@link Long#MAX_VALUE} when nothing limits. */
    long bps() {
        return limitBps == FREE ? Long.MAX_VALUE : (long) limitBps;
    }

    /** Whether the rate was made less just now, and the effect is awaited. */
    boolean isJudging() {
        return judging;
    }

    /** The share that was lost lately, 0 to 1. */
    double fraction() {
        return fraction;
    }

    /** Takes what a report said. */
    void report(int packetsReceived, int packetsLost, long throughputBps, long nowNanos) {
        received += packetsReceived;
        lost += packetsLost;
        windowNanos = windowNanos < 0 ? nowNanos : windowNanos;
        if (nowNanos - windowNanos < WINDOW_NANOS || received + lost < PACKETS_MIN) {
            return;
        }
        fraction = (double) lost / (received + lost);
        received = 0;
        lost = 0;
        windowNanos = nowNanos;
        judge(throughputBps);
    }

    private void judge(long throughputBps) {
        if (settling) {
            // This window still holds packets that were sent before the rate was made less.
            settling = false;
            return;
        }
        if (judging) {
            judging = false;
            if (fraction > 0.7 * before) {
                natural = Math.max(natural, fraction);
                limitBps = FREE;
                return;
            }
        }
        natural *= FORGET_PER_WINDOW;
        if (fraction > Math.max(LOSS_HIGH, natural + EXCESS)) {
            before = fraction;
            judging = true;
            settling = true;
            double from = throughputBps > 0 ? Math.min(limitBps, throughputBps) : limitBps;
            limitBps = from == FREE ? BandwidthLimits.START_BPS : from * (1 - fraction / 2);
            limitBps = Math.max(limitBps, BandwidthLimits.BPS_MIN);
        } else if (limitBps != FREE) {
            limitBps *= 1.08;
            if (limitBps > BandwidthLimits.BPS_MAX) {
                limitBps = FREE;
            }
        }
    }

    /** A probe came through at this rate. */
    void raise(long probedBps) {
        if (limitBps < probedBps) {
            limitBps = probedBps;
        }
    }
}
