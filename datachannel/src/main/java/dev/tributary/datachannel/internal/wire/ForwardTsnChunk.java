// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * FORWARD TSN (RFC 3758 §3.2) and I-FORWARD-TSN (RFC 8260 §2.3.1).
 *
 * <pre>
 * |                     new cumulative TSN                        |
 * |  stream identifier            |  stream sequence number       | …   FORWARD TSN
 * |  stream identifier            |  reserved                   |U| …   I-FORWARD-TSN
 * |                     message identifier                        |
 * </pre>
 *
 * @param newCumulativeTsn the receiver gives up all that is missing up to it
 * @param skipped the last message of each stream that is given up
 */
public record ForwardTsnChunk(int newCumulativeTsn, List<Skipped> skipped) {
    /** Chunk header and new cumulative TSN. */
    public static final int BYTES_FIXED = 8;

    /** Room for one stream, in either form. */
    public static final int BYTES_MIN = 16;

    /**
     * One stream in which messages are given up.
     *
     * @param messageNumber SSN of FORWARD TSN, MID of I-FORWARD-TSN
     * @param unordered only of I-FORWARD-TSN
     */
    public record Skipped(int stream, int messageNumber, boolean unordered) {}

    /** Reads the value of a FORWARD TSN; {@code null} when it is none. */
    public static @Nullable ForwardTsnChunk decode(ByteBuffer in, int offset, int lengthBytes) {
        if (lengthBytes < 4 || lengthBytes % 4 != 0) {
            return null;
        }
        List<Skipped> skipped = new ArrayList<>();
        for (int at = offset + 4; at < offset + lengthBytes; at += 4) {
            skipped.add(
                    new Skipped(Short.toUnsignedInt(in.getShort(at)), Short.toUnsignedInt(in.getShort(at + 2)), false));
        }
        return new ForwardTsnChunk(in.getInt(offset), skipped);
    }

    /** Reads the value of an I-FORWARD-TSN; {@code null} when it is none. */
    public static @Nullable ForwardTsnChunk decodeInterleaved(ByteBuffer in, int offset, int lengthBytes) {
        if (lengthBytes < 4 || lengthBytes % 8 != 4) {
            return null;
        }
        List<Skipped> skipped = new ArrayList<>();
        for (int at = offset + 4; at < offset + lengthBytes; at += 8) {
            boolean unordered = (in.getShort(at + 2) & 1) != 0;
            skipped.add(new Skipped(Short.toUnsignedInt(in.getShort(at)), in.getInt(at + 4), unordered));
        }
        return new ForwardTsnChunk(in.getInt(offset), skipped);
    }

    /** How many bytes {@link #write} takes. */
    public int sizeBytes(boolean interleaved) {
        return BYTES_FIXED + skipped.size() * (interleaved ? 8 : 4);
    }

    /** Writes the whole chunk. */
    public void write(ByteBuffer out, boolean interleaved) {
        out.put((byte) (interleaved ? ChunkType.I_FORWARD_TSN : ChunkType.FORWARD_TSN))
                .put((byte) 0);
        out.putShort((short) sizeBytes(interleaved)).putInt(newCumulativeTsn);
        for (Skipped each : skipped) {
            out.putShort((short) each.stream());
            if (interleaved) {
                out.putShort((short) (each.unordered() ? 1 : 0)).putInt(each.messageNumber());
            } else {
                out.putShort((short) each.messageNumber());
            }
        }
    }
}
