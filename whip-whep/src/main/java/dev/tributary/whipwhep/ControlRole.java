// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the HTTP client of a session says it is when it greets. */
public enum ControlRole {
    /** Somebody who watches. */
    VIEWER,
    /** Somebody who sends their own tracks. */
    PUBLISHER,
    /** Another instance, in either direction. */
    PIPE;

    /** The word for it on the control channel. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads the word, or returns {@code null} when it means nothing. */
    public static @Nullable ControlRole ofWireName(String word) {
        for (ControlRole role : values()) {
            if (role.wireName().equals(word)) {
                return role;
            }
        }
        return null;
    }
}
