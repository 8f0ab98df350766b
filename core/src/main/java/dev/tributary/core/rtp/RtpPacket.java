// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.rtp;

/**
 * One RTP packet (RFC 3550 section 5.1), read and patched in place.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 * |                           timestamp                           |
 * |                             SSRC                              |
 * |                     CSRC, 0 to 15 of them                     |
 * |      extension profile        |  extension length in words    |
 * |                     extension, payload, padding               |
 * </pre>
 *
 * <p>A flyweight: {@link #wrap} points it at bytes and checks them, the accessors read them. It holds no copy, so it is
 * stale when the bytes change under it. {@link #wrapHeader} is for packets that are still encrypted, whose padding cannot
 * be checked yet. Not thread-safe.
 */
public final class RtpPacket {
    /** Bytes of a header without CSRCs and extension. */
    public static final int FIXED_HEADER_BYTES = 12;

    private static final int EXTENSION_HEADER_BYTES = 4;
    private static final int VERSION = 2;
    private static final byte[] NONE = {};

    private byte[] array = NONE;
    private int offset;
    private int length;
    private int headerLength;
    private int extensionOffset;
    private int extensionLength;
    private int paddingLength;

    /**
     * Points at a whole packet in the clear and checks its header and padding.
     *
     * @return {@code false} if these bytes are not an RTP packet; the flyweight is then unusable
     */
    public boolean wrap(byte[] bytes, int packetOffset, int packetLength) {
        if (!wrapHeader(bytes, packetOffset, packetLength)) {
            return false;
        }
        if ((array[offset] & 0x20) == 0) {
            return true;
        }
        // RFC 3550 §5.1: the last octet counts the padding including itself, so zero makes no sense.
        int padding = length > headerLength ? BigEndian.uint8(array, offset + length - 1) : 0;
        if (padding == 0 || padding > length - headerLength) {
            return false;
        }
        paddingLength = padding;
        return true;
    }

    /**
     * Points at a packet whose payload may be encrypted and checks only its header; {@link #paddingLength()} is then
     * zero.
     *
     * @return {@code false} if these bytes do not begin with an RTP header
     */
    public boolean wrapHeader(byte[] bytes, int packetOffset, int packetLength) {
        if (packetLength < FIXED_HEADER_BYTES
                || packetOffset < 0
                || packetOffset > bytes.length - packetLength
                || (bytes[packetOffset] & 0xFF) >>> 6 != VERSION) {
            return false;
        }
        int first = bytes[packetOffset];
        int header = FIXED_HEADER_BYTES + 4 * (first & 0x0F);
        int extensionAt = 0;
        int extensionBytes = 0;
        if ((first & 0x10) != 0) {
            if (header + EXTENSION_HEADER_BYTES > packetLength) {
                return false;
            }
            extensionAt = header + EXTENSION_HEADER_BYTES;
            extensionBytes = 4 * BigEndian.uint16(bytes, packetOffset + header + 2);
            header = extensionAt + extensionBytes;
        }
        if (header > packetLength) {
            return false;
        }
        array = bytes;
        offset = packetOffset;
        length = packetLength;
        headerLength = header;
        extensionOffset = packetOffset + extensionAt;
        extensionLength = extensionBytes;
        paddingLength = 0;
        return true;
    }

    /** The array that the packet lies in. */
    public byte[] array() {
        return array;
    }

    /** Index of the packet's first byte in {@link #array()}. */
    public int offset() {
        return offset;
    }

    /** Bytes of the whole packet. */
    public int length() {
        return length;
    }

    /** Bytes of fixed header, CSRCs and extension together. */
    public int headerLength() {
        return headerLength;
    }

    /** Index of the first payload byte in {@link #array()}. */
    public int payloadOffset() {
        return offset + headerLength;
    }

    /** Bytes of payload, without padding. */
    public int payloadLength() {
        return length - headerLength - paddingLength;
    }

    /** Bytes of padding at the end, the count itself included. */
    public int paddingLength() {
        return paddingLength;
    }

    /** The marker bit: for video the last packet of a picture, for audio the first of a talk spurt. */
    public boolean marker() {
        return array[offset + 1] < 0;
    }

    /** The payload type, 0 to 127. */
    public int payloadType() {
        return array[offset + 1] & 0x7F;
    }

