// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.rtp;

/**
 * Serial number arithmetic (RFC 1982) for the two widths that RTP has: sequence numbers of 16 bits and timestamps of 32.
 *
 * <p>Two numbers exactly half the range apart have no order in the RFC. Here the distance is then negative, so that
 * neither is newer than the other: an attacker's jump never moves anything forward. Thread-safe: no state.
 */
public final class Serial {
    private Serial() {}

    /** The signed distance from {@code from} to {@code to} modulo 2^16, in −32,768 … 32,767. */
    public static int distance16(int from, int to) {
        return (short) (to - from);
    }

    /** Whether {@code candidate} comes after {@code reference} modulo 2^16. */
    public static boolean isNewer16(int candidate, int reference) {
        return distance16(reference, candidate) > 0;
    }

    /** The signed distance from {@code from} to {@code to} modulo 2^32. */
    public static int distance32(int from, int to) {
        return to - from;
    }

    /** Whether {@code candidate} comes after {@code reference} modulo 2^32. */
    public static boolean isNewer32(int candidate, int reference) {
        return distance32(reference, candidate) > 0;
    }
}
