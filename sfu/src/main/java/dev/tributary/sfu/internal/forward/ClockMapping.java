// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

/**
 * What a publisher's sender report said, on our own time line: at {@code nanos} its stream was at {@code rtpTimestamp}.
 *
 * @param nanos on the clock of {@code nowNanos}
 * @param rtpTimestamp in the publisher's units
 * @param clockRate timestamp units in a second
 */
record ClockMapping(long nanos, int rtpTimestamp, int clockRate) {
    /** The publisher's timestamp at another moment. */
    int timestampAt(long atNanos) {
        return rtpTimestamp + (int) ticks(atNanos - nanos, clockRate);
    }

    /** Timestamp units in a (possibly negative) number of nanoseconds. */
    static long ticks(long nanos, int clockRate) {
        long seconds = nanos / ForwardLimits.SECOND;
        return seconds * clockRate + (nanos - seconds * ForwardLimits.SECOND) * clockRate / ForwardLimits.SECOND;
    }
}
