// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parameters of a RE-CONFIG chunk (RFC 6525 §4). */
public sealed interface ReconfigParameter {
    int OUTGOING_SSN_RESET = 13;
    int INCOMING_SSN_RESET = 14;
    int SSN_TSN_RESET = 15;
    int RESPONSE = 16;
    int ADD_OUTGOING_STREAMS = 17;
    int ADD_INCOMING_STREAMS = 18;

    /** The sender resets its outgoing streams (§4.1); no streams means all. */
    record OutgoingReset(int requestNumber, int responseNumber, int lastAssignedTsn, List<Integer> streams)
            implements ReconfigParameter {}

    /** The sender asks the receiver to reset its outgoing streams (§4.2); no streams means all. */
    record IncomingReset(int requestNumber, List<Integer> streams) implements ReconfigParameter {}

    /** What became of a request (§4.4). */
    record Response(int requestNumber, int result) implements ReconfigParameter {}

    /** A request that data channels have no use for: it is answered with a refusal. */
    record Unsupported(int type, int requestNumber) implements ReconfigParameter {}

    /** The values of {@link Response#result} (§4.4). */
    final class Result {
        public static final int NOTHING_TO_DO = 0;
        public static final int PERFORMED = 1;
        public static final int DENIED = 2;
        public static final int WRONG_SSN = 3;
        public static final int REQUEST_ALREADY_IN_PROGRESS = 4;
        public static final int BAD_SEQUENCE_NUMBER = 5;
        public static final int IN_PROGRESS = 6;

        private Result() {}
    }

    /** Reads the value of a RE-CONFIG chunk: one or two parameters; {@code null} when it is malformed. */
    static @Nullable List<ReconfigParameter> decode(ByteBuffer in, int offset, int lengthBytes) {
        List<ReconfigParameter> parameters = new ArrayList<>();
        boolean[] malformed = new boolean[1];
        boolean walked = Parameters.walk(in, offset, lengthBytes, (type, at, length) -> {
            ReconfigParameter parameter = decodeOne(in, type, at, length);
            malformed[0] |= parameter == null;
            if (parameter != null) {
                parameters.add(parameter);
            }
            return parameter != null;
        });
        // RFC 6525 §3.1: at least one and at most two parameters.
        if (!walked || malformed[0] || parameters.isEmpty() || parameters.size() > 2) {
            return null;
        }
        return parameters;
    }

    private static @Nullable ReconfigParameter decodeOne(ByteBuffer in, int type, int at, int length) {
        if (length < 4) {
            return null;
        }
        int number = in.getInt(at);
        return switch (type) {
            case OUTGOING_SSN_RESET ->
                length < 12 || length % 2 != 0
                        ? null
                        : new OutgoingReset(
                                number, in.getInt(at + 4), in.getInt(at + 8), streams(in, at + 12, at + length));
            case INCOMING_SSN_RESET ->
                length % 2 != 0 ? null : new IncomingReset(number, streams(in, at + 4, at + length));
            case RESPONSE -> length < 8 ? null : new Response(number, in.getInt(at + 4));
            default -> new Unsupported(type, number);
        };
    }

    private static List<Integer> streams(ByteBuffer in, int from, int to) {
        List<Integer> streams = new ArrayList<>();
        for (int at = from; at < to; at += 2) {
            streams.add(Short.toUnsignedInt(in.getShort(at)));
        }
        return List.copyOf(streams);
    }

    /** A whole RE-CONFIG chunk of these parameters, padded. */
    static byte[] chunk(List<? extends ReconfigParameter> parameters) {
        int size = ChunkType.HEADER_BYTES;
        for (ReconfigParameter parameter : parameters) {
            size += ChunkType.padded(sizeBytes(parameter));
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        out.put((byte) ChunkType.RE_CONFIG).put((byte) 0).putShort((short) 0);
        int end = 0;
        for (ReconfigParameter parameter : parameters) {
            end = out.position() + sizeBytes(parameter);
            write(parameter, out);
        }
        return out.putShort(2, (short) end).array();
    }

    private static int sizeBytes(ReconfigParameter parameter) {
        if (parameter instanceof OutgoingReset reset) {
            return 16 + 2 * reset.streams().size();
        } else if (parameter instanceof IncomingReset reset) {
            return 8 + 2 * reset.streams().size();
        }
        return parameter instanceof Response ? 12 : 8;
    }

    private static void write(ReconfigParameter parameter, ByteBuffer out) {
        int size = sizeBytes(parameter);
        if (parameter instanceof OutgoingReset reset) {
            out.putShort((short) OUTGOING_SSN_RESET).putShort((short) size);
            out.putInt(reset.requestNumber()).putInt(reset.responseNumber()).putInt(reset.lastAssignedTsn());
            reset.streams().forEach(stream -> out.putShort(stream.shortValue()));
        } else if (parameter instanceof IncomingReset reset) {
            out.putShort((short) INCOMING_SSN_RESET).putShort((short) size).putInt(reset.requestNumber());
            reset.streams().forEach(stream -> out.putShort(stream.shortValue()));
        } else if (parameter instanceof Response response) {
            out.putShort((short) RESPONSE).putShort((short) size);
            out.putInt(response.requestNumber()).putInt(response.result());
        } else if (parameter instanceof Unsupported other) {
            out.putShort((short) other.type()).putShort((short) size).putInt(other.requestNumber());
        }
        Parameters.pad(out, size);
    }
}
