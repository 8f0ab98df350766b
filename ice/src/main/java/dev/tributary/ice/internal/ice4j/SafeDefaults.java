// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.ice4j;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The options of ice4j that are safe. It knows no options of an agent but a few: the rest are system properties of the process,
 * of which none but its own ({@code org.ice4j…}) are touched, and only those that the host has not set.
 */
final class SafeDefaults {
    private static final Map<String, String> VALUES = new LinkedHashMap<>();
    /** Otherwise a request without MESSAGE-INTEGRITY is answered, and its sender checked. */
    private static final String INTEGRITY = "org.ice4j.REQUIRE_MESSAGE_INTEGRITY";

    static {
        VALUES.put(INTEGRITY, "true");
        // Otherwise the first agent asks a cloud provider's metadata server over HTTP.
        VALUES.put("org.ice4j.ice.harvest.DISABLE_AWS_HARVESTER", "true");
        // Otherwise they win in every local network, and mean nothing without their interface.
        VALUES.put("org.ice4j.ice.harvest.DISABLE_LINK_LOCAL_ADDRESSES", "true");
        VALUES.put("org.ice4j.REDACT_REMOTE_ADDRESSES", "true");
        // RFC 7675 §5.1: every five seconds.
        VALUES.put("org.ice4j.ice.CONSENT_FRESHNESS_INTERVAL", "5000");
        VALUES.put("org.ice4j.SOFTWARE", "");
        // Otherwise a STUN or TURN server is given up after a second: too soon for TLS over a slow line.
        VALUES.put("org.ice4j.MAX_RETRANSMISSIONS", "6");
        VALUES.put("org.ice4j.MAX_CTRAN_RETRANS_TIMER", "1600");
    }

    private SafeDefaults() {}

    /** Sets what is not set. */
    static synchronized void apply() {
        VALUES.forEach((name, value) -> {
            if (System.getProperty(name) == null) {
                System.setProperty(name, value);
            }
        });
        if (!"true".equals(System.getProperty(INTEGRITY))) {
            throw new IllegalStateException("The system property " + INTEGRITY + " is " + System.getProperty(INTEGRITY)
                    + ": ice4j would believe anybody. Remove it, or set it to true");
        }
    }
}
