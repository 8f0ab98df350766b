// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An RTP source that a description names, with its attributes (RFC 5576 §4.1).
 *
 * @param ssrc identifier of the source, 0 to 2^32-1
 * @param attributes attributes of the source by name; the value is empty when there is none
 */
public record Ssrc(long ssrc, Map<String, String> attributes) {
    /** Highest identifier. */
    public static final long SSRC_MAX = 0xffff_ffffL;

    /** Keeps an unmodifiable copy. */
    public Ssrc {
        attributes = Map.copyOf(attributes);
    }

    /** Canonical name of the sender, the same for sources that belong together; null when not said. */
    public @Nullable String cname() {
        return attributes.get("cname");
    }
}
