// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.bandwidth;

/**
 * The rate that keeps queues short: less as soon as they grow, more when they do not (draft-ietf-rmcat-gcc-02 §5.5). It
 * grows by itself only while the path is used; beyond that only {@link #raise}, after a probe, says that there is more.
 *
 * <p>Not thread-safe.
 */
final class DelayRate {
    private static final double DECREASE = 0.85;
    private static final double INCREASE_PER_SECOND = 1.08;
    /** Only a sender that uses this share of the rate learns anything from not being slowed down. */
    private static final double USED = 0.65;

    private static final double AHEAD_OF_THROUGHPUT = 1.5;

    private long bps = BandwidthLimits.START_BPS;
    /** Where queues began to grow the last time; 0 when not known. */
    private long capacityBps;

    private boolean decreasing;
    private long updatedNanos = -1;
    private long decreasedNanos = Long.MIN_VALUE / 2;

    long bps() {
        return bps;
    }

    /** When it was last made less. */
    long decreasedNanos() {
        return decreasedNanos;
    }

    void update(DelayTrend.Signal signal, long throughputBps, long roundTripNanos, long nowNanos) {
        double seconds = updatedNanos < 0 ? 0 : Math.min(1, (nowNanos - updatedNanos) / 1e9);
        updatedNanos = nowNanos;
        switch (signal) {
            case OVERUSE -> decrease(throughputBps, roundTripNanos, nowNanos);
            case UNDERUSE -> decreasing = false;
            case NORMAL -> {
                decreasing = false;
                increase(throughputBps, roundTripNanos, seconds);
            }
        }
    }

    /** A probe came through at this rate. */
    void raise(long probedBps) {
        bps = clamp(Math.max(bps, probedBps));
        if (probedBps > capacityBps) {
            capacityBps = 0;
        }
    }

    private void decrease(long throughputBps, long roundTripNanos, long nowNanos) {
        // What was sent before the last decrease says nothing about its effect.
        if (decreasing && nowNanos - decreasedNanos < Math.max(200 * BandwidthLimits.MILLIS, roundTripNanos)) {
            return;
        }
        decreasing = true;
        decreasedNanos = nowNanos;
        if (throughputBps > 0) {
            capacityBps = throughputBps;
            bps = clamp(Math.min(bps, (long) (DECREASE * throughputBps)));
        } else {
            bps = clamp(bps / 2);
        }
    }

    private void increase(long throughputBps, long roundTripNanos, double seconds) {
        if (throughputBps < USED * bps) {
            return;
        }
        long ceiling = (long) (AHEAD_OF_THROUGHPUT * throughputBps) + 10_000;
        boolean isNearCapacity = capacityBps > 0 && throughputBps < 1.5 * capacityBps;
        double more = isNearCapacity
                // One packet in each response time.
                ? Math.max(4_000, 8 * 1_200 / (roundTripNanos / 1e9 + 0.1)) * seconds
                : bps * (Math.pow(INCREASE_PER_SECOND, seconds) - 1);
        bps = clamp(Math.max(bps, Math.min(ceiling, (long) (bps + more))));
    }

    private static long clamp(long value) {
        return Math.max(BandwidthLimits.BPS_MIN, Math.min(BandwidthLimits.BPS_MAX, value));
    }
}
