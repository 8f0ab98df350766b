// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.bandwidth;

/**
 * Shares a rate among the tracks of one subscriber. First the tracks of the first priority get their second layer; then
 * every other track its lowest, by priority; then all are raised to what they want, by priority, and among equals the one
 * that has the least first. What does not get its lowest layer is paused, but never the first: sound and one picture
 * always go.
 *
 * <p>Going up needs more room than staying, and after a step down it has to wait, so that a rate that swings does not make
 * the picture swing. Reusable and without allocation once it has grown. Not thread-safe.
 */
public final class Allocation {
    /** The layer of a track that is paused. */
    public static final int PAUSED = -1;

    /** What a raised layer must leave of the rate. */
    private static final double ROOM_TO_RISE = 0.87;
    /** Layers swing around their mean: the present one may be over the rate by so much. */
    private static final double TOLERANCE = 1.05;

    private static final long HOLD_NANOS = 2 * BandwidthLimits.SECOND;

    private static final int REFUSED = -2;

    private int count;
    private long rate;
    private long left;
    private int[] priorities = new int[8];
    private long[][] layers = new long[8][];
    private int[] layerCounts = new int[8];
    private int[] present = new int[8];
    private int[] chosen = new int[8];
    private long loweredNanos = Long.MIN_VALUE / 2;

    /** Forgets the tracks. */
    public void begin() {
        count = 0;
    }

    /**
     * Adds a track.
     *
     * @param priority 0 first
     * @param presentLayer the index of the layer that flows, {@link #PAUSED} for none
     * @return its index; its layers follow by {@link #addLayer}, the cheapest first
     */
    public int add(int priority, int presentLayer) {
        if (count == priorities.length) {
            grow();
        }
        priorities[count] = priority;
        present[count] = presentLayer;
        layerCounts[count] = 0;
        if (layers[count] == null) {
            layers[count] = new long[4];
        }
        return count++;
    }

    /** Adds a layer to the track that was added last, up to four. */
    public void addLayer(long bps) {
        int track = count - 1;
        if (layerCounts[track] < layers[track].length) {
            layers[track][layerCounts[track]++] = bps;
        }
    }

    /** What all tracks together would take. */
    public long demandBps() {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += layerCounts[i] == 0 ? 0 : layers[i][layerCounts[i] - 1];
        }
        return (long) (sum / ROOM_TO_RISE * 1.02);
    }

    /** Shares a rate; {@link #layerOf} tells the outcome. */
    public void share(long bps, long nowNanos) {
        left = bps;
        rate = bps;
        for (int i = 0; i < count; i++) {
            chosen[i] = PAUSED;
        }
        int first = nextPaused();
        boolean isFirst = true;
        for (int i; (i = nextPaused()) >= 0; isFirst = false) {
            if (priorities[i] != priorities[first]) {
                raise(priorities[first], 1, nowNanos);
            }
            begin(i, isFirst, nowNanos);
        }
        raise(Integer.MAX_VALUE, Integer.MAX_VALUE, nowNanos);
        for (int i = 0; i < count; i++) {
            chosen[i] = Math.max(PAUSED, chosen[i]);
            if (chosen[i] < present[i]) {
                loweredNanos = nowNanos;
            }
        }
    }

    /** The layer that a track gets, or {@link #PAUSED}. */
    public int layerOf(int track) {
        return chosen[track];
    }

    private boolean isHeld(long nowNanos) {
        return nowNanos - loweredNanos < HOLD_NANOS;
    }

    private void begin(int track, boolean isFirst, long nowNanos) {
        long cost = layers[track][0];
        boolean flows = present[track] >= 0;
        boolean fits = flows ? cost <= left * TOLERANCE : cost <= left * ROOM_TO_RISE && !isHeld(nowNanos);
        if (isFirst || fits) {
            chosen[track] = 0;
            left = Math.max(0, left - cost);
        } else {
            chosen[track] = REFUSED;
        }
    }

    /** Raises tracks of a priority, or before it, as long as it fits, up to a layer. */
    private void raise(int priorityMax, int layerMax, long nowNanos) {
        for (int i; (i = nextToRaise(priorityMax, layerMax, nowNanos)) >= 0; chosen[i]++) {
            left -= layers[i][chosen[i] + 1] - layers[i][chosen[i]];
        }
    }

    private int nextPaused() {
        int best = -1;
        for (int i = 0; i < count; i++) {
            boolean isOpen = chosen[i] == PAUSED && layerCounts[i] > 0;
            if (isOpen && (best < 0 || priorities[i] < priorities[best])) {
                best = i;
            }
        }
        return best;
    }

    private int nextToRaise(int priorityMax, int layerMax, long nowNanos) {
        int best = -1;
        for (int i = 0; i < count; i++) {
            boolean isOpen = priorities[i] <= priorityMax && chosen[i] < layerMax;
            if (!isOpen || chosen[i] < 0 || chosen[i] + 1 >= layerCounts[i]) {
                continue;
            }
            long more = layers[i][chosen[i] + 1] - layers[i][chosen[i]];
            boolean stays = chosen[i] + 1 <= present[i];
            boolean fits = stays
                    ? more <= left + rate * (TOLERANCE - 1)
                    : more <= left - rate * (1 - ROOM_TO_RISE) && !isHeld(nowNanos);
            if (!fits) {
                continue;
            }
            boolean isBetter = best < 0
                    || priorities[i] < priorities[best]
                    || priorities[i] == priorities[best] && layers[i][chosen[i]] < layers[best][chosen[best]];
            best = isBetter ? i : best;
        }
        return best;
    }

    private void grow() {
        int size = 2 * count;
        priorities = java.util.Arrays.copyOf(priorities, size);
        layers = java.util.Arrays.copyOf(layers, size);
        layerCounts = java.util.Arrays.copyOf(layerCounts, size);
        present = java.util.Arrays.copyOf(present, size);
        chosen = java.util.Arrays.copyOf(chosen, size);
    }
}
