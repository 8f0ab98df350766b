// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.wire;

import java.nio.ByteBuffer;

/** Type, length and value with padding: the shape of parameters and error causes (RFC 9260 §3.2.1, §3.3.10). */
public final class Parameters {
    public static final int HEADER_BYTES = 4;

    private Parameters() {}

    /** Gets the parameters of a value in turn. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * Takes one parameter.
         *
         * @param offset where its value begins
         * @param lengthBytes how long its value is, without padding
         * @return {@code false} to stop
         */
        boolean parameter(int type, int offset, int lengthBytes);
    }

    /** Walks over parameters; false when the bytes are no parameters. */
    public static boolean walk(ByteBuffer in, int offset, int lengthBytes, Visitor visitor) {
        int next = offset;
        int end = offset + lengthBytes;
        while (end - next >= HEADER_BYTES) {
            int length = Short.toUnsignedInt(in.getShort(next + 2));
            if (length < HEADER_BYTES || length > end - next) {
                return false;
            }
            int type = Short.toUnsignedInt(in.getShort(next));
            if (!visitor.parameter(type, next + HEADER_BYTES, length - HEADER_BYTES)) {
                return true;
            }
            next += ChunkType.padded(length);
        }
        // Up to three bytes of padding may follow the last one.
        return true;
    }

    /** Writes a parameter with its padding. */
    public static void write(ByteBuffer out, int type, byte[] value) {
        out.putShort((short) type);
        out.putShort((short) (HEADER_BYTES + value.length));
        out.put(value);
        pad(out, value.length);
    }

    /** Writes the zeros that fill up a value of that length. */
    public static void pad(ByteBuffer out, int lengthBytes) {
        for (int i = lengthBytes; (i & 3) != 0; i++) {
            out.put((byte) 0);
        }
    }
}
