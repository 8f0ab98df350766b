// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import org.jspecify.annotations.Nullable;

/**
 * Where a track comes from, across all hops.
 *
 * @param actor the id of the actor whose track it is, or {@code null} when unknown
 * @param instance the id of the instance at which it entered, or {@code null} when unknown
 */
public record TrackOrigin(@Nullable String actor, @Nullable String instance) {
    /** The longest id that is carried, in characters. */
    public static final int ID_LENGTH_MAX = 512;

    /** Checks the lengths. */
    public TrackOrigin {
        if ((actor != null && actor.length() > ID_LENGTH_MAX)
                || (instance != null && instance.length() > ID_LENGTH_MAX)) {
            throw new IllegalArgumentException(
                    "Ids of actors and instances have at most " + ID_LENGTH_MAX + " characters");
        }
    }
}