    /** The sequence number, 0 to 65,535. */
    public int sequenceNumber() {
        return BigEndian.uint16(array, offset + 2);
    }

    /** The timestamp in units of the payload's clock: 32 unsigned bits. */
    public int timestamp() {
        return BigEndian.int32(array, offset + 4);
    }

    /** The synchronisation source: 32 unsigned bits. */
    public int ssrc() {
        return BigEndian.int32(array, offset + 8);
    }

    /** Number of contributing sources. */
    public int csrcCount() {
        return array[offset] & 0x0F;
    }

    /** Whether the header carries an extension block. */
    public boolean hasExtension() {
        return (array[offset] & 0x10) != 0;
    }

    /** The profile field of the extension block (RFC 8285: 0xBEDE one byte, 0x100_ two byte), or −1 without one. */
    public int extensionProfile() {
        return hasExtension() ? BigEndian.uint16(array, extensionOffset - EXTENSION_HEADER_BYTES) : -1;
    }

    /** Index of the first byte of the extension elements in {@link #array()}. */
    public int extensionOffset() {
        return extensionOffset;
    }

    /** Bytes of extension elements, a multiple of four. */
    public int extensionLength() {
        return extensionLength;
    }

    /** Sets the marker bit. */
    public void setMarker(boolean marker) {
        array[offset + 1] = (byte) (marker ? array[offset + 1] | 0x80 : array[offset + 1] & 0x7F);
    }

    /** Sets the payload type (the low seven bits are taken). */
    public void setPayloadType(int payloadType) {
        array[offset + 1] = (byte) (array[offset + 1] & 0x80 | payloadType & 0x7F);
    }

    /** Sets the sequence number (the low 16 bits are taken). */
    public void setSequenceNumber(int sequenceNumber) {
        BigEndian.putInt16(array, offset + 2, sequenceNumber);
    }

    /** Sets the timestamp. */
    public void setTimestamp(int timestamp) {
        BigEndian.putInt32(array, offset + 4, timestamp);
    }

    /** Sets the synchronisation source. */
    public void setSsrc(int ssrc) {
        BigEndian.putInt32(array, offset + 8, ssrc);
    }

    /**
     * Writes a fixed header without CSRCs; the caller has checked that {@value #FIXED_HEADER_BYTES} bytes fit.
     *
     * @param extension whether an extension block follows
     * @return the index behind the header
     */
    public static int writeHeader(
            byte[] target,
            int at,
            boolean extension,
            boolean marker,
            int payloadType,
            int sequenceNumber,
            int timestamp,
            int ssrc) {
        target[at] = (byte) (VERSION << 6 | (extension ? 0x10 : 0));
        target[at + 1] = (byte) ((marker ? 0x80 : 0) | payloadType & 0x7F);
        BigEndian.putInt16(target, at + 2, sequenceNumber);
        BigEndian.putInt32(target, at + 4, timestamp);
        BigEndian.putInt32(target, at + 8, ssrc);
        return at + FIXED_HEADER_BYTES;
    }

    /**
     * Whether a datagram is RTP or RTCP rather than STUN or DTLS, by its first byte (RFC 7983 section 7): 128 to 191.
     */
    public static boolean isRtpOrRtcp(byte[] bytes, int at, int datagramLength) {
        return datagramLength >= 8 && (bytes[at] & 0xC0) == 0x80;
    }

    /** Whether a datagram of RTP or RTCP is RTCP, by its second byte (RFC 5761 section 4): packet types 192 to 223. */
    public static boolean isRtcp(byte[] bytes, int at) {
        return (bytes[at + 1] & 0xE0) == 0xC0;
    }

    /**
     * Who sent a datagram of RTP or RTCP, by what stands in it in the clear also when it is protected: the SSRC of RTP, or
     * of the first part of RTCP. Proves nothing before the datagram is authenticated.
     *
     * @return the SSRC, or 0 when the datagram is too short to have one
     */
    public static int senderSsrc(byte[] bytes, int at, int datagramLength) {
        int position = isRtcp(bytes, at) ? 4 : 8;
        return datagramLength < position + 4 ? 0 : BigEndian.int32(bytes, at + position);
    }
}
