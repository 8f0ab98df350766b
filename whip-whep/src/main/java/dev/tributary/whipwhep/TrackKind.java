// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

/** What a track carries. */
public enum TrackKind {
    /** Sound. */
    AUDIO("audio"),
    /** Pictures. */
    VIDEO("video");

    private final String wireName;

    TrackKind(String wireName) {
        this.wireName = wireName;
    }

    /** The word for it on the control channel and in an {@code m=} line. */
    public String wireName() {
        return wireName;
    }
}
