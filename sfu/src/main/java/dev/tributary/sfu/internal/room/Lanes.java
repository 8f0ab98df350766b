// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.room;

import dev.tributary.sdp.MediaKind;
import dev.tributary.sdp.NegotiatedMedia;
import dev.tributary.sdp.NegotiatedSession;
import dev.tributary.sdp.SendTrack;
import dev.tributary.sdp.Transceiver;
import dev.tributary.sfu.Peer;
import dev.tributary.sfu.internal.forward.OutboundMedia;
import dev.tributary.sfu.internal.forward.OutboundSection;
import dev.tributary.sfu.internal.forward.Subscription;
import dev.tributary.whipwhep.Track;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What each m-line of a session sends now: its stream, and the track behind it.
 *
 * <p>Not thread-safe: on the room's loop.
 */
final class Lanes {
    private static final int PRIORITY_GUEST = 2;

    private final Peer peer;
    private final OutboundMedia media;
    private final Room room;
    private final Predicate<RoomTrack> isOpen;
    private final Predicate<RoomTrack> isPaused;
    private final Map<String, Lane> byMid = new LinkedHashMap<>();

    /** One m-line that sends, and the track that it carries. */
    static final class Lane {
        final String mid;
        final Carriers.Sources sources;
        final Subscription subscription;

        @Nullable
        RoomTrack track;

        Lane(String mid, Carriers.Sources sources, Subscription subscription) {
            this.mid = mid;
            this.sources = sources;
            this.subscription = subscription;
        }

        boolean isVideo() {
            return subscription.section().video();
        }
    }

    /**
     * No lanes yet.
     *
     * @param isOpen whether a track may flow at all
     * @param isPaused whether the other end has paused a track
     */
    Lanes(Peer peer, OutboundMedia media, Room room, Predicate<RoomTrack> isOpen, Predicate<RoomTrack> isPaused) {
        this.peer = peer;
        this.media = media;
        this.room = room;
        this.isOpen = isOpen;
        this.isPaused = isPaused;
    }

    /** The lanes, in the order of their m-lines. */
    Iterable<Lane> all() {
        return new ArrayList<>(byMid.values());
    }

    /** The lane that carries a track, or {@code null}. */
    @Nullable
    Lane of(RoomTrack track) {
        for (Lane lane : byMid.values()) {
            if (lane.track == track) {
                return lane;
            }
        }
        return null;
    }

    /** Makes what is sent equal to what was agreed. */
    void follow(NegotiatedSession session, Carriers carriers, long nowNanos) {
        Map<String, Transceiver> carrierByMid = carriers.byMid();
        for (NegotiatedMedia section : session.media()) {
            Transceiver transceiver = carrierByMid.get(section.mid());
            Carriers.Sources sources = transceiver == null ? null : carriers.sourcesOf(transceiver);
            boolean flows = !section.rejected() && section.direction().sends() && sources != null;
            Lane lane = byMid.get(section.mid());
            if (lane != null && (!flows || !lane.sources.equals(sources))) {
                stop(section.mid());
                lane = null;
            }
            if (flows && lane == null && sources != null) {
                lane = open(section, sources);
            }
            if (lane != null && transceiver != null) {
                SendTrack sent = transceiver.track();
                send(lane, sent == null ? null : room.track(sent.track()), nowNanos);
            }
        }
    }

    private Lane open(NegotiatedMedia section, Carriers.Sources sources) {
        OutboundSection outbound = new OutboundSection(
                section.mid(),
                section.kind() == MediaKind.VIDEO,
                MediaMapping.outboundCodecs(section),
                MediaMapping.extensions(section));
        Lane lane = new Lane(section.mid(), sources, media.subscribe(outbound, sources.ssrc(), sources.rtxSsrc()));
        byMid.put(section.mid(), lane);
        return lane;
    }

    /** Puts a track behind a lane, or nothing. */
    void send(Lane lane, @Nullable RoomTrack track, long nowNanos) {
        lane.track = track;
        lane.subscription.setPriority(track == null ? PRIORITY_GUEST : priorityOf(track.info()));
        // Gates first: a source behind open gates is forwarded at once.
        openGates(lane, nowNanos);
        lane.subscription.switchTo(track == null ? null : track.source(), nowNanos);
    }

    /** When the viewer's path does not carry all: the programme first, then what is shown, then guests. */
    private static int priorityOf(Track info) {
        return switch (info.purpose()) {
            case MAIN -> 0;
            case SCREEN -> 1;
            case GUEST -> PRIORITY_GUEST;
        };
    }

    /** Opens and closes a lane as is true now. */
    void openGates(Lane lane, long nowNanos) {
        RoomTrack track = lane.track;
        lane.subscription.setEnabled(track != null && isOpen.test(track), nowNanos);
        lane.subscription.setPaused(track != null && isPaused.test(track), nowNanos);
    }

    void stopAll() {
        new ArrayList<>(byMid.keySet()).forEach(this::stop);
    }

    private void stop(String mid) {
        Lane lane = byMid.remove(mid);
        if (lane != null) {
            media.unsubscribe(lane.subscription);
            peer.forgetSource(lane.sources.ssrc());
            peer.forgetSource(lane.sources.rtxSsrc());
        }
    }
}
