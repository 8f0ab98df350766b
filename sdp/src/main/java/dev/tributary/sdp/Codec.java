// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import java.util.List;

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

    /** Whether this is the format of redundant audio (RFC 2198). */
    public boolean isRed() {
        return isNamed("red");
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
        return hasFormatOf(other) && format().isCompatibleWith(other.format());
    }

    /** Whether name, clock rate and channels are the same. */
    public boolean hasFormatOf(Codec other) {
        return isNamed(other.name) && clockRate == other.clockRate && channels == other.channels;
    }

    /** What the parameters mean. */
    public CodecFormat format() {
        return CodecFormat.of(this);
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
