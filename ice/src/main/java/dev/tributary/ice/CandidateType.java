// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import org.jspecify.annotations.Nullable;

/** How a candidate was obtained (RFC 8445 §5.1.1), with the type preferences that §5.1.2.2 recommends. */
public enum CandidateType {
    /** An address of the host, or one announced for it. */
    HOST("host", 126),
    /** Seen by the peer in a check. */
    PEER_REFLEXIVE("prflx", 110),
    /** Seen by a STUN server. */
    SERVER_REFLEXIVE("srflx", 100),
    /** Allocated on a TURN server. */
    RELAYED("relay", 0);

    private final String token;
    private final int preference;

    CandidateType(String token, int preference) {
        this.token = token;
        this.preference = preference;
    }

    /** The word of the {@code typ} field, RFC 8839 §5.1. */
    public String token() {
        return token;
    }

    /** The type preference, 0 to 126. */
    public int preference() {
        return preference;
    }

    static @Nullable CandidateType of(String token) {
        for (CandidateType type : values()) {
            if (type.token.equals(token)) {
                return type;
            }
        }
        return null;
    }
}
