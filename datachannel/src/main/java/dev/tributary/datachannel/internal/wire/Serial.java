// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.wire;

/**
 * Serial numbers (RFC 1982) unwrapped to 64 bits: the value nearest to a reference that has the given low bits. With it
 * the rest of the code compares plain numbers.
 */
public final class Serial {
    /** Where unwrapped numbers begin, so that numbers just before the first one are not negative. */
    public static final long ORIGIN = 1L << 40;

    private Serial() {}

    /** The first unwrapped number of a 32-bit sequence. */
    public static long first(int value) {
        return ORIGIN + Integer.toUnsignedLong(value);
    }

    /** The 64-bit number nearest to the reference with these low 32 bits. */
    public static long unwrap(long reference, int value) {
        return reference + (value - (int) reference);
    }

    /** The 64-bit number nearest to the reference with these low 16 bits. */
    public static long unwrap16(long reference, int value) {
        return reference + (short) (value - (int) reference);
    }
}
