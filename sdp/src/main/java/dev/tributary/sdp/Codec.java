// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import java.util.List;
import java.util.Locale;

/**
 * A codec as one side describes it: its payload type, what that stands for, its parameters and the feedback it can have.
 *
 * @param payloadType number in the RTP header, 0 to 127; -1 in a capability, where the number is chosen later
 * @param name encoding name; compared without case
 * @param clockRate RTP clock rate in Hz
 * @param channels number of audio channels, 1 for video
 * @param parameters what {@code a=fmtp} says
 * @param feedback kinds of RTCP feedback, in order
 */
public record Codec(
        int payloadType,
        String name,
        int clockRate,
        int channels,
        FormatParameters parameters,
        List<RtcpFeedback> feedback) {

    /** Stands for a payload type that is still to be chosen. */
    public static final int ANY_PAYLOAD_TYPE = -1;

    /** Keeps an unmodifiable copy. */
    public Codec {
        if (payloadType < ANY_PAYLOAD_TYPE || payloadType > RtpMap.PAYLOAD_TYPE_MAX) {
            throw new IllegalArgumentException("A payload type is 0 to 127, got " + payloadType);
        }
        if (!Scan.isToken(name) || clockRate <= 0 || channels <= 0) {
            throw new IllegalArgumentException("Not a codec: " + name + '/' + clockRate + '/' + channels);
        }
        feedback = List.copyOf(feedback);
    }

    /** An audio codec for a capability. */
    public static Codec audio(String name, int clockRate, int channels, String parameters, RtcpFeedback... feedback) {
        return new Codec(
                ANY_PAYLOAD_TYPE, name, clockRate, channels, FormatParameters.parse(parameters), List.of(feedback));
    }

    /** A video codec for a capability, with the clock of 90 kHz that all of them have. */
    public static Codec video(String name, String parameters, RtcpFeedback... feedback) {
        return new Codec(ANY_PAYLOAD_TYPE, name, 90_000, 1, FormatParameters.parse(parameters), List.of(feedback));
    }

    /** Whether the encoding name is that one, without regard to case. */
    public boolean isNamed(String encodingName) {
        return name.equalsIgnoreCase(encodingName);
    }

    /** Whether this is the retransmission format of another codec (RFC 4588). */
    public boolean isRtx() {
        return isNamed("rtx");
    }

    /** The payload type whose packets this retransmission format repeats, or -1 when it does not say. */
    public int associatedPayloadType() {
        return (int) Scan.number(parameters.get("apt", ""), RtpMap.PAYLOAD_TYPE_MAX);
    }

    /**
     * Whether a stream that one side sends as this codec can be received by the other as that one: same name, clock rate and
     * channels, and the same configuration where a codec has configurations that do not understand each other. Payload
     * types, levels and feedback do not count.
     */
    public boolean matches(Codec other) {
        return hasFormatOf(other) && configuration().equals(other.configuration());
    }

    /** Whether name, clock rate and channels are the same. */
    public boolean hasFormatOf(Codec other) {
        return isNamed(other.name) && clockRate == other.clockRate && channels == other.channels;
    }

    /** The part of the parameters on which both sides must agree, in a form that can be compared. */
    private String configuration() {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "H264" -> h264Profile() + " mode " + parameters.get("packetization-mode", "0");
            case "VP9" -> parameters.get("profile-id", "0");
            case "AV1" -> parameters.get("profile", "0");
            case "H265" ->
                parameters.get("profile-id", "1")
                        + " tier "
                        + parameters.get("tier-flag", "0")
                        + " mode "
                        + parameters.get("tx-mode", "SRST");
            default -> "";
        };
    }

    /** Unknown profiles are compared by their text, so that two peers of a newer profile still understand each other. */
    private String h264Profile() {
        String id = parameters.get("profile-level-id");
        H264Profile profile = H264Profile.of(id);
        return profile == null ? String.valueOf(id).toLowerCase(Locale.ROOT) : profile.name();
    }

    /** This codec under another payload type. */
    public Codec withPayloadType(int number) {
        return new Codec(number, name, clockRate, channels, parameters, feedback);
    }

    /** This codec with other parameters. */
    public Codec withParameters(FormatParameters other) {
        return new Codec(payloadType, name, clockRate, channels, other, feedback);
    }

    /** This codec with other feedback. */
    public Codec withFeedback(List<RtcpFeedback> other) {
        return new Codec(payloadType, name, clockRate, channels, parameters, other);
    }
}
