// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.tx;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Bytes that wait between the one who writes a message in pieces and the fragments that are cut off it. They lie in blocks,
 * so that what is kept follows what is written, and a fragment within a block is not copied.
 *
 * <p>Not thread-safe.
 */
final class PieceBuffer {
    private static final int BLOCK_BYTES = 4_096;

    private final int capacityBytes;
    private final ArrayDeque<byte[]> blocks = new ArrayDeque<>();
    private int sizeBytes;
    /** Where the waiting bytes begin in the first block, and where they end in the last. */
    private int firstStart;

    private int lastEnd = BLOCK_BYTES;

    PieceBuffer(int capacityBytes) {
        this.capacityBytes = capacityBytes;
    }

    int capacityBytes() {
        return capacityBytes;
    }

    int sizeBytes() {
        return sizeBytes;
    }

    int freeBytes() {
        return capacityBytes - sizeBytes;
    }

    /** Takes bytes, which must be free and remaining. */
    void write(ByteBuffer source, int bytes) {
        int left = bytes;
        while (left > 0) {
            if (lastEnd == BLOCK_BYTES) {
                blocks.add(new byte[BLOCK_BYTES]);
                lastEnd = 0;
            }
            int part = Math.min(left, BLOCK_BYTES - lastEnd);
            source.get(blocks.getLast(), lastEnd, part);
            lastEnd += part;
            left -= part;
        }
        sizeBytes += bytes;
    }

    /** Whether so many bytes lie in one block, where {@link #block} and {@link #offset} find them. */
    boolean isContiguous(int bytes) {
        return BLOCK_BYTES - firstStart >= bytes;
    }

    byte[] block() {
        return blocks.getFirst();
    }

    int offset() {
        return firstStart;
    }

    /** The next bytes, which must be there, gathered from two blocks. */
    byte[] gather(int bytes) {
        byte[] out = new byte[bytes];
        int first = BLOCK_BYTES - firstStart;
        System.arraycopy(blocks.removeFirst(), firstStart, out, 0, first);
        System.arraycopy(blocks.getFirst(), 0, out, first, bytes - first);
        firstStart = bytes - first;
        sizeBytes -= bytes;
        return out;
    }

    /** Moves on over bytes that lie in the first block. */
    void skip(int bytes) {
        firstStart += bytes;
        sizeBytes -= bytes;
        if (firstStart == BLOCK_BYTES) {
            blocks.removeFirst();
            firstStart = 0;
        }
    }
}
