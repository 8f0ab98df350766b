// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

import java.util.Locale;

/**
 * The coarse state of a live stream, the only one that federates. Who is muted or on camera is not a matter of
 * ActivityPub.
 *
 * @since 0.1
 */
public enum LiveState {
    /** Announced for later. */
    PLANNED,
    /** Host and guests gather; nothing is on air yet. */
    LOBBY,
    /** On air. */
    LIVE,
    /** Interrupted, to be continued in the same session. */
    PAUSED,
    /** Over. A permanent live begins again with the next epoch. */
    ENDED;

    /** The word in {@code interactive.state}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** True while there is something to watch, or will be in a moment. */
    public boolean isOnAir() {
        return this == LIVE || this == PAUSED;
    }
}
