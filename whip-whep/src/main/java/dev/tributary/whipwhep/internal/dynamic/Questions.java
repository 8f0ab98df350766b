// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.dynamic;

import java.util.LinkedHashSet;
import java.util.List;

/** The ids of our messages, and which of them wait for a reply. Not thread-safe. */
final class Questions {
    private final LinkedHashSet<Long> waiting = new LinkedHashSet<>();
    private final int waitingMax;
    private long nextId = 1;

    Questions(int waitingMax) {
        this.waitingMax = waitingMax;
    }

    /** An id that nobody replies to. */
    long newId() {
        return nextId++;
    }

    /** An id that wants a reply; 0 when too many wait already. */
    long ask() {
        if (waiting.size() >= waitingMax) {
            return 0;
        }
        waiting.add(nextId);
        return nextId++;
    }

    /** A reply came; {@code false} when nobody asked. */
    boolean replied(long id) {
        return waiting.remove(id);
    }

    /** Nobody will reply any more: returns the ids that waited. */
    List<Long> abandon() {
        List<Long> abandoned = List.copyOf(waiting);
        waiting.clear();
        return abandoned;
    }
}
