// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.wire;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The common header (RFC 9260 §3.1) and its checksum.
 *
 * <pre>
 *  0                   1                   2                   3
 * |       source port             |       destination port        |
 * |                       verification tag                        |
 * |              checksum (CRC32c, little-endian)                 |
 * </pre>
 */
public final class PacketHeader {
    public static final int BYTES = 12;
    private static final int TAG_OFFSET = 4;
    private static final int CHECKSUM_OFFSET = 8;

    private PacketHeader() {}

    /** Starts a packet: ports, tag and room for the checksum. */
    public static void write(ByteBuffer out, int sourcePort, int destinationPort, int verificationTag) {
        out.putShort((short) sourcePort);
        out.putShort((short) destinationPort);
        out.putInt(verificationTag);
        out.putInt(0);
    }

    /** Puts the checksum over the bytes from {@code start} to the position. */
    public static void seal(ByteBuffer out, int start) {
        int crc = checksum(out, start, out.position() - start);
        out.putInt(start + CHECKSUM_OFFSET, Integer.reverseBytes(crc));
    }

    /** The verification tag of the packet that starts there. */
    public static int tag(ByteBuffer packet, int start) {
        return packet.getInt(start + TAG_OFFSET);
    }

    /** The source port of the packet that starts there. */
    public static int sourcePort(ByteBuffer packet, int start) {
        return Short.toUnsignedInt(packet.getShort(start));
    }

    /** The destination port of the packet that starts there. */
    public static int destinationPort(ByteBuffer packet, int start) {
        return Short.toUnsignedInt(packet.getShort(start + 2));
    }

    /** Whether the checksum field is zero, which RFC 9653 gives a meaning. */
    public static boolean hasZeroChecksum(ByteBuffer packet, int start) {
        return packet.getInt(start + CHECKSUM_OFFSET) == 0;
    }

    /** Whether the checksum of a packet of that many bytes is right. */
    public static boolean hasValidChecksum(ByteBuffer packet, int start, int lengthBytes) {
        return Integer.reverseBytes(packet.getInt(start + CHECKSUM_OFFSET)) == checksum(packet, start, lengthBytes);
    }

    private static int checksum(ByteBuffer packet, int start, int lengthBytes) {
        CRC32C crc = new CRC32C();
        int base = packet.arrayOffset() + start;
        crc.update(packet.array(), base, CHECKSUM_OFFSET);
        // RFC 9260 §6.8: the field itself counts as zero.
        crc.update(0);
        crc.update(0);
        crc.update(0);
        crc.update(0);
        crc.update(packet.array(), base + BYTES, lengthBytes - BYTES);
        return (int) crc.getValue();
    }
}
