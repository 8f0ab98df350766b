// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.wire;

import java.nio.ByteBuffer;

/**
 * DATA (RFC 9260 §3.3.1) and I-DATA (RFC 8260 §2.1), read into one reusable view.
 *
 * <pre>
 * |                              TSN                              |
 * |      stream identifier        |   stream sequence number (SSN)|   I-DATA: reserved
 * |                                                                   I-DATA: message identifier (MID)
 * |                 payload protocol identifier                   |   I-DATA: or fragment sequence number (FSN)
 * |                          payload …                            |
 * </pre>
 *
 * <p>Not thread-safe.
 */
public final class DataChunk {
    public static final int FLAG_END = 1;
    public static final int FLAG_BEGIN = 2;
    public static final int FLAG_UNORDERED = 4;
    public static final int FLAG_IMMEDIATE = 8;

    /** Chunk header and fixed fields of DATA. */
    public static final int HEADER_BYTES = 16;

    /** Chunk header and fixed fields of I-DATA. */
    public static final int INTERLEAVED_HEADER_BYTES = 20;

    public int flags;
    public int tsn;
    public int stream;
    /** SSN of DATA, MID of I-DATA. */
    public int messageNumber;
    /** Only in the first fragment of I-DATA; in every fragment of DATA. */
    public int ppid;
    /** Only of I-DATA; zero in its first fragment. */
    public int fragmentNumber;

    public int payloadOffset;
    public int payloadBytes;

    /** Reads the value of a DATA chunk; false when it is too short. */
    public boolean decode(ByteBuffer in, int chunkFlags, int offset, int lengthBytes) {
        if (lengthBytes < HEADER_BYTES - ChunkType.HEADER_BYTES) {
            return false;
        }
        flags = chunkFlags;
        tsn = in.getInt(offset);
        stream = Short.toUnsignedInt(in.getShort(offset + 4));
        messageNumber = Short.toUnsignedInt(in.getShort(offset + 6));
        ppid = in.getInt(offset + 8);
        fragmentNumber = 0;
        payloadOffset = offset + 12;
        payloadBytes = lengthBytes - 12;
        return true;
    }

    /** Reads the value of an I-DATA chunk; false when it is too short. */
    public boolean decodeInterleaved(ByteBuffer in, int chunkFlags, int offset, int lengthBytes) {
        if (lengthBytes < INTERLEAVED_HEADER_BYTES - ChunkType.HEADER_BYTES) {
            return false;
        }
        flags = chunkFlags;
        tsn = in.getInt(offset);
        stream = Short.toUnsignedInt(in.getShort(offset + 4));
        messageNumber = in.getInt(offset + 8);
        int last = in.getInt(offset + 12);
        ppid = isBegin() ? last : 0;
        fragmentNumber = isBegin() ? 0 : last;
        payloadOffset = offset + 16;
        payloadBytes = lengthBytes - 16;
        return true;
    }

    public boolean isBegin() {
        return (flags & FLAG_BEGIN) != 0;
    }

    public boolean isEnd() {
        return (flags & FLAG_END) != 0;
    }

    public boolean isUnordered() {
        return (flags & FLAG_UNORDERED) != 0;
    }

    /** RFC 7053: the sender asks for a SACK without delay. */
    public boolean isImmediate() {
        return (flags & FLAG_IMMEDIATE) != 0;
    }

    /** Writes the header of a DATA chunk; the payload and its padding follow. */
    public static void writeHeader(
            ByteBuffer out, int flags, int tsn, int stream, int ssn, int ppid, int payloadBytes) {
        out.put((byte) ChunkType.DATA).put((byte) flags).putShort((short) (HEADER_BYTES + payloadBytes));
        out.putInt(tsn).putShort((short) stream).putShort((short) ssn).putInt(ppid);
    }

    /** Writes the header of an I-DATA chunk; the payload and its padding follow. */
    public static void writeInterleavedHeader(
            ByteBuffer out, int flags, int tsn, int stream, int mid, int ppidOrFsn, int payloadBytes) {
        out.put((byte) ChunkType.I_DATA).put((byte) flags).putShort((short) (INTERLEAVED_HEADER_BYTES + payloadBytes));
        out.putInt(tsn).putShort((short) stream).putShort((short) 0).putInt(mid).putInt(ppidOrFsn);
    }
}
