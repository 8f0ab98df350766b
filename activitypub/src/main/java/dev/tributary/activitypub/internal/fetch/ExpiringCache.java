// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.fetch;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A bounded map whose entries expire; the least recently used one goes first. Thread-safe. */
final class ExpiringCache<V> {
    private record Kept<V>(V value, Instant until) {}

    private final int capacity;
    private final LinkedHashMap<String, Kept<V>> entries = new LinkedHashMap<>(64, 0.75f, true);

    ExpiringCache(int capacity) {
        this.capacity = capacity;
    }

    synchronized @Nullable V get(String key, Instant now) {
        Kept<V> kept = entries.get(key);
        if (kept == null) {
            return null;
        }
        if (!now.isBefore(kept.until())) {
            entries.remove(key);
            return null;
        }
        return kept.value();
    }

    synchronized void put(String key, V value, Instant now, Duration lifetime) {
        entries.put(key, new Kept<>(value, now.plus(lifetime)));
        if (entries.size() > capacity) {
            Map.Entry<String, Kept<V>> eldest = entries.entrySet().iterator().next();
            entries.remove(eldest.getKey());
        }
    }

    synchronized void remove(String key) {
        entries.remove(key);
    }

    synchronized int size() {
        return entries.size();
    }
}
