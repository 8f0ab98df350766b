// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.dynamic;

/** A rate with a burst, in the time of its owner. Not thread-safe. */
public final class TokenBucket {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final long nanosPerToken;
    private final long burstNanos;
    private long fullAgainNanos = Long.MIN_VALUE / 2;

    /** A full bucket of so many tokens, refilled at so many a second. */
    public TokenBucket(int perSecond, int burst) {
        this.nanosPerToken = NANOS_PER_SECOND / perSecond;
        this.burstNanos = nanosPerToken * burst;
    }

    /** Takes a token, or says that there is none. */
    public boolean tryTake(long nowNanos) {
        // The bucket is kept as the time at which it would be full again.
        long fullAtNanos = Math.max(fullAgainNanos, nowNanos) + nanosPerToken;
        if (fullAtNanos - nowNanos > burstNanos) {
            return false;
        }
        fullAgainNanos = fullAtNanos;
        return true;
    }
}
