// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.wire;

import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Something for each stream, by its 16-bit identifier: two levels of arrays, so that the hot path neither hashes nor boxes
 * and a high identifier does not cost a table of all of them.
 *
 * <p>Not thread-safe.
 *
 * @param <T> what there is for each stream
 */
public final class StreamMap<T> {
    private static final int PAGE = 256;

    private final Object[][] pages = new Object[PAGE][];

    /** What there is for a stream, 0..65535; {@code null} when there is nothing. */
    @SuppressWarnings("unchecked") // Only put writes.
    public @Nullable T get(int stream) {
        Object[] page = pages[stream >>> 8];
        return page == null ? null : (T) page[stream & (PAGE - 1)];
    }

    public void put(int stream, T value) {
        int high = stream >>> 8;
        if (pages[high] == null) {
            pages[high] = new Object[PAGE];
        }
        pages[high][stream & (PAGE - 1)] = value;
    }

    /** Removes what there is for a stream. Returns it. */
    public @Nullable T remove(int stream) {
        T value = get(stream);
        if (value != null) {
            pages[stream >>> 8][stream & (PAGE - 1)] = null;
        }
        return value;
    }

    /** Visits all in the order of their streams. The visitor may put and remove. */
    public void forEach(Consumer<T> visitor) {
        any(value -> {
            visitor.accept(value);
            return false;
        });
    }

    /** Whether there is one such. */
    public boolean any(Predicate<T> wanted) {
        for (int high = 0; high < PAGE; high++) {
            for (int low = 0; pages[high] != null && low < PAGE; low++) {
                T value = get(high << 8 | low);
                if (value != null && wanted.test(value)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Forgets all. */
    public void clear() {
        java.util.Arrays.fill(pages, null);
    }
}
