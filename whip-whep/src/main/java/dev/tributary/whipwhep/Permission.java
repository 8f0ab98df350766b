// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import java.util.Locale;

/** What the other end of a control channel is told that it may do. */
public enum Permission {
    /** Receive tracks. */
    PLAY,
    /** Send tracks, and set {@code muted} and {@code label} of its own ones. */
    PUBLISH,
    /** Set {@code enabled} and {@code purpose} of any track, and ask publishers to mute or stop. */
    HOST;

    /** The word for it on the control channel. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
