// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import java.util.List;
import org.jspecify.annotations.Nullable;

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

    private static final List<RtcpFeedback> COMMON = List.of(NACK, PLI, FIR, TRANSPORT_CC, REMB);

    /** The kind that the text after the payload type names, three words at most; null when it names none. */
    static @Nullable RtcpFeedback parse(String text) {
        String stripped = text.strip();
        for (RtcpFeedback common : COMMON) {
            if (common.value.equals(stripped)) {
                return common;
            }
        }
        String[] words = Scan.words(stripped, 3);
        return words.length == 0 ? null : new RtcpFeedback(String.join(" ", words));
    }
}
