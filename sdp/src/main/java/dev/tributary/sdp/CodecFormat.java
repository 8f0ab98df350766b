// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the parameters of a codec mean: {@code a=fmtp} in types, for the codecs that WebRTC uses. A parameter that is not said or
 * cannot be read has the default that its RFC gives it, so reading never fails. Immutable and thread-safe.
 *
 * <pre>{@code
 * if (CodecFormat.of(codec) instanceof CodecFormat.H264 h264 && h264.profile() == H264Profile.HIGH) ...
 * }</pre>
 */
public sealed interface CodecFormat {
    /** The format of a codec, by its name. */
    static CodecFormat of(Codec codec) {
        FormatParameters parameters = codec.parameters();
        return switch (codec.name().toUpperCase(Locale.ROOT)) {
            case "OPUS" -> Opus.read(parameters);
            case "VP8" -> new Vp8(number(parameters, "max-fr", 0), number(parameters, "max-fs", 0));
            case "VP9" ->
                new Vp9(
                        number(parameters, "profile-id", 0),
                        number(parameters, "max-fr", 0),
                        number(parameters, "max-fs", 0));
            case "AV1" ->
                new Av1(
                        number(parameters, "profile", 0),
                        number(parameters, "level-idx", Av1.LEVEL_INDEX_DEFAULT),
                        number(parameters, "tier", 0));
            case "H264" -> H264.read(parameters);
            case "H265" -> H265.read(parameters);
            case "RED" -> Red.read(parameters);
            case "RTX" -> new Rtx(codec.associatedPayloadType(), number(parameters, "rtx-time", 0));
            default -> new Other(parameters);
        };
    }

    /**
     * Whether a stream in this format is understood by a receiver of that one: the same codec, and the same of what both sides
     * must share. Levels, rates and sizes do not count.
     */
    boolean isCompatibleWith(CodecFormat other);

    private static int number(FormatParameters parameters, String name, int otherwise) {
        long number = Scan.number(parameters.get(name, ""), Integer.MAX_VALUE);
        return number < 0 ? otherwise : (int) number;
    }

    private static boolean flag(FormatParameters parameters, String name) {
        return parameters.get(name, "0").equals("1");
    }

    /**
     * Opus (RFC 7587 §6.1): what the receiver wants.
     *
     * @param maxPlaybackRateHz highest sampling rate that it makes use of
     * @param maxAverageBitrateBps highest average bitrate; 0 when not said
     * @param minPacketMillis shortest packet
     * @param stereo whether it prefers stereo
     * @param sendsStereo whether its sender will probably send stereo
     * @param constantBitrate whether it wants a constant bitrate
     * @param inbandFec whether it can use forward error correction
     * @param discontinuous whether it wants silence left out
     */
    record Opus(
            int maxPlaybackRateHz,
            int maxAverageBitrateBps,
            int minPacketMillis,
            boolean stereo,
            boolean sendsStereo,
            boolean constantBitrate,
            boolean inbandFec,
            boolean discontinuous)
            implements CodecFormat {

        private static Opus read(FormatParameters parameters) {
            return new Opus(
                    number(parameters, "maxplaybackrate", 48_000),
                    number(parameters, "maxaveragebitrate", 0),
                    number(parameters, "minptime", 3),
                    flag(parameters, "stereo"),
                    flag(parameters, "sprop-stereo"),
                    flag(parameters, "cbr"),
                    flag(parameters, "useinbandfec"),
                    flag(parameters, "usedtx"));
        }

        @Override
        public boolean isCompatibleWith(CodecFormat other) {
            return other instanceof Opus;
        }
    }

    /**
     * VP8 (RFC 7741 §6.1).
     *
     * @param maxFramesPerSecond highest frame rate; 0 when not said
     * @param maxMacroblocks largest picture in macroblocks of 16 x 16 pixels; 0 when not said
     */
    record Vp8(int maxFramesPerSecond, int maxMacroblocks) implements CodecFormat {
        @Override
        public boolean isCompatibleWith(CodecFormat other) {
            return other instanceof Vp8;
        }
    }

    /**
     * VP9 (RFC 9628 §6.1).
     *
     * @param profile 0 to 3
     * @param maxFramesPerSecond highest frame rate; 0 when not said
     * @param maxMacroblocks largest picture in macroblocks of 16 x 16 pixels; 0 when not said
     */
    record Vp9(int profile, int maxFramesPerSecond, int maxMacroblocks) implements CodecFormat {
        @Override
        public boolean isCompatibleWith(CodecFormat other) {
            return other instanceof Vp9 vp9 && profile == vp9.profile;
        }
    }

