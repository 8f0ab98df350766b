// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.udp;

import java.util.concurrent.atomic.AtomicLongArray;

/** Counters with a single writer (but for those of hand-overs) and any number of readers. */
final class LoopCounters {
    static final int DATAGRAMS_RECEIVED = 0;
    static final int BYTES_RECEIVED = 1;
    static final int BATCHES_RECEIVED = 2;
    static final int DATAGRAMS_SENT = 3;
    static final int BYTES_SENT = 4;
    static final int SEGMENTED_SENDS = 5;
    static final int SENDS_DROPPED = 6;
    static final int HANDED_OVER = 7;
    static final int HAND_OVERS_DROPPED = 8;
    static final int FAILURES = 9;
    private static final int COUNT = 10;

    private final AtomicLongArray values = new AtomicLongArray(COUNT);

    /** Adds on the owning loop: no other thread writes, so an ordered store is enough. */
    void add(int counter, long amount) {
        values.setRelease(counter, values.getPlain(counter) + amount);
    }

    /** Adds on any thread. */
    void addShared(int counter, long amount) {
        values.addAndGet(counter, amount);
    }

    MediaLoopStats snapshot() {
        return new MediaLoopStats(
                values.get(DATAGRAMS_RECEIVED),
                values.get(BYTES_RECEIVED),
                values.get(BATCHES_RECEIVED),
                values.get(DATAGRAMS_SENT),
                values.get(BYTES_SENT),
                values.get(SEGMENTED_SENDS),
                values.get(SENDS_DROPPED),
                values.get(HANDED_OVER),
                values.get(HAND_OVERS_DROPPED),
                values.get(FAILURES));
    }
}
