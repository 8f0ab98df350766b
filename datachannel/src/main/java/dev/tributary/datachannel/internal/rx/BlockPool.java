// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.rx;

import org.jspecify.annotations.Nullable;

/**
 * Blocks in which fragments are gathered until their message is whole, used again and again. So many may be lent that the
 * ordinary case, a few messages at a time whose fragments come in order, makes no garbage beside the messages themselves;
 * what an association keeps when idle stays small, and a peer that begins a thousand messages cannot multiply them.
 *
 * <p>Not thread-safe.
 */
final class BlockPool {
    static final int BLOCK_BYTES = 16_384;

    /** More than that are not lent: whoever wants one makes an array that fits. */
    private static final int LENT_MAX = 16;

    private static final int KEPT_MAX = 4;

    private final byte[][] kept = new byte[KEPT_MAX][];
    private int keptCount;
    private int lentCount;

    /** A block, or {@code null} when too many are lent. */
    byte @Nullable [] lend() {
        if (lentCount == LENT_MAX) {
            return null;
        }
        lentCount++;
        return keptCount > 0 ? kept[--keptCount] : new byte[BLOCK_BYTES];
    }

    void giveBack(byte[] block) {
        lentCount--;
        if (keptCount < KEPT_MAX) {
            kept[keptCount++] = block;
        }
    }
}