    /**
     * AV1 (the RTP payload format of AOMedia, §7.2).
     *
     * @param profile 0 main, 1 high, 2 professional
     * @param levelIndex highest level
     * @param tier 0 main, 1 high
     */
    record Av1(int profile, int levelIndex, int tier) implements CodecFormat {
        /** Level 3.1, when not said. */
        public static final int LEVEL_INDEX_DEFAULT = 5;

        @Override
        public boolean isCompatibleWith(CodecFormat other) {
            return other instanceof Av1 av1 && profile == av1.profile;
        }
    }

    /**
     * H.264 (RFC 6184 §8.1).
     *
     * @param profile what profile_idc and profile-iop mean; null when they name none that is known
     * @param profileLevelId as written, lower case
     * @param levelTimesTen level; -1 when the id is malformed
     * @param packetizationMode 0 single NAL unit, 1 non-interleaved, 2 interleaved
     * @param levelAsymmetryAllowed whether each side may send its own level
     */
    record H264(
            @Nullable H264Profile profile,
            String profileLevelId,
            int levelTimesTen,
            int packetizationMode,
            boolean levelAsymmetryAllowed)
            implements CodecFormat {

        private static H264 read(FormatParameters parameters) {
            String id =
                    parameters.get("profile-level-id", H264Profile.DEFAULT_ID).toLowerCase(Locale.ROOT);
            return new H264(
                    H264Profile.of(id),
                    id,
                    H264Profile.levelTimesTen(id),
                    number(parameters, "packetization-mode", 0),
                    flag(parameters, "level-asymmetry-allowed"));
        }

        /** Unknown profiles are compared by their text, so that two peers of a newer profile still understand each other. */
        @Override
        public boolean isCompatibleWith(CodecFormat other) {
            return other instanceof H264 h264
                    && packetizationMode == h264.packetizationMode
                    && profile == h264.profile
                    && (profile != null || profileLevelId.equals(h264.profileLevelId));
        }
    }

    /**
     * H.265 (RFC 7798 §7.1).
     *
     * @param profileSpace context of the profile; 0 as a rule
     * @param profileId profile; 1 is Main
     * @param highTier whether the level is one of the high tier
     * @param levelId level times thirty: 93 is level 3.1
     * @param txMode {@code SRST}, {@code MRST} or {@code MRMT}
     */
    record H265(int profileSpace, int profileId, boolean highTier, int levelId, String txMode) implements CodecFormat {
        private static H265 read(FormatParameters parameters) {
            return new H265(
                    number(parameters, "profile-space", 0),
                    number(parameters, "profile-id", 1),
                    flag(parameters, "tier-flag"),
                    number(parameters, "level-id", 93),
                    parameters.get("tx-mode", "SRST"));
        }

        @Override
        public boolean isCompatibleWith(CodecFormat other) {
            return other instanceof H265 h265
                    && profileSpace == h265.profileSpace
                    && profileId == h265.profileId
                    && highTier == h265.highTier
                    && txMode.equals(h265.txMode);
        }
    }

    /**
     * Redundant audio (RFC 2198 §5).
     *
     * @param payloadTypes what its blocks hold, the primary encoding first; empty when not said
     */
    record Red(List<Integer> payloadTypes) implements CodecFormat {
        /** Most payload types that are read; a packet with more levels of redundancy makes no sense. */
        public static final int PAYLOAD_TYPES_MAX = 16;

        /** Keeps an unmodifiable copy. */
        public Red {
            payloadTypes = List.copyOf(payloadTypes);
        }

        private static Red read(FormatParameters parameters) {
            List<Integer> payloadTypes = new ArrayList<>();
            for (String word : Scan.split(parameters.text(), '/')) {
                long payloadType = Scan.number(word.strip(), RtpMap.PAYLOAD_TYPE_MAX);
                if (payloadType < 0 || payloadTypes.size() == PAYLOAD_TYPES_MAX) {
                    return new Red(List.of());
                }
                payloadTypes.add((int) payloadType);
            }
            return new Red(payloadTypes);
        }

        /** Numbers differ from peer to peer; what they stand for is checked where the codecs of a section are chosen. */
        @Override
        public boolean isCompatibleWith(CodecFormat other) {
            return other instanceof Red;
        }
    }

    /**
     * Retransmission (RFC 4588 §8.1).
     *
     * @param payloadType payload type whose packets are repeated; -1 when not said
     * @param bufferMillis how long the sender keeps packets; 0 when not said
     */
    record Rtx(int payloadType, int bufferMillis) implements CodecFormat {
        @Override
        public boolean isCompatibleWith(CodecFormat other) {
            return other instanceof Rtx;
        }
    }

    /**
     * A codec whose parameters have no types here. Two of them are taken for compatible; their names are compared by
     * {@link Codec#matches}.
     *
     * @param parameters as written
     */
    record Other(FormatParameters parameters) implements CodecFormat {
        @Override
        public boolean isCompatibleWith(CodecFormat other) {
            return other instanceof Other;
        }
    }
}
