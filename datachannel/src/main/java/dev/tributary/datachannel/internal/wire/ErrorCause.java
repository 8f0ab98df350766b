// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An error cause of an ERROR or ABORT chunk (RFC 9260 §3.3.10).
 *
 * @param code which
 * @param value what it says about it
 */
public record ErrorCause(int code, byte[] value) {
    public static final int INVALID_STREAM_IDENTIFIER = 1;
    public static final int STALE_COOKIE = 3;
    public static final int OUT_OF_RESOURCE = 4;
    public static final int UNRECOGNIZED_CHUNK_TYPE = 6;
    public static final int INVALID_MANDATORY_PARAMETER = 7;
    public static final int UNRECOGNIZED_PARAMETERS = 8;
    public static final int NO_USER_DATA = 9;
    public static final int COOKIE_RECEIVED_WHILE_SHUTTING_DOWN = 10;
    public static final int RESTART_WITH_NEW_ADDRESSES = 11;
    public static final int USER_INITIATED_ABORT = 12;
    public static final int PROTOCOL_VIOLATION = 13;

    /** Longer texts and echoed chunks are cut: an answer is never larger than this. */
    private static final int VALUE_BYTES_MAX = 128;

    /** A cause with a text. */
    public static ErrorCause of(int code, String text) {
        return new ErrorCause(code, cut(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** A cause that echoes bytes of the peer. */
    public static ErrorCause of(int code, byte[] echoed) {
        return new ErrorCause(code, cut(echoed));
    }

    /** DATA for a stream that there is not. */
    public static ErrorCause invalidStream(int stream) {
        return new ErrorCause(
                INVALID_STREAM_IDENTIFIER,
                ByteBuffer.allocate(4)
                        .putShort((short) stream)
                        .putShort((short) 0)
                        .array());
    }

    /** A DATA chunk without data. */
    public static ErrorCause noUserData(int tsn) {
        return new ErrorCause(NO_USER_DATA, ByteBuffer.allocate(4).putInt(tsn).array());
    }

    /** The first cause of an ERROR or ABORT; {@code null} when there is none. */
    public static @Nullable ErrorCause decode(ByteBuffer in, int offset, int lengthBytes) {
        ErrorCause[] first = new ErrorCause[1];
        Parameters.walk(in, offset, lengthBytes, (code, at, length) -> {
            byte[] value = new byte[Math.min(length, VALUE_BYTES_MAX)];
            in.get(at, value);
            first[0] = new ErrorCause(code, value);
            return false;
        });
        return first[0];
    }

    /** The value as text, with everything but printable ASCII replaced: it comes from a stranger. */
    public String text() {
        StringBuilder text = new StringBuilder(value.length);
        for (byte each : value) {
            text.append(each >= ' ' && each < 0x7F ? (char) each : '?');
        }
        return text.toString();
    }

    /** A whole chunk of that type with this one cause, padded. */
    public byte[] chunk(int type, int flags) {
        int causeBytes = Parameters.HEADER_BYTES + value.length;
        ByteBuffer out = ByteBuffer.allocate(ChunkType.HEADER_BYTES + ChunkType.padded(causeBytes));
        out.put((byte) type).put((byte) flags).putShort((short) (ChunkType.HEADER_BYTES + causeBytes));
        Parameters.write(out, code, value);
        return out.array();
    }

    private static byte[] cut(byte[] value) {
        return value.length <= VALUE_BYTES_MAX ? value : java.util.Arrays.copyOf(value, VALUE_BYTES_MAX);
    }
}
