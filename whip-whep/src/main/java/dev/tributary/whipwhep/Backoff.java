// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import java.util.random.RandomGenerator;

/**
 * When to try again, and how often. The waiting doubles from try to try; half of it is left to chance, so that a thousand
 * clients of a server that came back do not come back together. What the server says in Retry-After is the least.
 * Immutable.
 *
 * @param retries how often to try again after the first time; 0 for never
 * @param firstMillis how long to wait the first time, at most
 * @param longestMillis how long to wait any time, unless the server asks for more
 * @param retryAfterMillisMax how much the server may ask for; beyond it there is no other try
 */
public record Backoff(int retries, long firstMillis, long longestMillis, long retryAfterMillisMax) {
    /** Never again. */
    public static final Backoff NONE = new Backoff(0, 1, 1, 1);

    /** Eight tries in about two minutes: for a publisher or a player that somebody waits for. */
    public static final Backoff DEFAULT = new Backoff(8, 500, 30_000, 120_000);

    /** Checks. */
    public Backoff {
        if (retries < 0 || firstMillis < 1 || longestMillis < firstMillis || retryAfterMillisMax < 1) {
            throw new IllegalArgumentException("Retries are not negative, and times positive and growing, got "
                    + retries + " retries, first " + firstMillis + " ms, longest " + longestMillis + " ms");
        }
    }

    /**
     * How long to wait before a try.
     *
     * @param number which one after the first: 1, 2, …
     * @param retryAfterSeconds what the server said, 0 for nothing
     * @return milliseconds, or -1 to give up
     */
    public long delayMillis(int number, int retryAfterSeconds, RandomGenerator random) {
        long asked = retryAfterSeconds * 1000L;
        if (number > retries || asked > retryAfterMillisMax) {
            return -1;
        }
        long doubled = firstMillis << Math.min(number - 1, 30);
        long longest = doubled < firstMillis ? longestMillis : Math.min(doubled, longestMillis);
        long half = longest / 2;
        return Math.max(asked, half) + random.nextLong(half + 1);
    }
}
