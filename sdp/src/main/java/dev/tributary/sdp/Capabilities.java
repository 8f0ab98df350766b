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

    /** Keeps unmodifiable copies. */
    public Capabilities {
        audio = List.copyOf(audio);
        video = List.copyOf(video);
        audioExtensions = List.copyOf(audioExtensions);
        videoExtensions = List.copyOf(videoExtensions);
    }

    /** What a forwarder of Opus, VP8 and H.264 can do. */
    public static Capabilities forwarding() {
        return forwarding("opus", "VP8", "H264");
    }

    /**
     * What a forwarder of these codecs can do.
     *
     * @param names any of {@code opus}, {@code red}, {@code G722}, {@code PCMU}, {@code PCMA}, {@code VP8}, {@code H264},
     *     {@code VP9}, {@code AV1} and {@code H265}, by preference. Red (RFC 2198) needs the codec that it repeats, Opus
     * @throws IllegalArgumentException if a name is none of these
     */
    public static Capabilities forwarding(String... names) {
        CodecPresets.check(names);
        return new Capabilities(
                CodecPresets.audio(names),
                CodecPresets.video(names),
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
