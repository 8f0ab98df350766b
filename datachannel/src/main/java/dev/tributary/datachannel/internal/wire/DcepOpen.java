// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * DATA_CHANNEL_OPEN (RFC 8832 §5.1).
 *
 * <pre>
 * | message type  | channel type  |           priority            |
 * |                    reliability parameter                      |
 * |         label length          |       protocol length         |
 * | label … | protocol …                                          |
 * </pre>
 *
 * @param channelType reliable 0x00, retransmissions limited 0x01, lifetime limited 0x02; unordered with 0x80
 * @param priority RFC 8831 §6.4
 * @param reliabilityParameter retransmissions or milliseconds
 */
public record DcepOpen(int channelType, int priority, long reliabilityParameter, String label, String protocol) {
    /** DATA_CHANNEL_ACK (RFC 8832 §5.2) is this one byte. */
    public static final int MESSAGE_ACK = 2;

    public static final int MESSAGE_OPEN = 3;
    public static final int RELIABLE = 0;
    public static final int LIMITED_RETRANSMISSIONS = 1;
    public static final int LIMITED_LIFETIME = 2;
    public static final int UNORDERED = 0x80;
    private static final int FIXED_BYTES = 12;

    /** Reads the message; {@code null} when it is no DATA_CHANNEL_OPEN or of a channel type that there is not. */
    public static @Nullable DcepOpen decode(byte[] message) {
        if (message.length < FIXED_BYTES || message[0] != MESSAGE_OPEN) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(message);
        int labelBytes = Short.toUnsignedInt(in.getShort(8));
        int protocolBytes = Short.toUnsignedInt(in.getShort(10));
        int type = message[1] & 0xFF;
        if (message.length != FIXED_BYTES + labelBytes + protocolBytes || (type & ~UNORDERED) > LIMITED_LIFETIME) {
            return null;
        }
        return new DcepOpen(
                type,
                Short.toUnsignedInt(in.getShort(2)),
                Integer.toUnsignedLong(in.getInt(4)),
                new String(message, FIXED_BYTES, labelBytes, StandardCharsets.UTF_8),
                new String(message, FIXED_BYTES + labelBytes, protocolBytes, StandardCharsets.UTF_8));
    }

    /** The whole message. */
    public byte[] encode() {
        byte[] labelBytes = label.getBytes(StandardCharsets.UTF_8);
        byte[] protocolBytes = protocol.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + labelBytes.length + protocolBytes.length);
        out.put((byte) MESSAGE_OPEN).put((byte) channelType).putShort((short) priority);
        out.putInt((int) reliabilityParameter);
        out.putShort((short) labelBytes.length).putShort((short) protocolBytes.length);
        return out.put(labelBytes).put(protocolBytes).array();
    }
}
