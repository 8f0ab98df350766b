// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.rx;

/**
 * The TSNs that arrived beyond the cumulative one, as sorted ranges that do not touch. Not thread-safe.
 */
final class TsnRanges {
    private long[] starts = new long[16];
    private long[] ends = new long[16];
    private int count;

    int count() {
        return count;
    }

    long start(int index) {
        return starts[index];
    }

    long end(int index) {
        return ends[index];
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** The highest TSN; only when not empty. */
    long highest() {
        return ends[count - 1];
    }

    boolean contains(long tsn) {
        int index = firstEndingAtOrAfter(tsn);
        return index < count && starts[index] <= tsn;
    }

    /** Whether the TSN would begin a new range, with nothing beside it. */
    boolean wouldStartRange(long tsn) {
        int index = firstEndingAtOrAfter(tsn - 1);
        return index == count || starts[index] > tsn + 1;
    }

    /** Adds a TSN; false when it is there already. */
    boolean add(long tsn) {
        int index = firstEndingAtOrAfter(tsn - 1);
        if (index < count && starts[index] <= tsn && tsn <= ends[index]) {
            return false;
        }
        if (index < count && ends[index] == tsn - 1) {
            ends[index] = tsn;
            if (index + 1 < count && starts[index + 1] == tsn + 1) {
                ends[index] = ends[index + 1];
                remove(index + 1, 1);
            }
        } else if (index < count && starts[index] == tsn + 1) {
            starts[index] = tsn;
        } else {
            insert(index, tsn);
        }
        return true;
    }

    /** Removes what is at or below the cumulative TSN, and what follows it without a gap. Returns the new cumulative TSN. */
    long advance(long cumulative) {
        long reached = cumulative;
        int gone = 0;
        while (gone < count && starts[gone] <= reached + 1) {
            reached = Math.max(reached, ends[gone]);
            gone++;
        }
        remove(0, gone);
        return reached;
    }

    private int firstEndingAtOrAfter(long tsn) {
        // Most TSNs belong at the end.
        if (count == 0 || ends[count - 1] < tsn) {
            return count;
        }
        int low = 0;
        int high = count - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ends[middle] < tsn) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void insert(int index, long tsn) {
        if (count == starts.length) {
            starts = java.util.Arrays.copyOf(starts, 2 * count);
            ends = java.util.Arrays.copyOf(ends, 2 * count);
        }
        System.arraycopy(starts, index, starts, index + 1, count - index);
        System.arraycopy(ends, index, ends, index + 1, count - index);
        starts[index] = tsn;
        ends[index] = tsn;
        count++;
    }

    private void remove(int index, int howMany) {
        System.arraycopy(starts, index + howMany, starts, index, count - index - howMany);
        System.arraycopy(ends, index + howMany, ends, index, count - index - howMany);
        count -= howMany;
    }
}
