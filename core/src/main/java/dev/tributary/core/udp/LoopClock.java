// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.udp;

/** The time of an event loop's turn, the same for all sockets of the loop. Owned by the loop's thread. */
final class LoopClock {
    private final long originNanos;
    private long nowNanos;

    LoopClock(long originNanos) {
        this.originNanos = originNanos;
    }

    /** Reads the clock for a new turn. */
    void refresh() {
        nowNanos = Math.max(nowNanos, System.nanoTime() - originNanos);
    }

    long nowNanos() {
        return nowNanos;
    }
}
