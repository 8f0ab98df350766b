// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.tx;

/**
 * The retransmission time-out from measured round trips (RFC 9260 §6.3.1, RFC 6298), with its exponential backoff.
 *
 * <p>Not thread-safe.
 */
public final class RetransmissionTimeout {
    private static final long MILLI = 1_000_000L;

    /** Before the first measurement; RFC 9260 §16 has one second, browsers half of it. */
    private static final long INITIAL_NANOS = 500 * MILLI;

    /** Above the 200 ms by which a peer may delay its SACK. */
    private static final long MIN_NANOS = 400 * MILLI;

    /** A path slower than that is not one for live media. */
    private static final long MAX_NANOS = 10_000 * MILLI;

    /** The delay of a SACK is not in every measurement: the margin above the mean is at least that. */
    private static final long MARGIN_NANOS_MIN = 220 * MILLI;

    /** The backoff stops there, so that a path that comes back is used soon. */
    private static final long BACKOFF_NANOS_MAX = 3_000 * MILLI;

    private static final int BACKOFF_SHIFT_MAX = 10;

    private long smoothedNanos;
    private long varianceNanos;
    private long timeoutNanos = INITIAL_NANOS;
    private int backoffShift;

    /** Takes a measurement of a packet that was sent once (Karn's rule is the caller's). */
    public void measured(long roundTripNanos) {
        long rtt = Math.max(roundTripNanos, 1);
        if (smoothedNanos == 0) {
            smoothedNanos = rtt;
            varianceNanos = rtt / 2;
        } else {
            varianceNanos += (Math.abs(smoothedNanos - rtt) - varianceNanos) / 4;
            smoothedNanos = Math.max(1, smoothedNanos + (rtt - smoothedNanos) / 8);
        }
        long margin = Math.max(4 * varianceNanos, MARGIN_NANOS_MIN);
        timeoutNanos = Math.min(MAX_NANOS, Math.max(MIN_NANOS, smoothedNanos + margin));
    }

    /** The time-out with its backoff. */
    public long nanos() {
        long cap = Math.max(timeoutNanos, BACKOFF_NANOS_MAX);
        return Math.min(cap, timeoutNanos << backoffShift);
    }

    /** The time-out as it follows from the measurements alone. */
    long withoutBackoffNanos() {
        return timeoutNanos;
    }

    /** The smoothed round trip time, 0 before the first measurement. */
    public long smoothedNanos() {
        return smoothedNanos;
    }

    /** The timer ran out: the next time-out is twice as long. */
    public void backOff() {
        backoffShift = Math.min(backoffShift + 1, BACKOFF_SHIFT_MAX);
    }

    /** The peer answered. */
    public void answered() {
        backoffShift = 0;
    }
}
