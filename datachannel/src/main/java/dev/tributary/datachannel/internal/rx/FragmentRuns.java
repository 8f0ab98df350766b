// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.rx;

import dev.tributary.datachannel.internal.wire.DataChunk;
import java.nio.ByteBuffer;
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
    private final BlockPool blocks;
    /** The run that the last fragment went to: mostly the next one follows it. */
    private @Nullable FragmentRun latest;

    private boolean inconsistent;
    private int touchedBytes;

    FragmentRuns(BlockPool blocks) {
        this.blocks = blocks;
    }

    /** Adds a fragment. Returns the run that it made whole, which is removed; {@code null} when none is. */
    @Nullable
    FragmentRun add(DataChunk chunk, long position, long number, ByteBuffer packet) {
        inconsistent = false;
        FragmentRun run = chunk.isBegin() ? null : before(position);
        if (run != null && follows(run, chunk, number)) {
            run.append(chunk, position, packet);
        } else {
            run = new FragmentRun(chunk, position, number, packet, blocks);
            byFirst.put(position, run);
        }
        FragmentRun after = chunk.isEnd() || byFirst.size() == 1 ? null : byFirst.get(position + 1);
        if (after != null && follows(run, after)) {
            byFirst.remove(position + 1);
            run.append(after);
        }
        latest = run;
        touchedBytes = run.sizeBytes();
        if (!run.isWhole()) {
            return null;
        }
        latest = null;
        byFirst.remove(run.firstPosition());
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
        FragmentRun lower = before(position);
        FragmentRun upper = byFirst.get(position + 1);
        return (lower != null && !lower.ends()) || (upper != null && !upper.begins());
    }

    /** Removes runs. Returns how many bytes and fragments they had, packed as {@code fragments << 32 | bytes}. */
    long removeIf(Predicate<FragmentRun> unwanted) {
        long removed = 0;
        for (Iterator<FragmentRun> runs = byFirst.values().iterator(); runs.hasNext(); ) {
            FragmentRun run = runs.next();
            if (unwanted.test(run)) {
                removed += ((long) run.fragmentCount() << 32) + run.sizeBytes();
                run.release();
                runs.remove();
            }
        }
        latest = null;
        return removed;
    }

    boolean isEmpty() {
        return byFirst.isEmpty();
    }

    /** The run that ends just before a position. */
    private @Nullable FragmentRun before(long position) {
        FragmentRun likely = latest;
        if (likely != null && likely.lastPosition() == position - 1) {
            return likely;
        }
        Map.Entry<Long, FragmentRun> lower = byFirst.lowerEntry(position);
        return lower == null || lower.getValue().lastPosition() != position - 1 ? null : lower.getValue();
    }

    /** Whether a fragment that is not the first of its message belongs to the run before it. */
    private boolean follows(FragmentRun before, DataChunk chunk, long number) {
        boolean follows = !before.ends() && before.isOfSameMessage(chunk.stream, number, chunk.isUnordered());
        inconsistent |= !follows;
        return follows;
    }

    /** Whether a run belongs to the one before it, which has no end. */
    private boolean follows(FragmentRun before, FragmentRun after) {
        boolean follows = !after.begins() && before.isOfSameMessage(after);
        inconsistent |= !follows;
        return follows;
    }
}
