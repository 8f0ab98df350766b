// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu;

import dev.tributary.whipwhep.Track;
import java.util.List;

/**
 * One room at one moment. Immutable.
 *
 * @param name the room's name
 * @param tracks its tracks, in the order of their coming; {@code mid} and {@code paused} belong to sessions and are unset
 * @param sessions its sessions
 */
public record RoomSnapshot(String name, List<Track> tracks, List<SessionSnapshot> sessions) {
    /** Copies the lists. */
    public RoomSnapshot {
        tracks = List.copyOf(tracks);
        sessions = List.copyOf(sessions);
    }
}
