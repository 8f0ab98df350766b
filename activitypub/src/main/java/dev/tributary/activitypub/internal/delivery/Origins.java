// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.delivery;

import dev.tributary.activitypub.SignatureScheme;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What deliveries taught about other origins: the signatures they understand, and which of them are down. Bounded, the
 * least recently used goes first. Thread-safe.
 */
final class Origins {
    private static final int CAPACITY = 10_000;

    /** So many failures in a row stop an origin, and then each probe that fails does. */
    static final int FAILURES = 5;

    /** How long a stopped origin is left alone. */
    static final long PAUSE_MILLIS = 10 * 60 * 1000L;

    private static final class Known {
        private SignatureScheme scheme = SignatureScheme.CAVAGE;
        private int failures;
        private long pausedUntilMillis;
    }

    private final LinkedHashMap<String, Known> known = new LinkedHashMap<>(64, 0.75f, true);

    private Known known(String origin) {
        Known found = known.computeIfAbsent(origin, ignored -> new Known());
        if (known.size() > CAPACITY) {
            Iterator<Map.Entry<String, Known>> eldest = known.entrySet().iterator();
            eldest.next();
            eldest.remove();
        }
        return found;
    }

    synchronized SignatureScheme scheme(String origin) {
        return known(origin).scheme;
    }

    synchronized void understands(String origin, SignatureScheme scheme) {
        known(origin).scheme = scheme;
    }

    synchronized void answered(String origin) {
        Known found = known(origin);
        found.failures = 0;
        found.pausedUntilMillis = 0;
    }

    synchronized void failed(String origin, long nowMillis) {
        Known found = known(origin);
        if (++found.failures >= FAILURES) {
            found.pausedUntilMillis = nowMillis + PAUSE_MILLIS;
        }
    }

    /** Until when an origin is left alone; 0 when it is not. */
    synchronized long pausedUntilMillis(String origin) {
        Known found = known.get(origin);
        return found == null ? 0 : found.pausedUntilMillis;
    }

    /** True if its last request failed: it gets one at a time until it answers. */
    synchronized boolean isSuspect(String origin) {
        Known found = known.get(origin);
        return found != null && found.failures > 0;
    }

    /** The origins that failed lately, with how often in a row and until when they are left alone. */
    synchronized Map<String, String> troubled() {
        Map<String, String> troubled = new LinkedHashMap<>();
        known.forEach((origin, state) -> {
            if (state.failures > 0) {
                troubled.put(origin, state.failures + " failures, left alone until " + state.pausedUntilMillis);
            }
        });
        return troubled;
    }
}
