// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.delivery;

import dev.tributary.activitypub.SignatureScheme;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What deliveries taught about other origins: the signatures they understand, and which of them are down. Bounded, the
 * least recently used goes first. Owned by {@code Deliveries}, under its lock.
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

    SignatureScheme scheme(String origin) {
        return known(origin).scheme;
    }

    void understands(String origin, SignatureScheme scheme) {
        known(origin).scheme = scheme;
    }

    void answered(String origin) {
        Known found = known(origin);
        found.failures = 0;
        found.pausedUntilMillis = 0;
    }

    void failed(String origin, long nowMillis) {
        Known found = known(origin);
        if (++found.failures >= FAILURES) {
            found.pausedUntilMillis = nowMillis + PAUSE_MILLIS;
        }
    }

    Set<String> paused(long nowMillis) {
        Set<String> paused = new HashSet<>();
        known.forEach((origin, state) -> {
            if (state.pausedUntilMillis > nowMillis) {
                paused.add(origin);
            }
        });
        return paused;
    }
}
