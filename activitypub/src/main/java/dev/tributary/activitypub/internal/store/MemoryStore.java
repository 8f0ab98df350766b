// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.store;

import dev.tributary.activitypub.spi.QueuedItem;
import dev.tributary.activitypub.spi.Store;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A store in memory. One lock; a transaction that throws is rolled back from a list of undo steps. */
public final class MemoryStore implements Store {
    private final Map<String, NavigableMap<String, String>> collections = new HashMap<>();
    private final Map<String, LinkedHashMap<String, QueuedItem>> queues = new HashMap<>();

    @Override
    public synchronized <T extends @Nullable Object> T transact(Function<Transaction, T> work) {
        Running running = new Running();
        boolean done = false;
        try {
            T result = work.apply(running);
            done = true;
            return result;
        } finally {
            if (!done) {
                running.undo();
            }
        }
    }

    @Override
    public void close() {
        // Nothing is held.
    }

    private final class Running implements Transaction {
        private final Deque<Runnable> undo = new ArrayDeque<>();

        void undo() {
            undo.forEach(Runnable::run);
        }

        private NavigableMap<String, String> collection(String name) {
            return collections.computeIfAbsent(name, ignored -> new TreeMap<>());
        }

        private LinkedHashMap<String, QueuedItem> queue(String name) {
            return queues.computeIfAbsent(name, ignored -> new LinkedHashMap<>());
        }

        @Override
        public @Nullable String get(String collection, String key) {
            return collection(collection).get(key);
        }

        @Override
        public void put(String collection, String key, String document) {
            String before = collection(collection).put(key, document);
            undo.push(() -> restore(collection, key, before));
        }

        private void restore(String collection, String key, @Nullable String before) {
            if (before == null) {
                collection(collection).remove(key);
            } else {
                collection(collection).put(key, before);
            }
        }

        @Override
        public boolean remove(String collection, String key) {
            String before = collection(collection).remove(key);
            if (before == null) {
                return false;
            }
            undo.push(() -> restore(collection, key, before));
            return true;
        }

        @Override
        public List<Entry> list(String collection, String after, int limit) {
            return collection(collection).tailMap(after, after.isEmpty()).entrySet().stream()
                    .limit(limit)
                    .map(entry -> new Entry(entry.getKey(), entry.getValue()))
                    .toList();
        }

        @Override
        public int count(String collection) {
            return collection(collection).size();
        }

        @Override
        public boolean enqueue(QueuedItem item) {
            if (queue(item.queue()).putIfAbsent(item.id(), item) != null) {
                return false;
            }
            undo.push(() -> queue(item.queue()).remove(item.id()));
            return true;
        }

        @Override
        public void supersede(String queue, String lane, String supersedes) {
            LinkedHashMap<String, QueuedItem> before = new LinkedHashMap<>(queue(queue));
            if (queue(queue)
                    .values()
                    .removeIf(item ->
                            item.lane().equals(lane) && item.supersedes().equals(supersedes))) {
                undo.push(() -> queues.put(queue, before));
            }
        }

        @Override
        public void reschedule(String queue, String id, int attempt, long dueAtMillis) {
            QueuedItem before = queue(queue).get(id);
            if (before != null) {
                queue(queue).put(id, later(before, attempt, dueAtMillis));
                undo.push(() -> queue(queue).put(id, before));
            }
        }

        private QueuedItem later(QueuedItem item, int attempt, long dueAtMillis) {
            return new QueuedItem(
                    item.queue(),
                    item.id(),
                    item.lane(),
                    item.subject(),
                    item.supersedes(),
                    item.priority(),
                    attempt,
                    dueAtMillis,
                    item.expiresAtMillis(),
                    item.head(),
                    item.body());
        }

        @Override
        public boolean dequeue(String queue, String id) {
            LinkedHashMap<String, QueuedItem> items = queue(queue);
            QueuedItem before = items.get(id);
            if (before == null) {
                return false;
            }
            items.remove(id);
            // The place in the line is lost by an undo; only a failing transaction pays for it.
            undo.push(() -> queue(queue).put(id, before));
            return true;
        }

        @Override
        public boolean isQueued(String queue, String id) {
            return queue(queue).containsKey(id);
        }

        @Override
        public List<QueuedItem> due(String queue, long nowMillis, Set<String> busyLanes, int limit) {
            Set<String> lines = new HashSet<>();
            List<QueuedItem> candidates = new ArrayList<>();
            for (QueuedItem item : queue(queue).values()) {
                boolean first = item.subject().isEmpty() || lines.add(item.lane() + "\n" + item.subject());
                if (first && item.dueAtMillis() <= nowMillis && !busyLanes.contains(item.lane())) {
                    candidates.add(item);
                }
            }
            candidates.sort(Comparator.comparingInt(QueuedItem::priority));
            Set<String> lanes = new HashSet<>();
            return candidates.stream()
                    .filter(item -> lanes.add(item.lane()))
                    .limit(limit)
                    .toList();
        }

        @Override
        public int length(String queue) {
            return queue(queue).size();
        }
    }
}
