// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.room;

import dev.tributary.sfu.SessionSnapshot;
import dev.tributary.whipwhep.spi.CloseReason;

/** A session in a room, as the room sees it. Called on the room's loop only. */
interface RoomMember {
    /** A track came to the room. */
    void trackAdded(RoomTrack track, long nowNanos);

    /** What is known about a track, or allowed to it, changed. */
    void trackChanged(RoomTrack track, long nowNanos);

    /** A track left the room. */
    void trackRemoved(RoomTrack track, long nowNanos);

    /** Ends the session. Idempotent. */
    void close(CloseReason reason, long nowNanos);

    /** Numbers of this moment. */
    SessionSnapshot snapshot(long nowNanos);
}
