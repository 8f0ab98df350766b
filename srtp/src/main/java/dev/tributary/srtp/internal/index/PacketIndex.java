// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.index;

/** The 48 bit packet index of RFC 3711 §3.3.1: 2^16 times the roll-over counter plus the sequence number. */
public final class PacketIndex {
    /** One past the last index. */
    public static final long END = 1L << 48;

    private PacketIndex() {}

    /**
     * Guesses the index of a packet from the highest one of its source (RFC 3711 appendix A).
     *
     * @param highest the highest index so far, not negative
     * @param sequenceNumber 16 bits
     * @return an index, or one past the end when the roll-over counter would overflow
     */
    public static long estimate(long highest, int sequenceNumber) {
        int last = (int) highest & 0xFFFF;
        long rollOver = highest >>> 16;
        if (last < 0x8000) {
            // Deviates from appendix A, which takes 2^32 - 1 for "before the first lap": no sender has packets there,
            // so the number belongs to lap 0 and lies ahead. A burst loss at the very start then heals.
            if (sequenceNumber - last > 0x8000 && rollOver > 0) {
                rollOver--;
            }
        } else if (last - 0x8000 > sequenceNumber) {
            rollOver++;
        }
        return rollOver << 16 | sequenceNumber;
    }
}
