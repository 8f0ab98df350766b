// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.room;

import dev.tributary.whipwhep.Purpose;
import dev.tributary.whipwhep.Track;
import dev.tributary.whipwhep.TrackKind;
import dev.tributary.whipwhep.TrackOrigin;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What a room does not let through, remembered by whose it is: whoever was disabled cannot come back enabled by publishing
 * again, under another track id or on another m-line. A nobody is known by the track's id only.
 *
 * <p>Not thread-safe: owned by its room.
 */
final class HostDecisions {
    /** Decisions that are remembered; with one more the oldest is forgotten. */
    static final int REMEMBERED_MAX = 256;

    private final Set<Key> disabled = new LinkedHashSet<>();

    private record Key(String whose, TrackKind kind, boolean isScreen) {
        static Key of(Track track) {
            TrackOrigin origin = track.origin();
            String actor = origin == null ? null : origin.actor();
            return new Key(
                    actor == null ? "track " + track.id() : "actor " + actor,
                    track.kind(),
                    track.purpose() == Purpose.SCREEN);
        }
    }

    /** Remembers what was decided about a track. */
    void remember(Track decided) {
        Key key = Key.of(decided);
        disabled.remove(key);
        if (decided.enabled()) {
            return;
        }
        if (disabled.size() == REMEMBERED_MAX) {
            Iterator<Key> oldest = disabled.iterator();
            oldest.next();
            oldest.remove();
        }
        disabled.add(key);
    }

    /** Whether a track may be let through. */
    boolean allow(Track track) {
        return !disabled.contains(Key.of(track));
    }
}
