// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

/**
 * The VP8 payload descriptor (RFC 7741 section 4.2) where more is wanted than {@link PacketTraits} keeps: the size of a
 * key frame.
 */
final class Vp8Descriptor {
    private Vp8Descriptor() {}

    /** Length of the descriptor, or −1 if it does not end within the payload. */
    static int length(byte[] bytes, int from, int length) {
        int descriptor = 1;
        if ((bytes[from] & 0x80) != 0) {
            if (length < 2) {
                return -1;
            }
            int extension = bytes[from + 1];
            descriptor = 2;
            if ((extension & 0x80) != 0) {
                if (length < 3) {
                    return -1;
                }
                descriptor += bytes[from + 2] < 0 ? 2 : 1;
            }
            descriptor += (extension & 0x40) != 0 ? 1 : 0;
            descriptor += (extension & 0x30) != 0 ? 1 : 0;
        }
        return descriptor <= length ? descriptor : -1;
    }

    /** Width (high half) and height of the key frame that begins here (RFC 6386 section 9.1), or 0. */
    static int size(byte[] bytes, int from, int length) {
        int descriptor = length(bytes, from, length);
        int at = from + descriptor + 3;
        if (descriptor < 0
                || descriptor + 10 > length
                || (bytes[at] & 0xFF) != 0x9D
                || bytes[at + 1] != 0x01
                || bytes[at + 2] != 0x2A) {
            return 0;
        }
        int width = ((bytes[at + 4] & 0x3F) << 8) | bytes[at + 3] & 0xFF;
        int height = ((bytes[at + 6] & 0x3F) << 8) | bytes[at + 5] & 0xFF;
        return width << 16 | height;
    }
}
