// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A bounded hash table from SSRC to something, without boxing: looked up for every packet, changed rarely.
 *
 * <p>Not thread-safe.
 */
final class SsrcTable<T> {
    private final int[] keys;
    private final @Nullable Object[] values;
    private final int limit;
    private int size;

    SsrcTable(int limit) {
        this.limit = limit;
        int capacity = Integer.highestOneBit(Math.max(4, limit * 2 - 1)) * 2;
        keys = new int[capacity];
        values = new Object[capacity];
    }

    @SuppressWarnings("unchecked") // only put() writes values
    @Nullable
    T get(int ssrc) {
        int slot = slotOf(ssrc);
        return (T) values[slot];
    }

    /** Adds or replaces; {@code false} if the table is full. */
    boolean put(int ssrc, T value) {
        int slot = slotOf(ssrc);
        if (values[slot] == null) {
            if (size == limit) {
                return false;
            }
            size++;
        }
        keys[slot] = ssrc;
        values[slot] = value;
        return true;
    }

    boolean isFull() {
        return size == limit;
    }

    int size() {
        return size;
    }

    void remove(int ssrc) {
        T value = get(ssrc);
        if (value != null) {
            removeIf(other -> other.equals(value));
        }
    }

    @SuppressWarnings("unchecked") // only put() writes values
    void removeIf(Predicate<T> condition) {
        Object[] oldValues = values.clone();
        int[] oldKeys = keys.clone();
        java.util.Arrays.fill(values, null);
        size = 0;
        for (int i = 0; i < oldValues.length; i++) {
            T value = (T) oldValues[i];
            if (value != null && !condition.test(value)) {
                boolean unused = put(oldKeys[i], value);
            }
        }
    }

    private int slotOf(int ssrc) {
        int mask = keys.length - 1;
        int slot = (ssrc * 0x9E3779B9) >>> 7 & mask;
        while (values[slot] != null && keys[slot] != ssrc) {
            slot = slot + 1 & mask;
        }
        return slot;
    }
}
