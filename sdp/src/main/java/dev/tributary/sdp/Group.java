// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import dev.tributary.sdp.SdpException.Reason;
import java.util.List;

/**
 * Media sections that belong together (RFC 5888).
 *
 * @param semantics what the group means, for instance {@code BUNDLE} (RFC 9143) or {@code LS}
 * @param mids ids of its sections; in a BUNDLE group the first is the tagged one
 */
public record Group(String semantics, List<String> mids) {
    /** Semantics of sections that share one transport. */
    public static final String BUNDLE = "BUNDLE";

    /** Keeps an unmodifiable copy. */
    public Group {
        mids = List.copyOf(mids);
    }

    static Group parse(String value) {
        String[] words = Scan.words(value, Integer.MAX_VALUE);
        if (words.length == 0) {
            throw SdpException.of(Reason.SYNTAX, value, "a=group has semantics (RFC 5888 §5)");
        }
        return new Group(words[0], List.of(words).subList(1, words.length));
    }

    /** The value of the attribute. */
    public String write() {
        return mids.isEmpty() ? semantics : semantics + ' ' + String.join(" ", mids);
    }
}
