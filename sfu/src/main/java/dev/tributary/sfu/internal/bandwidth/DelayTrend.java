// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.bandwidth;

import java.util.Arrays;

/**
 * Whether queues on the path grow: the trend of the one-way delay over groups of packets, against a threshold that
 * follows what the path does by itself (draft-ietf-rmcat-gcc-02 §5).
 *
 * <p>Not thread-safe.
 */
final class DelayTrend {
    /** What the delay does. */
    enum Signal {
        NORMAL,
        /** It grows: more is sent than the path carries. */
        OVERUSE,
        /** It shrinks: a queue drains. */
        UNDERUSE
    }

    private static final int WINDOW = 20;
    private static final double SMOOTHING = 0.9;
    private static final double GAIN = 4.0;
    private static final int DELTAS_MAX = 60;
    private static final double THRESHOLD_FIRST = 12.5;
    private static final double THRESHOLD_MIN = 6;
    private static final double THRESHOLD_MAX = 600;
    private static final double THRESHOLD_UP = 0.0087;
    private static final double THRESHOLD_DOWN = 0.039;
    /** A spike this far beyond the threshold does not move it. */
    private static final double SPIKE = 15;

    private static final double OVERUSE_MILLIS = 10;

    private final double[] times = new double[WINDOW];
    private final double[] delays = new double[WINDOW];
    private int filled;
    private int slot;
    private int deltas;
    private double accumulated;
    private double smoothed;
    private double trendBefore;
    private double threshold = THRESHOLD_FIRST;
    private double overMillis = -1;
    private int overCount;
    private long thresholdNanos = -1;

    private long groupFirstSent = -1;
    private long groupLastSent;
    private long groupLastArrival;
    private long beforeLastSent = -1;
    private long beforeLastArrival;
    private long originArrival = -1;
    private Signal signal = Signal.NORMAL;

    /** Begins anew, with the threshold as it was: after a stall, or a burst of ours. */
    void restart() {
        Arrays.fill(delays, 0);
        filled = 0;
        slot = 0;
        deltas = 0;
        accumulated = 0;
        smoothed = 0;
        trendBefore = 0;
        overMillis = -1;
        overCount = 0;
        groupFirstSent = -1;
        beforeLastSent = -1;
        originArrival = -1;
        thresholdNanos = -1;
        signal = Signal.NORMAL;
    }

    Signal signal() {
        return signal;
    }

    /** Takes a packet that arrived, in the order of sending. */
    void packet(long sentNanos, long arrivalNanos) {
        if (groupFirstSent < 0) {
            startGroup(sentNanos, arrivalNanos);
        } else if (sentNanos - groupFirstSent <= BandwidthLimits.GROUP_NANOS) {
            groupLastSent = Math.max(groupLastSent, sentNanos);
            groupLastArrival = Math.max(groupLastArrival, arrivalNanos);
        } else {
            if (beforeLastSent >= 0) {
                group(
                        (groupLastSent - beforeLastSent) / 1e6,
                        (groupLastArrival - beforeLastArrival) / 1e6,
                        groupLastArrival);
            }
            beforeLastSent = groupLastSent;
            beforeLastArrival = groupLastArrival;
            startGroup(sentNanos, arrivalNanos);
        }
    }

    private void startGroup(long sentNanos, long arrivalNanos) {
        groupFirstSent = sentNanos;
        groupLastSent = sentNanos;
        groupLastArrival = arrivalNanos;
    }

    private void group(double sentMillis, double arrivedMillis, long arrivalNanos) {
        if (arrivedMillis < 0 || arrivedMillis > BandwidthLimits.STALL_NANOS / 1e6) {
            restart();
            return;
        }
        originArrival = originArrival < 0 ? arrivalNanos : originArrival;
        deltas = Math.min(deltas + 1, DELTAS_MAX);
        accumulated += arrivedMillis - sentMillis;
        smoothed = SMOOTHING * smoothed + (1 - SMOOTHING) * accumulated;
        times[slot] = (arrivalNanos - originArrival) / 1e6;
        delays[slot] = smoothed;
        slot = (slot + 1) % WINDOW;
        filled = Math.min(filled + 1, WINDOW);
        double trend = filled < WINDOW ? trendBefore : slope();
        detect(trend, sentMillis, arrivalNanos);
    }

    /** The slope of the line of least squares. */
    private double slope() {
        double timeMean = 0;
        double delayMean = 0;
        for (int i = 0; i < WINDOW; i++) {
            timeMean += times[i] / WINDOW;
            delayMean += delays[i] / WINDOW;
        }
        double numerator = 0;
        double denominator = 0;
        for (int i = 0; i < WINDOW; i++) {
            numerator += (times[i] - timeMean) * (delays[i] - delayMean);
            denominator += (times[i] - timeMean) * (times[i] - timeMean);
        }
        return denominator == 0 ? trendBefore : numerator / denominator;
    }

    private void detect(double trend, double sentMillis, long arrivalNanos) {
        double modified = trend * deltas * GAIN;
        if (modified > threshold) {
            overMillis = overMillis < 0 ? sentMillis / 2 : overMillis + sentMillis;
            overCount++;
            if (overMillis > OVERUSE_MILLIS && overCount > 1 && trend >= trendBefore) {
                overMillis = 0;
                overCount = 0;
                signal = Signal.OVERUSE;
            }
        } else {
            overMillis = -1;
            overCount = 0;
            signal = modified < -threshold ? Signal.UNDERUSE : Signal.NORMAL;
        }
        trendBefore = trend;
        adapt(Math.abs(modified), arrivalNanos);
    }

    private void adapt(double modified, long arrivalNanos) {
        if (thresholdNanos >= 0 && modified <= threshold + SPIKE) {
            double step = modified < threshold ? THRESHOLD_DOWN : THRESHOLD_UP;
            double millis = Math.min(100, (arrivalNanos - thresholdNanos) / 1e6);
            threshold += step * (modified - threshold) * millis;
            threshold = Math.max(THRESHOLD_MIN, Math.min(THRESHOLD_MAX, threshold));
        }
        thresholdNanos = arrivalNanos;
    }
}
