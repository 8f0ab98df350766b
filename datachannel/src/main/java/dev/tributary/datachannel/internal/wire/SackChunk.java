// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * SACK (RFC 9260 §3.3.4).
 *
 * <pre>
 * |                      cumulative TSN ack                       |
 * |           advertised receiver window credit (a_rwnd)          |
 * |  number of gap ack blocks     |  number of duplicate TSNs     |
 * |  gap ack block start          |  gap ack block end            | …
 * |                        duplicate TSN                          | …
 * </pre>
 *
 * @param cumulativeTsnAck everything up to it has arrived
 * @param windowBytes the window from there on
 * @param gapBlocks start and end in turn, as offsets from the cumulative TSN ack
 * @param duplicateTsns TSNs that arrived more than once
 */
public record SackChunk(int cumulativeTsnAck, long windowBytes, int[] gapBlocks, int[] duplicateTsns) {
    private static final int FIXED_BYTES = 12;
    private static final int[] NONE = {};

    /** Reads the value of the chunk; {@code null} when it is no SACK. */
    public static @Nullable SackChunk decode(ByteBuffer in, int offset, int lengthBytes) {
        if (lengthBytes < FIXED_BYTES) {
            return null;
        }
        int gapCount = Short.toUnsignedInt(in.getShort(offset + 8));
        int duplicateCount = Short.toUnsignedInt(in.getShort(offset + 10));
        if (lengthBytes != FIXED_BYTES + 4 * gapCount + 4 * duplicateCount) {
            return null;
        }
        int[] gaps = gapCount == 0 ? NONE : new int[2 * gapCount];
        int at = offset + FIXED_BYTES;
        for (int i = 0; i < gaps.length; i++, at += 2) {
            gaps[i] = Short.toUnsignedInt(in.getShort(at));
        }
        int[] duplicates = duplicateCount == 0 ? NONE : new int[duplicateCount];
        for (int i = 0; i < duplicateCount; i++, at += 4) {
            duplicates[i] = in.getInt(at);
        }
        return new SackChunk(in.getInt(offset), Integer.toUnsignedLong(in.getInt(offset + 4)), gaps, duplicates);
    }

    /** A SACK without gap blocks and duplicates. */
    public static SackChunk of(int cumulativeTsnAck, long windowBytes) {
        return new SackChunk(cumulativeTsnAck, windowBytes, NONE, NONE);
    }

    /** Whether the blocks are not empty, in order and apart. */
    public boolean hasOrderedBlocks() {
        int previousEnd = 0;
        for (int i = 0; i < gapBlocks.length; i += 2) {
            if (gapBlocks[i] <= previousEnd || gapBlocks[i + 1] < gapBlocks[i]) {
                return false;
            }
            previousEnd = gapBlocks[i + 1];
        }
        return true;
    }

    /** How many bytes {@link #write} takes. */
    public int sizeBytes() {
        return ChunkType.HEADER_BYTES + FIXED_BYTES + 2 * gapBlocks.length + 4 * duplicateTsns.length;
    }

    /** Writes the whole chunk. */
    public void write(ByteBuffer out) {
        out.put((byte) ChunkType.SACK).put((byte) 0).putShort((short) sizeBytes());
        out.putInt(cumulativeTsnAck).putInt((int) windowBytes);
        out.putShort((short) (gapBlocks.length / 2)).putShort((short) duplicateTsns.length);
        for (int edge : gapBlocks) {
            out.putShort((short) edge);
        }
        for (int tsn : duplicateTsns) {
            out.putInt(tsn);
        }
    }
}
