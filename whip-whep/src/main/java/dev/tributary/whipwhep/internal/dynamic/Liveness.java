// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.dynamic;

import static dev.tributary.core.DatagramProtocol.NEVER;

/** Whether the peer is there: the time for its greeting, and pings after that. Not thread-safe. */
final class Liveness {
    private long helloDeadlineNanos = NEVER;
    private long pingDeadlineNanos = NEVER;
    private int pingsUnheard;

    /** The channel opened: the peer has to greet. */
    void opened(long nowNanos) {
        stop();
        helloDeadlineNanos = nowNanos + ControlChannel.HELLO_TIMEOUT_NANOS;
    }

    /** Both ends have greeted. */
    void greeted(long nowNanos) {
        helloDeadlineNanos = NEVER;
        pingDeadlineNanos = nowNanos + ControlChannel.PING_INTERVAL_NANOS;
    }

    /** The peer said something. */
    void heard() {
        pingsUnheard = 0;
    }

    /** Whether the peer has not greeted in time; told once. */
    boolean isHelloOverdue(long nowNanos) {
        if (helloDeadlineNanos > nowNanos) {
            return false;
        }
        helloDeadlineNanos = NEVER;
        return true;
    }

    /** Whether it is time for a ping. */
    boolean isPingDue(long nowNanos) {
        return pingDeadlineNanos <= nowNanos;
    }

    /** Counts a ping that is due; {@code false} when those before it were not heard, and the peer is given up. */
    boolean ping(long nowNanos) {
        if (pingsUnheard >= ControlChannel.PING_MISSES_MAX) {
            return false;
        }
        pingsUnheard++;
        pingDeadlineNanos = nowNanos + ControlChannel.PING_INTERVAL_NANOS;
        return true;
    }

    void stop() {
        helloDeadlineNanos = NEVER;
        pingDeadlineNanos = NEVER;
        pingsUnheard = 0;
    }

    long nextTimeoutNanos() {
        return Math.min(helloDeadlineNanos, pingDeadlineNanos);
    }
}
