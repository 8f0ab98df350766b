// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.dynamic;

import static dev.tributary.core.DatagramProtocol.NEVER;

/**
 * When changes become an offer: 100 ms after the last of them, 500 ms after the first at the latest. Not thread-safe.
 */
public final class OfferTimer {
    /** Changes closer together than this become one offer. */
    public static final long QUIET_NANOS = 100_000_000L;

    /** The first change waits no longer than this. */
    public static final long LATEST_NANOS = 500_000_000L;

    private long firstNanos = NEVER;
    private long dueNanos = NEVER;

    /** A change happened. */
    public void changed(long nowNanos) {
        if (firstNanos == NEVER) {
            firstNanos = nowNanos;
        }
        dueNanos = Math.min(nowNanos + QUIET_NANOS, firstNanos + LATEST_NANOS);
    }

    /** Whether an offer is due. */
    public boolean isDue(long nowNanos) {
        return dueNanos <= nowNanos;
    }

    /** Nothing waits any more. */
    public void stop() {
        firstNanos = NEVER;
        dueNanos = NEVER;
    }

    /** When an offer is due, or never. */
    public long dueNanos() {
        return dueNanos;
    }
}
