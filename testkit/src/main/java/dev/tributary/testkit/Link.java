// SPDX-License-Identifier: Apache-2.0
package dev.tributary.testkit;

import java.util.random.RandomGenerator;

/** One direction between two addresses: its conditions and the state of its bottleneck. */
final class Link {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private LinkConditions conditions;
    private boolean ownConditions;
    private long bottleneckFreeNanos;
    private long lastArrivalNanos;

    Link(LinkConditions conditions) {
        this.conditions = conditions;
    }

    LinkConditions conditions() {
        return conditions;
    }

    /** Gives this link conditions of its own: the network's default no longer touches it. */
    void change(LinkConditions to) {
        conditions = to;
        ownConditions = true;
    }

    /** Takes over the network's default, unless this link has conditions of its own. */
    void followDefault(LinkConditions to) {
        if (!ownConditions) {
            conditions = to;
        }
    }

    /** Whether a datagram of this size still fits the queue in front of the bottleneck. */
    boolean hasRoom(int sizeBytes, long nowNanos) {
        if (conditions.bandwidthBps() == 0) {
            return true;
        }
        long waitNanos = Math.max(0, bottleneckFreeNanos - nowNanos);
        long queuedBytes = (long) ((double) waitNanos * conditions.bandwidthBps() / 8 / NANOS_PER_SECOND);
        return queuedBytes + sizeBytes <= conditions.queueLimitBytes();
    }

    /** Sends a datagram through the bottleneck and over the wire. Returns when it arrives. */
    long arrivalNanos(int sizeBytes, boolean heldBack, long nowNanos, RandomGenerator random) {
        long leaves = nowNanos;
        if (conditions.bandwidthBps() > 0) {
            long serialization = (long) (sizeBytes * 8.0 * NANOS_PER_SECOND / conditions.bandwidthBps());
            bottleneckFreeNanos = Math.max(bottleneckFreeNanos, nowNanos) + serialization;
            leaves = bottleneckFreeNanos;
        }
        long jitter = conditions.jitter().toNanos();
        long arrival =
                leaves + conditions.delay().toNanos() + (jitter == 0 ? 0 : (long) (random.nextDouble() * jitter));
        if (heldBack) {
            return arrival + conditions.reorderingDelay().toNanos();
        }
        // A queue keeps its order: jitter moves datagrams together, only "reordering" lets them overtake.
        lastArrivalNanos = Math.max(arrival, lastArrivalNanos);
        return lastArrivalNanos;
    }
}
