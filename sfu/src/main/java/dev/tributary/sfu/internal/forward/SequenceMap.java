// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

/**
 * Which offset turns an incoming sequence number into an outgoing one. Whenever a packet is left out, all later ones move
 * down by one, while those that come late from before it keep their old offset: hence ranges.
 *
 * <p>Not thread-safe.
 */
final class SequenceMap {
    /** Ranges kept: packets that come later than this many drops are given up. */
    static final int RANGES_MAX = 32;

    /** What {@link #map} returns for a packet from before the first range. */
    static final long TOO_OLD = Long.MIN_VALUE;

    private final long[] starts = new long[RANGES_MAX];
    private final long[] offsets = new long[RANGES_MAX];
    private int count;

    /** Starts over: from this incoming number on, the offset is such that it becomes that outgoing number. */
    void reset(long incoming, long outgoing) {
        count = 1;
        starts[0] = incoming;
        offsets[0] = outgoing - incoming;
    }

    /** The outgoing number, or {@link #TOO_OLD}. */
    long map(long incoming) {
        for (int i = count - 1; i >= 0; i--) {
            if (incoming >= starts[i]) {
                return incoming + offsets[i];
            }
        }
        return TOO_OLD;
    }

    /** Leaves out one incoming number, which must be newer than all that were mapped so far. */
    void leaveOut(long incoming) {
        long offset = offsets[count - 1] - 1;
        if (starts[count - 1] == incoming && count > 0) {
            // Nothing was mapped in this range: packets left out in a row need one range only.
            starts[count - 1] = incoming + 1;
            offsets[count - 1] = offset;
            return;
        }
        if (count == RANGES_MAX) {
            System.arraycopy(starts, 1, starts, 0, RANGES_MAX - 1);
            System.arraycopy(offsets, 1, offsets, 0, RANGES_MAX - 1);
            count--;
        }
        starts[count] = incoming + 1;
        offsets[count] = offset;
        count++;
    }
}
