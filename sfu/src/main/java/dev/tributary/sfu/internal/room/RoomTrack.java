// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.room;

import dev.tributary.sfu.internal.forward.TrackSource;
import dev.tributary.whipwhep.Track;
import org.jspecify.annotations.Nullable;

/** A track of a room: what is true of it, whose it is, and where its packets come from. */
final class RoomTrack {
    private final InboundSession owner;
    private final @Nullable TrackSource source;
    private Track info;

    /**
     * A track.
     *
     * @param source its packets; null when its publisher lists it without sending it
     */
    RoomTrack(Track info, InboundSession owner, @Nullable TrackSource source) {
        this.info = info.withMid(null).withPaused(false);
        this.owner = owner;
        this.source = source;
    }

    String id() {
        return info.id();
    }

    Track info() {
        return info;
    }

    InboundSession owner() {
        return owner;
    }

    @Nullable
    TrackSource source() {
        return source;
    }

    void become(Track after) {
        info = after.withMid(null).withPaused(false);
    }

    /** The instance at which the track entered the network, or null when it is not known. */
    @Nullable
    String originInstance() {
        return info.origin() == null ? null : info.origin().instance();
    }
}
