// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.transform;

/**
 * The cryptographic transform of one direction and one protocol, RTP or RTCP (RFC 3711 §3.1): it knows a session key and
 * a salt and nothing of sources, roll-overs or replay. Offsets and room are the caller's duty.
 *
 * <p>Source and destination may be the same array at the same offset, else they must not overlap. When a result is
 * negative, a packet that was to be changed in place is unchanged; a separate destination holds rubbish. Not thread-safe.
 */
public abstract class Transform implements AutoCloseable {
    /** Length of the SRTCP word with E flag and index. */
    public static final int ESRTCP_WORD_BYTES = 4;

    /** The fixed part of an RTCP packet, which stays in the clear. */
    public static final int RTCP_HEADER_BYTES = 8;

    /**
     * Encrypts and tags an RTP packet.
     *
     * @param index the 48 bit index
     * @param headerLength how much of the packet stays in the clear
     * @return the new length, or a negative status
     */
    public abstract int sealRtp(
            int ssrc, long index, byte[] src, int srcOffset, int headerLength, int length, byte[] dst, int dstOffset);

    /**
     * Checks and decrypts an RTP packet.
     *
     * @param length with the tag; at least header and tag
     * @return the new length, or a negative status
     */
    public abstract int openRtp(
            int ssrc, long index, byte[] src, int srcOffset, int headerLength, int length, byte[] dst, int dstOffset);

    /**
     * Encrypts and tags an RTCP packet.
     *
     * @param index the 31 bit index
     * @return the new length, or a negative status
     */
    public abstract int sealRtcp(int ssrc, int index, byte[] src, int srcOffset, int length, byte[] dst, int dstOffset);

    /**
     * Checks and decrypts an RTCP packet; one without the E flag is checked only.
     *
     * @param length with tag and word; at least header, tag and word
     * @return the new length, or a negative status
     */
    public abstract int openRtcp(int ssrc, byte[] src, int srcOffset, int length, byte[] dst, int dstOffset);

    /**
     * The word with E flag and index of a protected RTCP packet, which is not yet authenticated.
     *
     * @param end where the packet ends
     */
    public abstract int esrtcpWord(byte[] src, int end);

    /** Zeroes the keys. */
    @Override
    public abstract void close();

    /** Reads 32 bits, network order. */
    public static int readInt(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 24
                | (bytes[at + 1] & 0xFF) << 16
                | (bytes[at + 2] & 0xFF) << 8
                | (bytes[at + 3] & 0xFF);
    }

    /** Writes 32 bits, network order. */
    public static void writeInt(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >>> 24);
        bytes[at + 1] = (byte) (value >>> 16);
        bytes[at + 2] = (byte) (value >>> 8);
        bytes[at + 3] = (byte) value;
    }

    /** Changes 32 bits, network order, by exclusive or. */
    static void xorInt(byte[] bytes, int at, int value) {
        bytes[at] ^= (byte) (value >>> 24);
        bytes[at + 1] ^= (byte) (value >>> 16);
        bytes[at + 2] ^= (byte) (value >>> 8);
        bytes[at + 3] ^= (byte) value;
    }

    /** Copies the clear part when the destination is another place. */
    static void copy(byte[] src, int srcOffset, int length, byte[] dst, int dstOffset) {
        if (src != dst || srcOffset != dstOffset) {
            System.arraycopy(src, srcOffset, dst, dstOffset, length);
        }
    }
}
