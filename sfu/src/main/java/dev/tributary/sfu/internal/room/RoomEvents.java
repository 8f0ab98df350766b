// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.room;

import dev.tributary.sfu.SessionSnapshot;
import dev.tributary.whipwhep.Track;

/** What a room tells the engine around it. Called on the room's loop. */
interface RoomEvents {
    void joined(Room room, SessionSnapshot session);

    void left(Room room, SessionSnapshot session);

    void lost(Room room, SessionSnapshot session, String reason);

    /** Somebody left, connected or not. */
    void membersChanged(Room room);

    void trackChanged(Room room, Track track);

    void trackRemoved(Room room, Track track);

    /** The last member left. */
    void empty(Room room);

    void ended(Room room);
}
