// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.index;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which indices of one source have been seen (RFC 3711 §3.3.2): the highest, and one bit for each of the last {@code
 * size} of them, in a ring addressed by the index. Not thread-safe.
 *
 * <p>A retired window forgets the bits but not the highest index: whatever lies at or below it stays refused.
 */
public final class ReplayWindow {
    /** Result of {@link #check}: not seen. */
    public static final int FRESH = 0;

    /** Result of {@link #check}: seen. */
    public static final int SEEN = 1;

    /** Result of {@link #check}: behind the window. */
    public static final int BEHIND = 2;

    private final int size;
    private long @Nullable [] bits;
    private long highest = -1;
    private long floor = -1;

    /** A window of a multiple of 64 indices. */
    public ReplayWindow(int size) {
        this.size = size;
    }

    /** The highest index marked, or -1. */
    public long highest() {
        return highest;
    }

    /** Looks an index up, changing nothing: it has not been authenticated yet. */
    public int check(long index) {
        if (index > highest) {
            return FRESH;
        }
        if (bits == null || index <= floor || highest - index >= size) {
            return BEHIND;
        }
        int bit = (int) (index % size);
        return (bits[bit >>> 6] >>> bit & 1) == 0 ? FRESH : SEEN;
    }

    /** Marks an index for which {@link #check} gave {@link #FRESH}. */
    public void mark(long index) {
        if (bits == null) {
            bits = new long[size >>> 6];
        }
        long[] ring = bits;
        if (index > highest) {
            if (index - highest >= size) {
                Arrays.fill(ring, 0);
            } else {
                for (long skipped = highest + 1; skipped < index; skipped++) {
                    int bit = (int) (skipped % size);
                    ring[bit >>> 6] &= ~(1L << bit);
                }
            }
            highest = index;
        }
        int bit = (int) (index % size);
        ring[bit >>> 6] |= 1L << bit;
    }

    /** Frees the bits; indices up to the highest stay refused for good. */
    public void retire() {
        floor = highest;
        bits = null;
    }
}
