// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import org.jspecify.annotations.Nullable;

/** Who starts the DTLS handshake: the value of {@code a=setup} (RFC 4145 §4, RFC 8842 §5). */
public enum Setup {
    /** This side starts: it is the DTLS client. */
    ACTIVE,
    /** The other side starts: this side is the DTLS server. */
    PASSIVE,
    /** Either; only in an offer. */
    ACTPASS,
    /** No connection for now; not used by WebRTC. */
    HOLDCONN;

    /** The setup of that name, or null when there is none. */
    public static @Nullable Setup of(String value) {
        for (Setup setup : values()) {
            if (setup.value().equals(value)) {
                return setup;
            }
        }
        return null;
    }

    /** The value of the attribute. */
    public String value() {
        return switch (this) {
            case ACTIVE -> "active";
            case PASSIVE -> "passive";
            case ACTPASS -> "actpass";
            case HOLDCONN -> "holdconn";
        };
    }

    /** Whether this is a role: active or passive. */
    public boolean isRole() {
        return this == ACTIVE || this == PASSIVE;
    }

    /**
     * The answer to this offered value (RFC 8842 §5.3): the opposite role, or the wanted one when the offerer leaves the
     * choice.
     *
     * @param wanted the role that the answerer takes when it may choose; active or passive
     * @return active or passive, or null when this value cannot be answered
     */
    public @Nullable Setup answeredWith(Setup wanted) {
        return switch (this) {
            case ACTIVE -> PASSIVE;
            case PASSIVE -> ACTIVE;
            case ACTPASS -> wanted.isRole() ? wanted : null;
            case HOLDCONN -> null;
        };
    }
}
