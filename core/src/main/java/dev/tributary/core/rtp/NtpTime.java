// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.rtp;

/**
 * NTP timestamps as RTCP carries them (RFC 3550 section 4): seconds since 1900 in the upper 32 bits, fractions of 2^-32
 * seconds in the lower.
 *
 * <p>Thread-safe: no state.
 */
public final class NtpTime {
    /** Seconds between 1900 and 1970. */
    private static final long EPOCH_OFFSET_SECONDS = 2_208_988_800L;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private NtpTime() {}

    /** The NTP timestamp of a wall clock time given in nanoseconds since 1970. */
    public static long ofEpochNanos(long epochNanos) {
        long seconds = Math.floorDiv(epochNanos, NANOS_PER_SECOND);
        long nanos = Math.floorMod(epochNanos, NANOS_PER_SECOND);
        return ((seconds + EPOCH_OFFSET_SECONDS) << 32) | ((nanos << 32) / NANOS_PER_SECOND);
    }

    /** The middle 32 bits, in units of 1/65536 s: what a receiver report quotes as "last SR". */
    public static int middle32(long ntpTime) {
        return (int) (ntpTime >>> 16);
    }

    /** The signed distance between two NTP timestamps in nanoseconds, for distances below 2^30 seconds. */
    public static long nanosBetween(long fromNtp, long toNtp) {
        long difference = toNtp - fromNtp;
        long seconds = difference >> 32;
        long fraction = difference & 0xFFFF_FFFFL;
        return seconds * NANOS_PER_SECOND + ((fraction * NANOS_PER_SECOND) >>> 32);
    }

    /** An NTP timestamp moved by a (possibly negative) number of nanoseconds. */
    public static long plusNanos(long ntpTime, long nanos) {
        long seconds = Math.floorDiv(nanos, NANOS_PER_SECOND);
        long rest = Math.floorMod(nanos, NANOS_PER_SECOND);
        return ntpTime + (seconds << 32) + ((rest << 32) / NANOS_PER_SECOND);
    }

    /** A duration in units of 1/65536 s, as delays in reports are told (RFC 3550 section 6.4.1). */
    public static long shortFormat(long nanos) {
        return (nanos / NANOS_PER_SECOND << 16) + (nanos % NANOS_PER_SECOND << 16) / NANOS_PER_SECOND;
    }

    /** The nanoseconds of a duration in units of 1/65536 s. */
    public static long nanosOfShortFormat(long units) {
        return (units >>> 16) * NANOS_PER_SECOND + ((units & 0xFFFF) * NANOS_PER_SECOND >>> 16);
    }
}
