// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import org.jspecify.annotations.Nullable;

/**
 * Which layer of a simulcast track a subscriber may get at most. The highest one within all limits is forwarded; if none
 * is within, the lowest.
 *
 * @param rid exactly this layer as long as it is there, or {@code null} for no wish
 * @param pixelsMax width times height, for codecs that tell
 * @param bitrateMaxBps measured bitrate
 */
public record LayerLimit(@Nullable String rid, int pixelsMax, long bitrateMaxBps) {
    /** No limit. */
    public static final LayerLimit NONE = new LayerLimit(null, Integer.MAX_VALUE, Long.MAX_VALUE);
}
