// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.queue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of a queue that hold something, by when it is due and how urgent it is. Knows lanes, not items: the items are
 * the store's. Owned by {@code WorkQueue}, under its lock.
 *
 * <p>A lane is at rest (nothing known to be due), waiting for a time, ready, or being looked at. While it is looked at,
 * what is offered to it is remembered, so that it is looked at once more.
 */
final class Lanes {
    static final long NEVER = Long.MAX_VALUE;

    /** One lane. */
    static final class Lane {
        final String name;
        /** Ids of what is under way; read by who looks at the lane without the lock. */
        final Set<String> running = ConcurrentHashMap.newKeySet();

        private long dueAtMillis = NEVER;
        private int priority = Integer.MAX_VALUE;
        private long turn;
        private boolean ready;
        private boolean looking;

        private Lane(String name) {
            this.name = name;
        }
    }

    private final Map<String, Lane> byName = new HashMap<>();
    private final TreeSet<Lane> waiting = new TreeSet<>(
            Comparator.<Lane>comparingLong(lane -> lane.dueAtMillis).thenComparing(lane -> lane.name));
    private final TreeSet<Lane> ready =
            new TreeSet<>(Comparator.<Lane>comparingInt(lane -> lane.priority).thenComparingLong(lane -> lane.turn));
    private long turns;

    /** Something in a lane is due at a time. */
    void offer(String name, long dueAtMillis, int priority) {
        Lane lane = byName.computeIfAbsent(name, Lane::new);
        if (lane.ready) {
            // It keeps its turn.
            ready.remove(lane);
            lane.priority = Math.min(lane.priority, priority);
            ready.add(lane);
            return;
        }
        waiting.remove(lane);
        lane.priority = Math.min(lane.priority, priority);
        lane.dueAtMillis = Math.min(lane.dueAtMillis, dueAtMillis);
        place(lane);
    }

    private void place(Lane lane) {
        if (!lane.looking && lane.dueAtMillis != NEVER) {
            waiting.add(lane);
        }
    }

    /** Takes the most urgent lanes in which something is due, to be looked at. */
    List<Lane> take(long nowMillis, int limit) {
        while (!waiting.isEmpty() && waiting.first().dueAtMillis <= nowMillis) {
            Lane lane = waiting.pollFirst();
            lane.ready = true;
            lane.turn = turns++;
            ready.add(lane);
        }
        List<Lane> taken = new ArrayList<>();
        while (taken.size() < limit && !ready.isEmpty()) {
            Lane lane = ready.pollFirst();
            lane.ready = false;
            lane.looking = true;
            lane.dueAtMillis = NEVER;
            lane.priority = Integer.MAX_VALUE;
            taken.add(lane);
        }
        return taken;
    }

    /** A lane was looked at: its next item is due at a time, and some were begun. */
    void looked(Lane lane, long nextDueMillis, int priority, List<String> begun) {
        lane.running.addAll(begun);
        lane.looking = false;
        lane.dueAtMillis = Math.min(lane.dueAtMillis, nextDueMillis);
        lane.priority = Math.min(lane.priority, priority);
        place(lane);
        dropIfIdle(lane);
    }

    /** An item is no longer being done; its lane is to be looked at again. */
    void ended(String name, String itemId, long nowMillis, int priority) {
        @Nullable Lane lane = byName.get(name);
        if (lane != null) {
            lane.running.remove(itemId);
            offer(name, nowMillis, priority);
        }
    }

    private void dropIfIdle(Lane lane) {
        if (!lane.looking && lane.running.isEmpty() && lane.dueAtMillis == NEVER) {
            byName.remove(lane.name);
        }
    }

    int size() {
        return byName.size();
    }
}
