// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import org.jspecify.annotations.Nullable;

/** Picks the layer of a simulcast track that a subscriber gets. No state. */
final class LayerChoice {
    private LayerChoice() {}

    /**
     * The layer to forward: the best active one within the limits; of active ones beyond them the smallest; without
     * active ones the present one, or any.
     */
    static @Nullable IncomingStream choose(
            TrackSource track, @Nullable IncomingStream present, LayerLimit limit, long nowNanos) {
        IncomingStream best = null;
        IncomingStream smallest = null;
        for (IncomingStream layer : track.layers()) {
            if (!layer.isActive(nowNanos)) {
                continue;
            }
            if (limit.rid() != null && limit.rid().equals(layer.rid())) {
                return layer;
            }
            if (smallest == null || isBetter(smallest, layer, present)) {
                smallest = layer;
            }
            boolean within = layer.pixels() <= limit.pixelsMax() && layer.bitrateBps() <= limit.bitrateMaxBps();
            if (within && (best == null || isBetter(layer, best, present))) {
                best = layer;
            }
        }
        if (best != null) {
            return best;
        }
        if (smallest != null) {
            return smallest;
        }
        return present != null && present.track() == track && !present.isEnded() ? present : track.anyLayer();
    }

    private static boolean isBetter(IncomingStream one, IncomingStream other, @Nullable IncomingStream present) {
        int pixels = one.pixels();
        int otherPixels = other.pixels();
        if (pixels != otherPixels && pixels > 0 && otherPixels > 0) {
            return pixels > otherPixels;
        }
        // By bitrate the present layer wins unless the other is clearly above: rates swing, pictures should not.
        long bitrate = one == present ? one.bitrateBps() * 13 / 10 : one.bitrateBps();
        long otherBitrate = other == present ? other.bitrateBps() * 13 / 10 : other.bitrateBps();
        return bitrate > otherBitrate;
    }
}
