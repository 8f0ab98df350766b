// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.store;

import dev.tributary.activitypub.internal.store.MemoryQueue.Placed;
import dev.tributary.activitypub.spi.QueuedItem;
import dev.tributary.activitypub.spi.Store;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A store in memory. One lock; a transaction that throws is rolled back from a list of undo steps. */
public final class MemoryStore implements Store {
    private final Map<String, NavigableMap<String, String>> collections = new HashMap<>();
    private final Map<String, MemoryQueue> queues = new HashMap<>();
    private final LinkedHashMap<String, Long> seen = new LinkedHashMap<>();

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

        private MemoryQueue queue(String name) {
            return queues.computeIfAbsent(name, ignored -> new MemoryQueue());
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
        public boolean remember(String key, long untilMillis) {
            if (seen.putIfAbsent(key, untilMillis) != null) {
                return false;
            }
            undo.push(() -> seen.remove(key));
            return true;
        }

        @Override
        public int forget(long nowMillis, int keep, int limit) {
            // Keys are remembered for equal times, so the oldest ones are over first.
            int forgotten = 0;
            var oldest = seen.entrySet().iterator();
            while (oldest.hasNext() && forgotten < limit) {
                Map.Entry<String, Long> entry = oldest.next();
                if (entry.getValue() > nowMillis && seen.size() <= keep) {
                    break;
                }
                oldest.remove();
                forgotten++;
            }
            return forgotten;
        }

        @Override
        public boolean enqueue(QueuedItem item) {
            MemoryQueue queue = queue(item.queue());
            if (queue.find(item.id()) != null) {
                return false;
            }
            queue.add(item);
            undo.push(() -> take(queue, item.id()));
            return true;
        }

        private void take(MemoryQueue queue, String id) {
            Placed placed = queue.find(id);
            if (placed != null) {
                queue.remove(placed);
            }
        }

        @Override
        public void enqueueAll(List<QueuedItem> items) {
            items.forEach(this::enqueue);
        }

        @Override
        public void supersede(String queue, String supersedes) {
            queue(queue)
                    .superseded(supersedes)
                    .forEach(placed -> dequeue(queue, placed.item().id()));
        }

        @Override
        public void reschedule(String queue, String id, int attempt, long dueAtMillis) {
            Placed before = queue(queue).find(id);
            if (before != null) {
                queue(queue).put(new Placed(before.seq(), before.item().again(attempt, dueAtMillis)));
                undo.push(() -> queue(queue).put(before));
            }
        }

        @Override
        public boolean dequeue(String queue, String id) {
            Placed before = queue(queue).find(id);
            if (before == null) {
                return false;
            }
            queue(queue).remove(before);
            undo.push(() -> queue(queue).put(before));
            return true;
        }

        @Override
        public boolean isQueued(String queue, String id) {
            return queue(queue).find(id) != null;
        }

        @Override
        public List<QueuedItem> due(String queue, String lane, long nowMillis, int limit) {
            return queue(queue).due(lane, nowMillis, limit);
        }

        @Override
        public long nextDue(String queue, String lane, long afterMillis) {
            return queue(queue).nextDue(lane, afterMillis);
        }

        @Override
        public List<Lane> lanes(String queue) {
            return queue(queue).lanes();
        }

        @Override
        public int length(String queue) {
            return queue(queue).size();
        }
    }
}
