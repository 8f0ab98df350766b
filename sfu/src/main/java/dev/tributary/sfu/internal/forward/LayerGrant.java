// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import dev.tributary.sfu.internal.bandwidth.Allocation;
import org.jspecify.annotations.Nullable;

/**
 * What of a track the subscriber's bandwidth pays for: the layers that come into question, cheapest first, and the one
 * that was granted.
 *
 * <p>Not thread-safe: owned by the subscriber's loop.
 */
final class LayerGrant {
    private final IncomingStream[] candidates = new IncomingStream[ForwardLimits.LAYERS_MAX];
    private int count;
    private int index = Allocation.PAUSED;
    private boolean starved;
    private @Nullable IncomingStream layer;

    /** The layer to forward, or {@code null} if nothing was granted, or nothing was asked for. */
    @Nullable
    IncomingStream layer() {
        return layer;
    }

    /** Whether not even the lowest layer was granted. */
    boolean isStarved() {
        return starved;
    }

    /** Whether something was granted, but not the best. */
    boolean isLowered() {
        return layer != null && index < count - 1;
    }

    void forget() {
        count = 0;
        layer = null;
        starved = false;
    }

    /** Asks for the layers of a track within a limit. Returns the index in the allocation, or −1 if there is none. */
    int ask(
            Allocation allocation,
            TrackSource track,
            LayerLimit limit,
            int priority,
            @Nullable IncomingStream present,
            long nowNanos) {
        collect(track, limit, nowNanos);
        if (count == 0) {
            layer = null;
            return -1;
        }
        int presentLayer = Allocation.PAUSED;
        for (int i = 0; i < count; i++) {
            presentLayer = candidates[i] == present && !starved ? i : presentLayer;
        }
        int asked = allocation.add(priority, presentLayer);
        for (int i = 0; i < count; i++) {
            allocation.addLayer(cost(candidates[i]));
        }
        return asked;
    }

    void take(int granted) {
        index = granted;
        starved = granted == Allocation.PAUSED;
        layer = starved ? null : candidates[granted];
    }

    /** What a layer takes; before it was measured, what pictures of its size usually take. */
    static long cost(IncomingStream stream) {
        long measured = stream.bitrateBps();
        return measured > 0 ? measured : Math.max(ForwardLimits.UNKNOWN_LAYER_BPS, 2L * stream.pixels());
    }

    private void collect(TrackSource track, LayerLimit limit, long nowNanos) {
        count = 0;
        IncomingStream smallest = null;
        for (IncomingStream stream : track.layers()) {
            if (!stream.isActive(nowNanos)) {
                continue;
            }
            if (limit.rid() != null && limit.rid().equals(stream.rid())) {
                candidates[0] = stream;
                count = 1;
                return;
            }
            if (smallest == null || isBefore(stream, smallest)) {
                smallest = stream;
            }
            if (stream.pixels() <= limit.pixelsMax() && stream.bitrateBps() <= limit.bitrateMaxBps()) {
                insert(stream);
            }
        }
        if (count == 0 && smallest != null) {
            insert(smallest);
        }
    }

    private void insert(IncomingStream stream) {
        if (count == candidates.length) {
            return;
        }
        int at = count++;
        while (at > 0 && isBefore(stream, candidates[at - 1])) {
            candidates[at] = candidates[at - 1];
            at--;
        }
        candidates[at] = stream;
    }

    private static boolean isBefore(IncomingStream one, IncomingStream other) {
        int pixels = one.pixels();
        int otherPixels = other.pixels();
        if (pixels != otherPixels && pixels > 0 && otherPixels > 0) {
            return pixels < otherPixels;
        }
        return cost(one) < cost(other);
    }
}
