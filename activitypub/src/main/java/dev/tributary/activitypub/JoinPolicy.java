// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

import java.util.Locale;

/**
 * Who may come on stage.
 *
 * @since 0.1
 */
public enum JoinPolicy {
    /** Who was invited. */
    INVITED,
    /** Who asks and is let in. */
    KNOCK,
    /** Who follows the channel. */
    FOLLOWERS,
    /** Everybody. */
    OPEN;

    /** The word in {@code interactive.joinPolicy}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
