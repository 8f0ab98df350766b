// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.rtp;

/**
 * Writes a block of RTP header extensions (RFC 8285) into a caller's array: {@link #begin}, {@link #put} for each
 * element, {@link #end}. The one-byte form is used as long as it can hold every element, if the caller begins with it;
 * the two-byte form is for ids above 14 or elements above 16 bytes.
 *
 * <p>Not thread-safe; reusable.
 */
public final class HeaderExtensionWriter {
    private static final int ONE_BYTE_ID_MAX = 14;
    private static final int ONE_BYTE_LENGTH_MAX = 16;
    private static final int BLOCK_HEADER_BYTES = 4;

    private byte[] array = {};
    private int start;
    private int at;
    private int limit;
    private boolean twoByte;

    /**
     * Starts a block.
     *
     * @param bytes where to write
     * @param from index of the block's header
     * @param to index behind the last byte that may be written
     * @param twoByteForm whether elements get a head of two bytes
     * @return {@code false} if not even an empty block fits
     */
    public boolean begin(byte[] bytes, int from, int to, boolean twoByteForm) {
        array = bytes;
        start = from;
        at = from + BLOCK_HEADER_BYTES;
        limit = Math.min(to, bytes.length);
        twoByte = twoByteForm;
        return at <= limit;
    }

    /**
     * Adds an element.
     *
     * @return {@code false} if the form cannot express it (id, length) or it does not fit; nothing is written then
     */
    public boolean put(int id, byte[] source, int from, int length) {
        int valueAt = head(id, length);
        if (valueAt < 0) {
            return false;
        }
        System.arraycopy(source, from, array, valueAt, length);
        return true;
    }

    /** Adds an element of one to eight bytes from the low end of a number, in network order. */
    public boolean putNumber(int id, long value, int length) {
        int valueAt = head(id, length);
        if (valueAt < 0) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            array[valueAt + i] = (byte) (value >>> 8 * (length - 1 - i));
        }
        return true;
    }

    /**
     * Ends the block with its padding.
     *
     * @return the index behind the block, or the index where it began if it has no element (nothing is to be sent then)
     */
    public int end() {
        if (at == start + BLOCK_HEADER_BYTES) {
            return start;
        }
        // head() keeps room for this padding.
        while ((at - start) % 4 != 0) {
            array[at++] = 0;
        }
        BigEndian.putInt16(
                array, start, twoByte ? HeaderExtensions.PROFILE_TWO_BYTE : HeaderExtensions.PROFILE_ONE_BYTE);
        BigEndian.putInt16(array, start + 2, (at - start - BLOCK_HEADER_BYTES) / 4);
        return at;
    }

    private int head(int id, int length) {
        int headBytes = twoByte ? 2 : 1;
        int unpadded = at + headBytes + length - start;
        if (start + (unpadded + 3) / 4 * 4 > limit || id < 1 || length < 0) {
            return -1;
        }
        if (twoByte) {
            if (id > 255 || length > 255) {
                return -1;
            }
            array[at++] = (byte) id;
            array[at++] = (byte) length;
        } else {
            if (id > ONE_BYTE_ID_MAX || length < 1 || length > ONE_BYTE_LENGTH_MAX) {
                return -1;
            }
            array[at++] = (byte) (id << 4 | length - 1);
        }
        int valueAt = at;
        at += length;
        return valueAt;
    }
}
