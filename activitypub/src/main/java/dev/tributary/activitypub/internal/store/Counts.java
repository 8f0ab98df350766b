// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.store;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * How many documents a collection holds and how many items a queue, so that nobody has to count rows. Counted once, then
 * carried along; a transaction's changes are kept apart until it is known to stand. Bounded: what was not asked for
 * lately is counted again. Owned by the store, under its lock.
 */
final class Counts {
    private static final int CAPACITY = 10_000;

    private final LinkedHashMap<String, Integer> known = new LinkedHashMap<>(64, 0.75f, true);
    private final Map<String, Integer> changes = new HashMap<>();

    /** The count of a name; {@code counting} is asked, within the transaction, when it is not known. */
    int of(String name, ToIntFunction<String> counting) {
        Integer before = known.get(name);
        if (before != null) {
            return before + changes.getOrDefault(name, 0);
        }
        int now = counting.applyAsInt(name);
        known.put(name, now - changes.getOrDefault(name, 0));
        if (known.size() > CAPACITY) {
            known.remove(known.keySet().iterator().next());
        }
        return now;
    }

    void add(String name, int change) {
        if (change != 0) {
            changes.merge(name, change, Integer::sum);
        }
    }

    /** The transaction stands. */
    void keep() {
        changes.forEach((name, change) -> known.computeIfPresent(name, (ignored, count) -> count + change));
        changes.clear();
    }

    /** The transaction was undone. */
    void drop() {
        changes.clear();
    }

    /** Nothing is certain any more. */
    void clear() {
        known.clear();
        changes.clear();
    }
}
