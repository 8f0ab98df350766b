// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.inbox;

import java.util.LinkedHashMap;

/**
 * How much each origin may send: a bucket that holds a minute's worth and fills again over a minute. Bounded, the least
 * recently used bucket goes first: it was full, or whoever fills ten thousand others is limited by them. Thread-safe.
 */
final class RateLimit {
    private static final int CAPACITY = 10_000;
    private static final double MINUTE_MILLIS = 60_000;

    private static final class Bucket {
        private double left;
        private long filledAtMillis;
    }

    private final int perMinute;
    private final LinkedHashMap<String, Bucket> buckets = new LinkedHashMap<>(64, 0.75f, true);

    RateLimit(int perMinute) {
        this.perMinute = perMinute;
    }

    /** Takes one from an origin's bucket; false when it is empty. */
    synchronized boolean take(String origin, long nowMillis) {
        Bucket bucket = buckets.get(origin);
        if (bucket == null) {
            bucket = new Bucket();
            bucket.left = perMinute;
            bucket.filledAtMillis = nowMillis;
            buckets.put(origin, bucket);
            if (buckets.size() > CAPACITY) {
                buckets.remove(buckets.keySet().iterator().next());
            }
        }
        double passed = Math.max(0, nowMillis - bucket.filledAtMillis);
        bucket.left = Math.min(perMinute, bucket.left + passed * perMinute / MINUTE_MILLIS);
        bucket.filledAtMillis = nowMillis;
        if (bucket.left < 1) {
            return false;
        }
        bucket.left--;
        return true;
    }
}
