// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.rtp;

/**
 * Reads RTP header extensions in both forms of RFC 8285, which may be mixed within one stream. Elements are found by
 * their negotiated id and returned as one {@code long} that {@link #offset} and {@link #length} take apart, so that
 * looking costs no allocation.
 *
 * <p>Thread-safe: no state.
 */
public final class HeaderExtensions {
    /** RFC 8285 section 4.2: profile of the one-byte form. */
    public static final int PROFILE_ONE_BYTE = 0xBEDE;

    /** RFC 8285 section 4.3: profile of the two-byte form; the low four bits are "appbits". */
    public static final int PROFILE_TWO_BYTE = 0x1000;

    /** What {@link #find} returns when the packet has no such element. */
    public static final long NOT_FOUND = -1;

    /** RFC 8285 section 4.2: id 15 ends the one-byte form. */
    private static final int ID_STOP = 15;

    private HeaderExtensions() {}

    /** The element with an id, or {@link #NOT_FOUND}. A malformed block ends where it stops making sense. */
    public static long find(RtpPacket packet, int id) {
        int profile = packet.extensionProfile();
        if (id <= 0) {
            return NOT_FOUND;
        }
        if (profile == PROFILE_ONE_BYTE) {
            return findOneByte(packet.array(), packet.extensionOffset(), packet.extensionLength(), id);
        }
        if ((profile & 0xFFF0) == PROFILE_TWO_BYTE && profile >= 0) {
            return findTwoByte(packet.array(), packet.extensionOffset(), packet.extensionLength(), id);
        }
        return NOT_FOUND;
    }

    /** Index of the first byte of a found element in the packet's array. */
    public static int offset(long element) {
        return (int) (element >>> 32);
    }

    /** Bytes of a found element; zero is possible in the two-byte form. */
    public static int length(long element) {
        return (int) element;
    }

    private static long findOneByte(byte[] array, int from, int bytes, int id) {
        int end = from + bytes;
        int at = from;
        while (at < end) {
            int head = BigEndian.uint8(array, at++);
            int elementId = head >>> 4;
            if (head == 0) {
                continue; // padding
            }
            if (elementId == ID_STOP) {
                return NOT_FOUND;
            }
            int length = (head & 0x0F) + 1;
            if (at + length > end) {
                return NOT_FOUND;
            }
            if (elementId == id) {
                return pack(at, length);
            }
            at += length;
        }
        return NOT_FOUND;
    }

    private static long findTwoByte(byte[] array, int from, int bytes, int id) {
        int end = from + bytes;
        int at = from;
        while (at < end) {
            int elementId = BigEndian.uint8(array, at++);
            if (elementId == 0) {
                continue; // padding is one byte long here too, without a length
            }
            if (at == end) {
                return NOT_FOUND;
            }
            int length = BigEndian.uint8(array, at++);
            if (at + length > end) {
                return NOT_FOUND;
            }
            if (elementId == id) {
                return pack(at, length);
            }
            at += length;
        }
        return NOT_FOUND;
    }

    private static long pack(int at, int length) {
        return (long) at << 32 | length;
    }
}
