// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.wire;

import java.nio.ByteBuffer;

/** Walks over the chunks of a packet, without copies; one cursor serves many packets. Not thread-safe. */
public final class ChunkCursor {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private ByteBuffer packet = NOTHING;
    private int end;
    private int next;
    private int start;
    private int lengthBytes;
    private boolean malformed;

    /** A cursor before the first chunk of the bytes from {@code start} to {@code end}. */
    public ChunkCursor(ByteBuffer packet, int start, int end) {
        begin(packet, start, end);
    }

    /** A cursor that has nothing to walk over yet. */
    public ChunkCursor() {}

    /** Begins anew, before the first chunk of the bytes from {@code from} to {@code to}. */
    public void begin(ByteBuffer of, int from, int to) {
        packet = of;
        next = from;
        end = to;
        malformed = false;
    }

    /** Moves to the next chunk; false at the end and at the first chunk whose length makes no sense. */
    public boolean advance() {
        if (end - next < ChunkType.HEADER_BYTES) {
            malformed |= next < end;
            return false;
        }
        int length = Short.toUnsignedInt(packet.getShort(next + 2));
        if (length < ChunkType.HEADER_BYTES || length > end - next) {
            malformed = true;
            return false;
        }
        start = next;
        lengthBytes = length;
        // The padding of the last chunk may be missing.
        next = Math.min(end, next + ChunkType.padded(length));
        return true;
    }

    /** Whether the walk ended at bytes that are no chunk. */
    public boolean isMalformed() {
        return malformed;
    }

    /** Whether this is the last chunk. */
    public boolean isLast() {
        return next >= end;
    }

    public int type() {
        return packet.get(start) & 0xFF;
    }

    public int flags() {
        return packet.get(start + 1) & 0xFF;
    }

    /** Where the chunk's value begins in the packet. */
    public int valueOffset() {
        return start + ChunkType.HEADER_BYTES;
    }

    /** How long the chunk's value is, without header and padding. */
    public int valueLength() {
        return lengthBytes - ChunkType.HEADER_BYTES;
    }

    /** A copy of the chunk's value. */
    public byte[] value() {
        byte[] value = new byte[valueLength()];
        packet.get(valueOffset(), value);
        return value;
    }

    /** A copy of the whole chunk, without padding. */
    public byte[] chunk() {
        byte[] chunk = new byte[lengthBytes];
        packet.get(start, chunk);
        return chunk;
    }

    public ByteBuffer packet() {
        return packet;
    }
}
