// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu;

import dev.tributary.whipwhep.Track;

/**
 * Hears what happens in the rooms. Called on the media loops: an implementation returns at once and leaves work to an
 * executor of its own. What it throws is logged and goes no further. Calls about one room come one after another.
 */
public interface SfuListener {
    /**
     * Somebody's session in a room carries media. The end of every such session is told by {@link #left}.
     *
     * @param room the room
     * @param session who, and in which direction
     */
    default void joined(String room, SessionSnapshot session) {}

    /** A session that {@link #joined} is gone. */
    default void left(String room, SessionSnapshot session) {}

    /**
     * A session got no connection, or lost it. Comes before {@link #left} for a session that had {@link #joined}.
     *
     * @param room the room
     * @param session who
     * @param reason why, in words for people: what was tried at which address, and what came of it
     */
    default void lost(String room, SessionSnapshot session, String reason) {}

    /** A track came to a room, or changed. */
    default void trackChanged(String room, Track track) {}

    /** A track left a room. */
    default void trackRemoved(String room, Track track) {}

    /** A room ended: its owner ended it, or the instance that it was pulled from did. */
    default void ended(String room) {}
}
