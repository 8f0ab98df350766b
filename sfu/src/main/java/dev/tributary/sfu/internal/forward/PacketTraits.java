// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import dev.tributary.core.rtp.HeaderExtensions;
import dev.tributary.core.rtp.RtpPacket;

/**
 * What is read out of a packet once, when it comes in, so that nothing is parsed for each subscriber: flags and small
 * numbers in one {@code long}.
 *
 * <pre>
 * 63      56 55         48 47         40 39       32 31 30            16 15     8 7 … 0
 * |        | orientation | audio level |  TL0PICIDX  | |  picture id    |        | flags |
 * </pre>
 */
final class PacketTraits {
    static final long KEY_FRAME_START = 1;
    static final long MARKER = 1 << 1;
    static final long PICTURE_ID = 1 << 2;
    /** The picture id has 15 bits instead of 7. */
    static final long PICTURE_ID_LONG = 1 << 3;

    static final long TL0_PICTURE_INDEX = 1 << 4;
    static final long AUDIO_LEVEL = 1 << 5;
    static final long ORIENTATION = 1 << 6;

    private PacketTraits() {}

    static boolean has(long traits, long flag) {
        return (traits & flag) != 0;
    }

    static int pictureId(long traits) {
        return (int) (traits >>> 16) & 0x7FFF;
    }

    static int tl0PictureIndex(long traits) {
        return (int) (traits >>> 32) & 0xFF;
    }

    static int audioLevel(long traits) {
        return (int) (traits >>> 40) & 0xFF;
    }

    static int orientation(long traits) {
        return (int) (traits >>> 48) & 0xFF;
    }

    /**
     * Reads the traits of a packet.
     *
     * @param payloadAt where the payload of the codec begins: behind the head of a retransmission, if it is one
     */
    static long of(RtpPacket packet, int payloadAt, int payloadLength, CodecKind kind, ExtensionIds ids) {
        long traits = packet.marker() ? MARKER : 0;
        if (packet.hasExtension()) {
            traits |= element(packet, ids.audioLevel(), AUDIO_LEVEL, 40);
            traits |= element(packet, ids.videoOrientation(), ORIENTATION, 48);
        }
        return traits | payload(packet.array(), payloadAt, payloadLength, kind);
    }

    private static long element(RtpPacket packet, int id, long flag, int shift) {
        long found = HeaderExtensions.find(packet, id);
        if (found == HeaderExtensions.NOT_FOUND || HeaderExtensions.length(found) < 1) {
            return 0;
        }
        return flag | (packet.array()[HeaderExtensions.offset(found)] & 0xFFL) << shift;
    }

    private static long payload(byte[] bytes, int at, int length, CodecKind kind) {
        if (length == 0) {
            return 0;
        }
        return switch (kind) {
            case VP8 -> vp8(bytes, at, length);
            case VP9 -> vp9(bytes, at);
            case H264 -> H26xKeyFrames.h264(bytes, at, length) ? KEY_FRAME_START : 0;
            case H265 -> H26xKeyFrames.h265(bytes, at, length) ? KEY_FRAME_START : 0;
            // AV1 RTP §4.4: N says that this packet begins a new coded video sequence.
            case AV1 -> (bytes[at] & 0x08) != 0 ? KEY_FRAME_START : 0;
            case OPUS, OTHER_AUDIO -> KEY_FRAME_START;
        };
    }

    /** RFC 7741 §4.2: payload descriptor X R N S R PID, then I L T K, picture id, TL0PICIDX, TID Y KEYIDX. */
    private static long vp8(byte[] bytes, int from, int length) {
        int end = from + length;
        int at = from + 1;
        long traits = 0;
        if ((bytes[from] & 0x80) != 0) {
            if (at >= end) {
                return 0;
            }
            int extension = bytes[at++];
            if ((extension & 0x80) != 0) {
                boolean wide = at < end && bytes[at] < 0;
                if (at + (wide ? 2 : 1) > end) {
                    return 0;
                }
                long pictureId = wide ? (bytes[at] & 0x7FL) << 8 | bytes[at + 1] & 0xFF : bytes[at];
                traits |= PICTURE_ID | (wide ? PICTURE_ID_LONG : 0) | pictureId << 16;
                at += wide ? 2 : 1;
            }
            if ((extension & 0x40) != 0) {
                if (at >= end) {
                    return 0;
                }
                traits |= TL0_PICTURE_INDEX | (bytes[at++] & 0xFFL) << 32;
            }
            if ((extension & 0x30) != 0) {
                at++;
            }
        }
        boolean startsPicture = (bytes[from] & 0x17) == 0x10;
        // RFC 7741 §4.3: the lowest bit of the first payload byte is zero in key frames.
        return startsPicture && at < end && (bytes[at] & 1) == 0 ? traits | KEY_FRAME_START : traits;
    }

    /** RFC 9628 §4.2: I P L F B E V Z; a key frame begins where B is set, P is not and the spatial layer is zero. */
    private static long vp9(byte[] bytes, int at) {
        return (bytes[at] & 0x48) == 0x08 ? KEY_FRAME_START : 0;
    }
}
