// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

/**
 * One encoding of a track that can be chosen.
 *
 * @param rid its restriction id (RFC 8851)
 * @param width in pixels, 0 when unknown
 * @param height in pixels, 0 when unknown
 * @param bitrateBps bits per second, 0 when unknown
 * @param active whether packets of it arrive
 */
public record TrackLayer(String rid, int width, int height, int bitrateBps, boolean active) {
    /** Checks. */
    public TrackLayer {
        if (rid.isEmpty() || rid.length() > 64) {
            throw new IllegalArgumentException("A rid has 1 to 64 characters, got " + rid.length());
        }
        if (width < 0 || height < 0 || bitrateBps < 0) {
            throw new IllegalArgumentException("Sizes and bitrates are not negative: " + width + "x" + height);
        }
    }
}
