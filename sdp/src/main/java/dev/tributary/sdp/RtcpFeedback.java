// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

/**
 * A kind of RTCP feedback for a codec (RFC 4585 §4.2).
 *
 * @param value type and parameter separated by one space, for instance {@code nack pli}
 */
public record RtcpFeedback(String value) {
    /** Most kinds that are read for one codec; more are not looked at. */
    public static final int KINDS_MAX = 16;

    /** Generic NACK (RFC 4585). */
    public static final RtcpFeedback NACK = new RtcpFeedback("nack");
    /** Picture loss indication (RFC 4585). */
    public static final RtcpFeedback PLI = new RtcpFeedback("nack pli");
    /** Full intra request (RFC 5104). */
    public static final RtcpFeedback FIR = new RtcpFeedback("ccm fir");
    /** Transport-wide congestion control feedback. */
    public static final RtcpFeedback TRANSPORT_CC = new RtcpFeedback("transport-cc");
    /** Receiver estimated maximum bitrate. */
    public static final RtcpFeedback REMB = new RtcpFeedback("goog-remb");
}
