// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.room;

import dev.tributary.sdp.MediaKind;
import dev.tributary.sdp.NegotiatedMedia;
import dev.tributary.sdp.NegotiatedSession;
import dev.tributary.sdp.SendTrack;
import dev.tributary.sdp.TrackAnnotation;
import dev.tributary.sdp.Transceiver;
import dev.tributary.sfu.Peer;
import dev.tributary.sfu.internal.forward.OutboundMedia;
import dev.tributary.whipwhep.Purpose;
import dev.tributary.whipwhep.Track;
import dev.tributary.whipwhep.TrackKind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which m-line of our descriptions carries which track, and under which SSRCs: what is said, where {@link Lanes} is what
 * is sent.
 *
 * <p>Not thread-safe: on the room's loop.
 */
final class Carriers {
    private final Peer peer;
    private final OutboundMedia media;
    private final Map<String, Transceiver> byTrack = new HashMap<>();
    private final Map<Transceiver, Sources> announced = new HashMap<>();

    /** The SSRCs under which an m-line sends, as its description says. */
    record Sources(int ssrc, int rtxSsrc) {}

    Carriers(Peer peer, OutboundMedia media) {
        this.peer = peer;
        this.media = media;
    }

    /** Has an m-line carry a track; or, for null, hold a place for what will be published. */
    void carry(Transceiver transceiver, @Nullable RoomTrack track) {
        boolean isVideo = transceiver.kind() == MediaKind.VIDEO;
        Track info = track == null ? placeholder(isVideo) : track.info();
        Sources sources = new Sources(media.newSsrc(), media.newSsrc());
        transceiver.send(sendTrack(info, sources, isVideo));
        byTrack.put(info.id(), transceiver);
        announced.put(transceiver, sources);
    }

    /** Adds an m-line of a kind for a track; or, for null, for what will be published. */
    void add(TrackKind kind, @Nullable RoomTrack track) {
        Transceiver transceiver = peer.negotiation().add(MediaMapping.kindOf(kind));
        if (transceiver != null) {
            carry(transceiver, track);
        }
    }

    /** The mid of the m-line that carries a track, or {@code null} while there is none. */
    @Nullable
    String midOf(String trackId) {
        Transceiver carrier = byTrack.get(trackId);
        return carrier == null ? null : carrier.mid();
    }

    /** The m-lines that have been given their mids. */
    Map<String, Transceiver> byMid() {
        Map<String, Transceiver> byMid = new HashMap<>();
        byTrack.values().forEach(transceiver -> {
            if (transceiver.mid() != null) {
                byMid.put(transceiver.mid(), transceiver);
            }
        });
        return byMid;
    }

    @Nullable
    Sources sourcesOf(Transceiver transceiver) {
        return announced.get(transceiver);
    }

    /** Makes m-lines for these tracks, and has all others stop. */
    void want(List<String> ids, Room room) {
        byTrack.entrySet().removeIf(entry -> {
            if (ids.contains(entry.getKey())) {
                return false;
            }
            SendTrack sent = entry.getValue().track();
            if (sent != null && sent.track().equals(entry.getKey())) {
                entry.getValue().stopSending();
            }
            announced.remove(entry.getValue());
            return true;
        });
        for (String id : ids) {
            RoomTrack track = room.track(id);
            if (track != null && !byTrack.containsKey(id)) {
                add(track.info().kind(), track);
            }
        }
    }

    /** Which track each m-line carries, by mid, as the control channel says beside an offer. */
    Map<String, @Nullable String> tracksByMid() {
        Map<String, @Nullable String> mids = new LinkedHashMap<>();
        for (Transceiver transceiver : peer.negotiation().transceivers()) {
            if (transceiver.mid() != null) {
                SendTrack track = transceiver.track();
                mids.put(transceiver.mid(), track == null ? null : track.track());
            }
        }
        return mids;
    }

    /** Gives up the m-lines that the other end does not take. Returns the tracks that they would have carried. */
    Set<String> giveUpDeclined(NegotiatedSession session) {
        Set<String> declined = new HashSet<>();
        for (Map.Entry<String, Transceiver> entry : byTrack.entrySet()) {
            String mid = entry.getValue().mid();
            NegotiatedMedia section = mid == null ? null : session.media(mid);
            if (section == null || section.rejected() || !section.direction().sends()) {
                declined.add(entry.getKey());
            }
        }
        for (String id : declined) {
            Transceiver transceiver = byTrack.remove(id);
            if (transceiver != null) {
                transceiver.stopSending();
                announced.remove(transceiver);
            }
        }
        return declined;
    }

    /** Notes that an m-line carries another track from now on, for the offers that may follow. */
    void move(String mid, Sources sources, boolean isVideo, @Nullable RoomTrack track) {
        Transceiver carrier = peer.negotiation().transceiver(mid);
        if (carrier == null) {
            return;
        }
        byTrack.values().removeIf(transceiver -> transceiver == carrier);
        if (track != null) {
            byTrack.put(track.id(), carrier);
            carrier.send(sendTrack(track.info(), sources, isVideo));
        }
    }

    private static Track placeholder(boolean isVideo) {
        TrackKind kind = isVideo ? TrackKind.VIDEO : TrackKind.AUDIO;
        return Track.of("programme-" + kind.wireName(), kind, Purpose.MAIN, "", "programme");
    }

    private static SendTrack sendTrack(Track info, Sources sources, boolean isVideo) {
        return SendTrack.of(info.stream(), info.id())
                .withAnnotation(annotation(info))
                .withSsrcs(
                        Integer.toUnsignedLong(sources.ssrc()),
                        isVideo ? Integer.toUnsignedLong(sources.rtxSsrc()) : 0);
    }

    private static TrackAnnotation annotation(Track info) {
        TrackAnnotation.Purpose purpose = switch (info.purpose()) {
            case MAIN -> TrackAnnotation.Purpose.MAIN;
            case SCREEN -> TrackAnnotation.Purpose.SCREEN;
            case GUEST -> TrackAnnotation.Purpose.GUEST;
        };
        return new TrackAnnotation(purpose, info.muted(), info.label());
    }
}
