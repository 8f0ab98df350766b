// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.room;

import dev.tributary.sfu.RoomSnapshot;
import dev.tributary.sfu.internal.peer.LoopPeers;
import dev.tributary.whipwhep.Purpose;
import dev.tributary.whipwhep.Track;
import dev.tributary.whipwhep.TrackChange;
import dev.tributary.whipwhep.TrackKind;
import dev.tributary.whipwhep.spi.CloseReason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One live stream: its tracks, its members and who may do what. All of it lives on one media loop and is called there
 * only, so nothing in here is shared.
 *
 * <p>State has owners. {@code muted} and {@code label} come with the track from its source; {@code enabled} and
 * {@code purpose} are the room's; {@code mid} and {@code paused} belong to a receiver and are never stored here.
 */
final class Room {
    /** How long the tracks of a broken pipe stay listed. */
    static final long BROKEN_PIPE_NANOS = 10_000_000_000L;

    private final String name;
    private final LoopPeers peers;
    private final RoomEvents events;
    private final RoomLimits limits;
    private final Map<String, RoomTrack> tracks = new LinkedHashMap<>();
    private final HostDecisions decisions = new HostDecisions();
    private final Set<RoomMember> members = new LinkedHashSet<>();
    private boolean ended;

    Room(String name, LoopPeers peers, RoomEvents events, RoomLimits limits) {
        this.name = name;
        this.peers = peers;
        this.events = events;
        this.limits = limits;
    }

    String name() {
        return name;
    }

    /** Whether the room is another server's: {@code name@host}. */
    boolean isRemote() {
        return name.indexOf('@') >= 0;
    }

    LoopPeers peers() {
        return peers;
    }

    long nowNanos() {
        return peers.loop().nowNanos();
    }

    boolean hasEnded() {
        return ended;
    }

    /** Whether nobody is in it and nothing is listed: tracks of a broken pipe keep it for a while. */
    boolean isEmpty() {
        return members.isEmpty() && tracks.isEmpty();
    }

    /** Whether there is room for one more member. */
    boolean isFull() {
        return members.size() >= limits.membersMax();
    }

    Collection<RoomTrack> tracks() {
        return tracks.values();
    }

    @Nullable
    RoomTrack track(String id) {
        return tracks.get(id);
    }

    Collection<RoomMember> members() {
        return members;
    }

    void join(RoomMember member) {
        members.add(member);
    }

    void connected(RoomMember member) {
        events.joined(this, member.snapshot(nowNanos()));
    }

    /** Tells why a member has no connection, or none any more. */
    void lost(RoomMember member, String reason) {
        events.lost(this, member.snapshot(nowNanos()), reason);
    }

    /** Takes a member out; tells the world when its session had carried media. */
    void leave(RoomMember member, boolean wasConnected) {
        if (members.remove(member)) {
            if (wasConnected) {
                events.left(this, member.snapshot(nowNanos()));
            }
            events.membersChanged(this);
            if (isEmpty()) {
                events.empty(this);
            }
        }
    }

    /**
     * Puts a track on the room's list.
     *
     * @return {@code false} when its id is taken, or the room has as many tracks as it may have
     */
    boolean publish(RoomTrack track) {
        RoomTrack before = tracks.get(track.id());
        if (before != null && before.owner().isClosed()) {
            // The pipe that broke is back.
            unpublish(before);
        }
        if (ended || tracks.size() >= limits.tracksMax() || tracks.containsKey(track.id())) {
            return false;
        }
        tracks.put(track.id(), track);
        long nowNanos = nowNanos();
        for (RoomMember member : List.copyOf(members)) {
            member.trackAdded(track, nowNanos);
        }
        events.trackChanged(this, track.info());
        return true;
    }

    /** Does to a track what somebody with the right to it decided, and holds to it when its publisher comes again. */
    void decide(RoomTrack track, TrackChange change) {
        Track after = change.applyTo(track.info());
        if (change.enabled() != null) {
            decisions.remember(after);
        }
        update(track, after);
    }

    /** Whether a track that is new here may be let through, as far as was decided before. */
    boolean allows(Track track) {
        return decisions.allow(track);
    }

    /** Stores what is now true of a track, and tells the members when that is news. */
    void update(RoomTrack track, Track after) {
        if (tracks.get(track.id()) != track || after.equals(track.info())) {
            return;
        }
        track.become(after);
        long nowNanos = nowNanos();
        for (RoomMember member : List.copyOf(members)) {
            member.trackChanged(track, nowNanos);
        }
        events.trackChanged(this, after);
    }

    /** Removes a track that a broken pipe has left, unless it is back by then. */
    void unpublishLater(RoomTrack track) {
        peers.loop()
                .schedule(
                        BROKEN_PIPE_NANOS,
                        () -> peers.execute(() -> {
                            unpublish(track);
                            if (isEmpty()) {
                                events.empty(this);
                            }
                        }));
    }

    void unpublish(RoomTrack track) {
        if (!tracks.remove(track.id(), track)) {
            return;
        }
        long nowNanos = nowNanos();
        for (RoomMember member : List.copyOf(members)) {
            member.trackRemoved(track, nowNanos);
        }
        events.trackRemoved(this, track.info());
    }

    /**
     * The track that a plain player sees: of the main source, or of whoever is there when there is no main one.
     *
     * @return {@code null} when nobody publishes that kind
     */
    @Nullable
    RoomTrack feed(TrackKind kind) {
        RoomTrack stand = null;
        for (RoomTrack track : tracks.values()) {
            Track info = track.info();
            if (info.kind() != kind || !info.enabled()) {
                continue;
            }
            if (info.purpose() == Purpose.MAIN) {
                return track;
            }
            if (stand == null) {
                stand = track;
            }
        }
        return stand;
    }

    /** Whether somebody else is the main source. */
    boolean hasMainOfAnother(InboundSession session) {
        return tracks.values().stream()
                .anyMatch(track -> track.owner() != session && track.info().purpose() == Purpose.MAIN);
    }

    /** The instances that tracks of this room passed before they came here, each once. */
    List<String> passed(Predicate<RoomTrack> which) {
        Set<String> passed = new LinkedHashSet<>();
        tracks.values().stream()
                .filter(which)
                .forEach(track -> passed.addAll(track.owner().via()));
        return List.copyOf(passed);
    }

    /** Whether anything can be played. */
    boolean isLive() {
        return !tracks.isEmpty();
    }

    /** Ends the stream: every session is told and closed. Idempotent. */
    void end() {
        if (ended) {
            return;
        }
        ended = true;
        long nowNanos = nowNanos();
        for (RoomMember member : List.copyOf(members)) {
            member.close(CloseReason.ROOM_ENDED, nowNanos);
        }
        events.ended(this);
    }

    RoomSnapshot snapshot() {
        long nowNanos = nowNanos();
        List<Track> infos = new ArrayList<>();
        tracks.values().forEach(track -> infos.add(track.info()));
        return new RoomSnapshot(
                name,
                infos,
                members.stream().map(member -> member.snapshot(nowNanos)).toList());
    }
}
