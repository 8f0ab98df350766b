// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.rx;

import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Fragments by position, joined with their neighbours as they arrive; a run that has a beginning and an end is a message
 * and leaves. Not thread-safe.
 */
final class FragmentRuns {
    private final TreeMap<Long, FragmentRun> byFirst = new TreeMap<>();
    private boolean inconsistent;
    private int touchedBytes;

    /** Adds a fragment. Returns the run that it made whole, which is removed; {@code null} when none is. */
    @Nullable
    FragmentRun add(Fragment fragment) {
        inconsistent = false;
        FragmentRun run = null;
        long position = fragment.position();
        Map.Entry<Long, FragmentRun> lower = fragment.begin() ? null : byFirst.lowerEntry(position);
        if (lower != null && lower.getValue().last().position() == position - 1) {
            FragmentRun before = lower.getValue();
            if (continues(before.last(), fragment)) {
                run = before;
                run.append(fragment);
            }
        }
        if (run == null) {
            run = new FragmentRun(fragment);
            byFirst.put(position, run);
        }
        FragmentRun after = fragment.end() ? null : byFirst.get(position + 1);
        if (after != null && continues(fragment, after.first())) {
            byFirst.remove(position + 1);
            run.append(after);
        }
        touchedBytes = run.sizeBytes();
        if (!run.isWhole()) {
            return null;
        }
        byFirst.remove(run.first().position());
        return run;
    }

    /** Whether the fragment added last has a neighbour that it cannot belong with (RFC 9260 §6.9). */
    boolean isInconsistent() {
        return inconsistent;
    }

    /** The size of the run that the fragment added last belongs to. */
    int touchedBytes() {
        return touchedBytes;
    }

    /** Whether a neighbour waits for what a whole message at this position cannot be: its end, or its beginning. */
    boolean touches(long position) {
        if (byFirst.isEmpty()) {
            return false;
        }
        Map.Entry<Long, FragmentRun> lower = byFirst.lowerEntry(position);
        FragmentRun upper = byFirst.get(position + 1);
        boolean endAwaited = lower != null
                && lower.getValue().last().position() == position - 1
                && !lower.getValue().last().end();
        return endAwaited || (upper != null && !upper.first().begin());
    }

    /** Removes runs. Returns how many bytes and fragments they had, packed as {@code fragments << 32 | bytes}. */
    long removeIf(Predicate<FragmentRun> unwanted) {
        long removed = 0;
        for (Iterator<FragmentRun> runs = byFirst.values().iterator(); runs.hasNext(); ) {
            FragmentRun run = runs.next();
            if (unwanted.test(run)) {
                removed += ((long) run.count() << 32) + run.sizeBytes();
                runs.remove();
            }
        }
        return removed;
    }

    boolean isEmpty() {
        return byFirst.isEmpty();
    }

    private boolean continues(Fragment before, Fragment after) {
        if (before.end() != after.begin()) {
            inconsistent = true;
            return false;
        }
        if (before.end()) {
            return false;
        }
        boolean same = before.stream() == after.stream()
                && before.number() == after.number()
                && before.unordered() == after.unordered();
        inconsistent |= !same;
        return same;
    }
}
