// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import java.util.List;

/**
 * What this side can negotiate. Immutable.
 *
 * @param audio audio codecs by preference; a payload type in them is a wish
 * @param video video codecs by preference; a payload type in them is a wish
 * @param anyConfiguration whether an offered codec is accepted in any configuration (H.264 profile, VP9 profile ...) once its
 *     name is listed; right for a forwarder, wrong for a decoder
 * @param retransmission whether RTX (RFC 4588) is accepted and offered for video
 * @param simulcast whether offered simulcast streams are accepted
 * @param audioExtensions URIs of header extensions for audio
 * @param videoExtensions URIs of header extensions for video
 */
public record Capabilities(
        List<Codec> audio,
        List<Codec> video,
        boolean anyConfiguration,
        boolean retransmission,
        boolean simulcast,
        List<String> audioExtensions,
        List<String> videoExtensions) {

    private static final RtcpFeedback[] VIDEO_FEEDBACK = {
        RtcpFeedback.REMB, RtcpFeedback.TRANSPORT_CC, RtcpFeedback.FIR, RtcpFeedback.NACK, RtcpFeedback.PLI
    };

    private static final String H264 = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=";

    /** Keeps unmodifiable copies. */
    public Capabilities {
        audio = List.copyOf(audio);
        video = List.copyOf(video);
        audioExtensions = List.copyOf(audioExtensions);
        videoExtensions = List.copyOf(videoExtensions);
    }

    /** What a forwarder of Opus, VP8 and H.264 can do. */
    public static Capabilities forwarding() {
        return new Capabilities(
                List.of(Codec.audio("opus", 48_000, 2, "minptime=10;useinbandfec=1", RtcpFeedback.TRANSPORT_CC)
                        .withPayloadType(111)),
                List.of(
                        Codec.video("VP8", "", VIDEO_FEEDBACK).withPayloadType(96),
                        Codec.video("H264", H264 + "42e01f", VIDEO_FEEDBACK).withPayloadType(102),
                        Codec.video("H264", H264 + "64001f", VIDEO_FEEDBACK).withPayloadType(112)),
                true,
                true,
                true,
                List.of(
                        HeaderExtension.MID,
                        HeaderExtension.TRANSPORT_WIDE_CC,
                        HeaderExtension.ABS_SEND_TIME,
                        HeaderExtension.AUDIO_LEVEL),
                List.of(
                        HeaderExtension.MID,
                        HeaderExtension.TRANSPORT_WIDE_CC,
                        HeaderExtension.ABS_SEND_TIME,
                        HeaderExtension.VIDEO_ORIENTATION,
                        HeaderExtension.RTP_STREAM_ID,
                        HeaderExtension.REPAIRED_RTP_STREAM_ID));
    }

    /** Codecs of a kind by preference. */
    public List<Codec> codecs(MediaKind kind) {
        return switch (kind) {
            case AUDIO -> audio;
            case VIDEO -> video;
            case APPLICATION, OTHER -> List.of();
        };
    }

    /** Header extensions of a kind. */
    public List<String> extensions(MediaKind kind) {
        return switch (kind) {
            case AUDIO -> audioExtensions;
            case VIDEO -> videoExtensions;
            case APPLICATION, OTHER -> List.of();
        };
    }

    /** These capabilities with other codecs. */
    public Capabilities withCodecs(List<Codec> audioCodecs, List<Codec> videoCodecs) {
        return new Capabilities(
                audioCodecs,
                videoCodecs,
                anyConfiguration,
                retransmission,
                simulcast,
                audioExtensions,
                videoExtensions);
    }

    /** These capabilities with other header extensions. */
    public Capabilities withExtensions(List<String> ofAudio, List<String> ofVideo) {
        return new Capabilities(audio, video, anyConfiguration, retransmission, simulcast, ofAudio, ofVideo);
    }

    /** These capabilities, matching configurations or taking any. */
    public Capabilities withAnyConfiguration(boolean any) {
        return new Capabilities(audio, video, any, retransmission, simulcast, audioExtensions, videoExtensions);
    }

    /** These capabilities with or without retransmission. */
    public Capabilities withRetransmission(boolean rtx) {
        return new Capabilities(audio, video, anyConfiguration, rtx, simulcast, audioExtensions, videoExtensions);
    }

    /** These capabilities with or without simulcast. */
    public Capabilities withSimulcast(boolean accepted) {
        return new Capabilities(
                audio, video, anyConfiguration, retransmission, accepted, audioExtensions, videoExtensions);
    }

    /** Index of the first codec of that kind that an offered one can be, or -1. */
    int indexOf(MediaKind kind, Codec offered) {
        List<Codec> codecs = codecs(kind);
        for (int i = 0; i < codecs.size(); i++) {
            Codec own = codecs.get(i);
            if (anyConfiguration ? own.hasFormatOf(offered) : own.matches(offered)) {
                return i;
            }
        }
        return -1;
    }
}
