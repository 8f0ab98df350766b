// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

/**
 * Finds the packets that begin a key frame in H.264 (RFC 6184) and H.265 (RFC 7798). Parameter sets count as its
 * beginning: they come first, and a decoder that has not seen them can do nothing with the picture. A fragment counts
 * only with its first piece.
 */
final class H26xKeyFrames {
    private static final int H264_IDR = 5;
    private static final int H264_SPS = 7;
    private static final int H264_STAP_A = 24;
    private static final int H264_FU_A = 28;
    private static final int H265_IRAP_FIRST = 16;
    private static final int H265_IRAP_LAST = 21;
    private static final int H265_VPS = 32;
    private static final int H265_PPS = 34;
    private static final int H265_AP = 48;
    private static final int H265_FU = 49;

    private H26xKeyFrames() {}

    static boolean h264(byte[] bytes, int at, int length) {
        int type = bytes[at] & 0x1F;
        if (type == H264_FU_A) {
            return length >= 2 && bytes[at + 1] < 0 && isH264Key(bytes[at + 1] & 0x1F);
        }
        if (type != H264_STAP_A) {
            return isH264Key(type);
        }
        int end = at + length;
        int unitAt = at + 1;
        while (unitAt + 3 <= end) {
            if (isH264Key(bytes[unitAt + 2] & 0x1F)) {
                return true;
            }
            unitAt += 2 + ((bytes[unitAt] & 0xFF) << 8 | bytes[unitAt + 1] & 0xFF);
        }
        return false;
    }

    static boolean h265(byte[] bytes, int at, int length) {
        if (length < 3) {
            return false;
        }
        int type = bytes[at] >> 1 & 0x3F;
        if (type == H265_FU) {
            return bytes[at + 2] < 0 && isH265Key(bytes[at + 2] & 0x3F);
        }
        if (type != H265_AP) {
            return isH265Key(type);
        }
        int end = at + length;
        int unitAt = at + 2;
        while (unitAt + 4 <= end) {
            if (isH265Key(bytes[unitAt + 2] >> 1 & 0x3F)) {
                return true;
            }
            unitAt += 2 + ((bytes[unitAt] & 0xFF) << 8 | bytes[unitAt + 1] & 0xFF);
        }
        return false;
    }

    private static boolean isH264Key(int type) {
        return type == H264_IDR || type == H264_SPS;
    }

    private static boolean isH265Key(int type) {
        return type >= H265_IRAP_FIRST && type <= H265_IRAP_LAST || type >= H265_VPS && type <= H265_PPS;
    }
}
