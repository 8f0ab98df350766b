// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * INIT and INIT ACK (RFC 9260 §3.3.2, §3.3.3).
 *
 * <pre>
 * |                         initiate tag                          |
 * |           advertised receiver window credit (a_rwnd)          |
 * |  number of outbound streams   |   number of inbound streams   |
 * |                          initial TSN                          |
 * |              parameters (RFC 9260 §3.2.1) …                   |
 * </pre>
 *
 * @param initiateTag what the receiver puts into the header of every packet; zero is not allowed
 * @param windowBytes the receive window
 * @param outboundStreams how many streams the sender wants to send on
 * @param inboundStreams how many it lets the other side send on
 * @param initialTsn the TSN of its first DATA chunk
 * @param capabilities what it supports
 * @param cookie the state cookie of an INIT ACK
 * @param unrecognized parameters that ask to be reported back (RFC 9260 §3.2.2), each whole
 */
public record InitChunk(
        int initiateTag,
        long windowBytes,
        int outboundStreams,
        int inboundStreams,
        int initialTsn,
        Capabilities capabilities,
        byte @Nullable [] cookie,
        List<byte[]> unrecognized) {

    private static final int FIXED_BYTES = 16;
    private static final int STATE_COOKIE = 7;
    private static final int UNRECOGNIZED_PARAMETER = 8;
    private static final int ZERO_CHECKSUM_ACCEPTABLE = 0x8001;
    private static final int SUPPORTED_EXTENSIONS = 0x8008;
    private static final int FORWARD_TSN_SUPPORTED = 0xC000;

    /** RFC 9653 §7: the lower layer is DTLS. */
    private static final int ERROR_DETECTION_BY_DTLS = 1;

    /** So many unrecognized parameters are reported back; a hostile INIT cannot make us send more than it sent. */
    private static final int UNRECOGNIZED_MAX = 8;

    /** Reads the value of the chunk; {@code null} when it is no INIT or INIT ACK. */
    public static @Nullable InitChunk decode(ByteBuffer in, int offset, int lengthBytes) {
        if (lengthBytes < FIXED_BYTES) {
            return null;
        }
        ParameterReader reader = new ParameterReader(in);
        if (!Parameters.walk(in, offset + FIXED_BYTES, lengthBytes - FIXED_BYTES, reader)) {
            return null;
        }
        return new InitChunk(
                in.getInt(offset),
                Integer.toUnsignedLong(in.getInt(offset + 4)),
                Short.toUnsignedInt(in.getShort(offset + 8)),
                Short.toUnsignedInt(in.getShort(offset + 10)),
                in.getInt(offset + 12),
                reader.capabilities(),
                reader.cookie,
                List.copyOf(reader.unrecognized));
    }

    /** Writes the whole chunk. */
    public void write(ByteBuffer out, boolean ack) {
        int start = out.position();
        out.put((byte) (ack ? ChunkType.INIT_ACK : ChunkType.INIT))
                .put((byte) 0)
                .putShort((short) 0);
        out.putInt(initiateTag).putInt((int) windowBytes);
        out.putShort((short) outboundStreams).putShort((short) inboundStreams);
        out.putInt(initialTsn);
        int end = out.position();
        if (capabilities.partialReliability()) {
            Parameters.write(out, FORWARD_TSN_SUPPORTED, new byte[0]);
            end = out.position();
        }
        byte[] extensions = capabilities.extensions();
        if (extensions.length > 0) {
            Parameters.write(out, SUPPORTED_EXTENSIONS, extensions);
            end = out.position() - (ChunkType.padded(extensions.length) - extensions.length);
        }
        if (capabilities.zeroChecksum()) {
            Parameters.write(out, ZERO_CHECKSUM_ACCEPTABLE, new byte[] {0, 0, 0, ERROR_DETECTION_BY_DTLS});
            end = out.position();
        }
        for (byte[] parameter : unrecognized) {
            Parameters.write(out, UNRECOGNIZED_PARAMETER, parameter);
            end = out.position() - (ChunkType.padded(parameter.length) - parameter.length);
        }
        if (cookie != null) {
            Parameters.write(out, STATE_COOKIE, cookie);
            end = out.position() - (ChunkType.padded(cookie.length) - cookie.length);
        }
        // RFC 9260 §3.2: the length of a chunk does not count the padding of its last parameter.
        out.putShort(start + 2, (short) (end - start));
    }

    private static final class ParameterReader implements Parameters.Visitor {
        private final ByteBuffer in;
        private final List<byte[]> unrecognized = new ArrayList<>();
        private byte @Nullable [] cookie;
        private byte[] extensions = new byte[0];
        private boolean forwardTsn;
        private boolean zeroChecksum;

        private ParameterReader(ByteBuffer in) {
            this.in = in;
        }

        private Capabilities capabilities() {
            return Capabilities.of(forwardTsn, extensions, zeroChecksum);
        }

        @Override
        public boolean parameter(int type, int offset, int lengthBytes) {
            switch (type) {
                case STATE_COOKIE -> cookie = bytes(offset, lengthBytes);
                case SUPPORTED_EXTENSIONS -> extensions = bytes(offset, lengthBytes);
                case FORWARD_TSN_SUPPORTED -> forwardTsn = true;
                case ZERO_CHECKSUM_ACCEPTABLE ->
                    zeroChecksum = lengthBytes == 4 && in.getInt(offset) == ERROR_DETECTION_BY_DTLS;
                default -> {
                    return unknown(type, offset, lengthBytes);
                }
            }
            return true;
        }

        /** RFC 9260 §3.2.1: the two highest bits say whether to go on and whether to report. */
        private boolean unknown(int type, int offset, int lengthBytes) {
            boolean knownElsewhere = isAddressOrHint(type);
            if ((type & 0x4000) != 0 && unrecognized.size() < UNRECOGNIZED_MAX) {
                unrecognized.add(bytes(offset - Parameters.HEADER_BYTES, lengthBytes + Parameters.HEADER_BYTES));
            }
            return knownElsewhere || (type & 0x8000) != 0;
        }

        /** IPv4 and IPv6 address, cookie preservative, host name, address types: read and without effect over DTLS. */
        private static boolean isAddressOrHint(int type) {
            return type == 5 || type == 6 || type == 8 || type == 9 || type == 11 || type == 12;
        }

        private byte[] bytes(int offset, int lengthBytes) {
            byte[] value = new byte[lengthBytes];
            in.get(offset, value);
            return value;
        }
    }
}
