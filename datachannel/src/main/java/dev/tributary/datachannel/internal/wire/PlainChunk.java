// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.wire;

import java.nio.ByteBuffer;

/** Chunks that are a header and bytes without structure: HEARTBEAT, COOKIE ECHO, COOKIE ACK, the SHUTDOWNs, bare ABORT. */
public final class PlainChunk {
    private static final int HEARTBEAT_INFO = 1;

    private PlainChunk() {}

    /** A whole chunk, padded. */
    public static byte[] of(int type, int flags, byte... value) {
        int length = ChunkType.HEADER_BYTES + value.length;
        ByteBuffer out = ByteBuffer.allocate(ChunkType.padded(length));
        out.put((byte) type).put((byte) flags).putShort((short) length).put(value);
        return out.array();
    }

    /** SHUTDOWN with its cumulative TSN ack (RFC 9260 §3.3.8). */
    public static byte[] shutdown(int cumulativeTsnAck) {
        return of(
                ChunkType.SHUTDOWN,
                0,
                ByteBuffer.allocate(4).putInt(cumulativeTsnAck).array());
    }

    /** HEARTBEAT with a Heartbeat Info parameter of two numbers that come back (RFC 9260 §3.3.5). */
    public static byte[] heartbeat(long sentNanos, int nonce) {
        ByteBuffer info = ByteBuffer.allocate(16);
        info.putShort((short) HEARTBEAT_INFO)
                .putShort((short) 16)
                .putLong(sentNanos)
                .putInt(nonce);
        return of(ChunkType.HEARTBEAT, 0, info.array());
    }

    /** The time that an echoed {@link #heartbeat} carries, or -1 when it is not ours. */
    public static long heartbeatSentNanos(ByteBuffer in, int offset, int lengthBytes, int nonce) {
        boolean ours = lengthBytes == 16
                && Short.toUnsignedInt(in.getShort(offset)) == HEARTBEAT_INFO
                && in.getInt(offset + 12) == nonce;
        return ours ? in.getLong(offset + 4) : -1;
    }
}
