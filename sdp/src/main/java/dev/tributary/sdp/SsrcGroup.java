// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import dev.tributary.sdp.SdpException.Reason;
import java.util.ArrayList;
import java.util.List;

/**
 * RTP sources that belong together (RFC 5576 §4.2).
 *
 * @param semantics {@code FID}: a source and its retransmissions; {@code SIM}: encodings of one source; others
 * @param ssrcs identifiers of the sources, in the order that the semantics gives a meaning
 */
public record SsrcGroup(String semantics, List<Long> ssrcs) {
    /** A source, then its retransmissions. */
    public static final String FID = "FID";

    /** Most sources of a group that are read. */
    public static final int SSRCS_MAX = 16;

    /** Keeps an unmodifiable copy. */
    public SsrcGroup {
        ssrcs = List.copyOf(ssrcs);
    }

    static SsrcGroup parse(String value) {
        String[] words = Scan.words(value, SSRCS_MAX + 1);
        List<Long> ssrcs = new ArrayList<>();
        for (int i = 1; i < words.length; i++) {
            long ssrc = Scan.number(words[i], Ssrc.SSRC_MAX);
            if (ssrc < 0) {
                throw SdpException.of(Reason.SYNTAX, value, "a=ssrc-group lists numbers of 32 bits (RFC 5576 §4.2)");
            }
            ssrcs.add(ssrc);
        }
        if (words.length == 0) {
            throw SdpException.of(Reason.SYNTAX, value, "a=ssrc-group has semantics (RFC 5576 §4.2)");
        }
        return new SsrcGroup(words[0], ssrcs);
    }

    /** The value of the attribute. */
    public String write() {
        StringBuilder text = new StringBuilder(semantics);
        for (long ssrc : ssrcs) {
            text.append(' ').append(ssrc);
        }
        return text.toString();
    }
}
