// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.store;

import dev.tributary.activitypub.spi.QueuedItem;
import dev.tributary.activitypub.spi.Store.Lane;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One queue in memory: by id, and by lane in the order of entering. Owned by the store, under its lock. */
final class MemoryQueue {
    /** An item in its place; a change of the item keeps the place. */
    record Placed(long seq, QueuedItem item) {}

    private final Map<String, Placed> byId = new HashMap<>();
    private final Map<String, TreeMap<Long, QueuedItem>> byLane = new HashMap<>();
    private final Map<String, Set<String>> superseding = new HashMap<>();
    private long nextSeq;

    @Nullable
    Placed find(String id) {
        return byId.get(id);
    }

    /** Appends. */
    void add(QueuedItem item) {
        put(new Placed(nextSeq++, item));
    }

    /** Puts an item into its place. */
    void put(Placed placed) {
        QueuedItem item = placed.item();
        byId.put(item.id(), placed);
        byLane.computeIfAbsent(item.lane(), ignored -> new TreeMap<>()).put(placed.seq(), item);
        if (!item.supersedes().isEmpty()) {
            superseding
                    .computeIfAbsent(item.supersedes(), ignored -> new HashSet<>())
                    .add(item.id());
        }
    }

    void remove(Placed placed) {
        QueuedItem item = placed.item();
        byId.remove(item.id());
        TreeMap<Long, QueuedItem> lane = byLane.getOrDefault(item.lane(), new TreeMap<>());
        lane.remove(placed.seq());
        if (lane.isEmpty()) {
            byLane.remove(item.lane());
        }
        Set<String> same = superseding.getOrDefault(item.supersedes(), new HashSet<>());
        same.remove(item.id());
        if (same.isEmpty()) {
            superseding.remove(item.supersedes());
        }
    }

    List<Placed> superseded(String key) {
        List<Placed> found = new ArrayList<>();
        superseding.getOrDefault(key, Set.of()).forEach(id -> found.add(byId.get(id)));
        return found;
    }

    List<QueuedItem> due(String laneName, long nowMillis, int limit) {
        Set<String> subjects = new HashSet<>();
        List<QueuedItem> candidates = new ArrayList<>();
        for (QueuedItem item : byLane.getOrDefault(laneName, new TreeMap<>()).values()) {
            boolean first = item.subject().isEmpty() || subjects.add(item.subject());
            if (first && item.dueAtMillis() <= nowMillis) {
                candidates.add(item);
            }
        }
        candidates.sort(Comparator.comparingInt(QueuedItem::priority));
        return List.copyOf(candidates.subList(0, Math.min(limit, candidates.size())));
    }

    long nextDue(String laneName, long afterMillis) {
        return byLane.getOrDefault(laneName, new TreeMap<>()).values().stream()
                .mapToLong(QueuedItem::dueAtMillis)
                .filter(due -> due > afterMillis)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    List<Lane> lanes() {
        List<Lane> lanes = new ArrayList<>();
        byLane.forEach((name, items) -> lanes.add(new Lane(
                name,
                items.values().stream().mapToLong(QueuedItem::dueAtMillis).min().orElse(Long.MAX_VALUE),
                items.values().stream().mapToInt(QueuedItem::priority).min().orElse(0))));
        return lanes;
    }

    int size() {
        return byId.size();
    }
}
