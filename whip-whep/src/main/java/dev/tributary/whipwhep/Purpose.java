// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import java.util.Locale;

/** What a track is for. */
public enum Purpose {
    /** The programme itself. */
    MAIN,
    /** Somebody who takes part. */
    GUEST,
    /** A shared screen. */
    SCREEN;

    /** The word for it on the control channel. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads the word; a word from the future is a guest. */
    public static Purpose ofWireName(String word) {
        for (Purpose purpose : values()) {
            if (purpose.wireName().equals(word)) {
                return purpose;
            }
        }
        return GUEST;
    }
}
