// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.room;

import dev.tributary.sdp.SdpException;
import dev.tributary.sdp.SessionDescription;
import dev.tributary.sfu.RoomSnapshot;
import dev.tributary.sfu.SessionSnapshot;
import dev.tributary.sfu.SfuListener;
import dev.tributary.sfu.Upstream;
import dev.tributary.sfu.internal.peer.LoopPeers;
import dev.tributary.whipwhep.Track;
import dev.tributary.whipwhep.spi.CloseReason;
import dev.tributary.whipwhep.spi.MediaSession;
import dev.tributary.whipwhep.spi.OfferedSession;
import dev.tributary.whipwhep.spi.Refusal;
import dev.tributary.whipwhep.spi.Right;
import dev.tributary.whipwhep.spi.SessionKind;
import dev.tributary.whipwhep.spi.SessionRequest;
import dev.tributary.whipwhep.spi.WhipWhepException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rooms of one loop. A room is found by its name, and a name always leads to the same loop, so that a room has one
 * writer and no lock. Owned by the loop, but for {@link #execute}.
 */
final class LoopRooms implements RoomEvents {
    private static final Logger LOG = LoggerFactory.getLogger(LoopRooms.class);

    private static final int RETRY_SECONDS = 2;

    private final LoopPeers peers;
    private final Parts parts;
    private final SfuListener listener;
    private final Pipes pipes;
    /** The rooms whose viewers may come before there is anything to see. */
    private final Predicate<String> waiting;

    private final Map<String, Room> rooms = new HashMap<>();

    LoopRooms(
            LoopPeers peers,
            Parts parts,
            Upstream.@Nullable Resolver upstreams,
            Predicate<String> waiting,
            SfuListener listener) {
        this.peers = peers;
        this.parts = parts;
        this.waiting = waiting;
        this.listener = listener;
        this.pipes = new Pipes(this, parts, upstreams);
    }

    /** Runs a task on the loop; what it throws fails the stage. Any thread. */
    void execute(CompletableFuture<?> stage, Runnable task) {
        peers.execute(() -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                stage.completeExceptionally(refusalOf(e));
            }
        });
    }

    private static RuntimeException refusalOf(RuntimeException e) {
        if (e instanceof WhipWhepException) {
            return e;
        }
        if (e instanceof SdpException) {
            return new WhipWhepException(Refusal.UNACCEPTABLE_OFFER, String.valueOf(e.getMessage()));
        }
        LOG.error("A request failed", e);
        return new WhipWhepException(Refusal.INTERNAL, "The media engine failed; its log says why");
    }

    // ---- opening sessions ----

    void open(SessionRequest request, SessionDescription offer, CompletableFuture<MediaSession> opened) {
        if (request.kind() == SessionKind.WHIP) {
            publish(request, offer, opened);
            return;
        }
        pipes.whenPlayable(request.room(), askerOf(request), opened, () -> play(request, offer, opened));
    }

    /** The instance that asks for a stream to pass it on. */
    private static @Nullable String askerOf(SessionRequest request) {
        return request.grant().allows(Right.PIPE) ? request.grant().instance() : null;
    }

    private void publish(SessionRequest request, SessionDescription offer, CompletableFuture<MediaSession> opened) {
        Room room = room(request.room());
        SessionIdentity identity = identity(request, false);
        InboundSession session = null;
        try {
            refuseSecondMain(room, identity);
            session = new InboundSession(room, parts, identity, sharedSocket());
            SessionDescription answer = session.agree(offer, room.nowNanos());
            // Only an offer that can be answered takes over; the newcomer is in before the old one leaves, so that the
            // room
            // never stands empty.
            session.enter();
            takeOver(room, session);
            session.publishTracks(room.nowNanos());
            opened.complete(new SessionHandle(session, peers, answer.write(), parts));
        } catch (RuntimeException e) {
            if (session != null) {
                session.close(CloseReason.FAILED, room.nowNanos());
            }
            forget(room);
            throw e;
        }
    }

    private static void refuseSecondMain(Room room, SessionIdentity identity) {
        if (room.isFull()) {
            throw new WhipWhepException(Refusal.OVERLOADED, "The room is full", RETRY_SECONDS);
        }
        for (RoomMember member : room.members()) {
            if (member instanceof InboundSession other
                    && !other.identity.isOutgoing()
                    && !other.identity.isSameSubjectAs(identity)
                    && other.publishesMain()
                    && claimsMain(identity)) {
                throw new WhipWhepException(
                        Refusal.TAKEN,
                        "Somebody else is the main source of this room. Ask them to stop, or join as a guest");
            }
        }
    }

    /** The same somebody who publishes again replaces their earlier session. */
    private static void takeOver(Room room, InboundSession newcomer) {
        for (RoomMember member : List.copyOf(room.members())) {
            if (member instanceof InboundSession other
                    && other != newcomer
                    && !other.identity.isOutgoing()
                    && other.identity.isSameSubjectAs(newcomer.identity)) {
                other.close(CloseReason.REPLACED, room.nowNanos());
            }
        }
    }

    private static boolean claimsMain(SessionIdentity identity) {
        return identity.grant().allows(Right.PUBLISH_MAIN) && !identity.grant().allows(Right.PUBLISH_GUEST);
    }

    private void play(SessionRequest request, SessionDescription offer, CompletableFuture<MediaSession> opened) {
        Room room = playable(request.room());
        OutboundSession session = viewer(room, identity(request, false), request.ownTracks());
        try {
            SessionDescription answer = session.accept(offer, waiting.test(room.name()), room.nowNanos());
            session.enter();
            pipes.viewersChanged(room);
            opened.complete(new SessionHandle(session, peers, answer.write(), parts));
        } catch (RuntimeException e) {
            giveUp(session);
            throw e;
        }
    }

    /** Opens a viewer's session by an offer of ours. */
    void offer(SessionRequest request, CompletableFuture<OfferedSession> offered) {
        pipes.whenPlayable(request.room(), askerOf(request), offered, () -> {
            Room room = playable(request.room());
            OutboundSession session = viewer(room, identity(request, true), request.ownTracks());
            try {
                String offer = session.offerProgramme().write();
                session.enter();
                pipes.viewersChanged(room);
                offered.complete(new OfferedHandle(session, peers, offer, parts));
            } catch (RuntimeException e) {
                giveUp(session);
                throw e;
            }
        });
    }

    private Room playable(String name) {
        Room room = rooms.get(name);
        if ((room == null || !room.isLive()) && !waiting.test(name)) {
            throw new WhipWhepException(
                    Refusal.NO_PUBLISHER, "Nobody is live in this room yet. Try again in a moment", RETRY_SECONDS);
        }
        if (room != null && room.isFull()) {
            throw new WhipWhepException(Refusal.OVERLOADED, "The room is full", RETRY_SECONDS);
        }
        return room(name);
    }

    private OutboundSession viewer(Room room, SessionIdentity identity, boolean ownTracks) {
        String origin = identity.isPipe() ? identity.grant().instance() : null;
        return new OutboundSession(
                room,
                parts,
                identity,
                sharedSocket(),
                // A track never goes back to the instance that it came from, nor to a person who does not want their
                // own.
                track -> (origin == null || !origin.equals(track.originInstance()))
                        && (ownTracks || !identity.isSameSubjectAs(track.owner().identity)));
    }

    private void giveUp(OutboundSession session) {
        session.close(CloseReason.FAILED, session.room.nowNanos());
        pipes.viewersChanged(session.room);
        forget(session.room);
    }

    private static SessionIdentity identity(SessionRequest request, boolean offersFirst) {
        return new SessionIdentity(
                request.kind(), request.sessionId(), request.grant(), false, offersFirst, request.dynamicAllowed());
    }

    void push(String name, String subject, PipeRequest request, CompletableFuture<Void> pushed) {
        Room room = rooms.get(name);
        if (room == null) {
            throw new WhipWhepException(Refusal.NO_PUBLISHER, "There is no room " + name + " here");
        }
        pipes.push(room, subject, request, pushed);
    }

    private SessionSocket sharedSocket() {
        return SessionSocket.shared(peers, parts.port());
    }

    // ---- rooms ----

    LoopPeers peers() {
        return peers;
    }

    Room room(String name) {
        return rooms.computeIfAbsent(name, fresh -> new Room(fresh, peers, this, RoomLimits.DEFAULT));
    }

    @Nullable
    Room existing(String name) {
        return rooms.get(name);
    }

    /** Drops a room that holds nothing. */
    void forget(Room room) {
        if (room.isEmpty()) {
            rooms.remove(room.name(), room);
        }
    }

    void end(String name) {
        Room room = rooms.get(name);
        if (room != null) {
            room.end();
        }
    }

    void closeAll() {
        for (Room room : List.copyOf(rooms.values())) {
            for (RoomMember member : List.copyOf(room.members())) {
                member.close(CloseReason.DRAINING, room.nowNanos());
            }
        }
    }

    List<RoomSnapshot> snapshots() {
        return rooms.values().stream().map(Room::snapshot).toList();
    }

    // ---- what rooms tell ----

    @Override
    public void joined(Room room, SessionSnapshot session) {
        tell(() -> listener.joined(room.name(), session));
    }

    @Override
    public void membersChanged(Room room) {
        pipes.viewersChanged(room);
    }

    @Override
    public void left(Room room, SessionSnapshot session) {
        tell(() -> listener.left(room.name(), session));
    }

    @Override
    public void lost(Room room, SessionSnapshot session, String reason) {
        LOG.info("{} session in room {} has no connection: {}", session.kind(), room.name(), reason);
        tell(() -> listener.lost(room.name(), session, reason));
    }

    @Override
    public void trackChanged(Room room, Track track) {
        pipes.tracksChanged(room);
        tell(() -> listener.trackChanged(room.name(), track));
    }

    @Override
    public void trackRemoved(Room room, Track track) {
        tell(() -> listener.trackRemoved(room.name(), track));
    }

    @Override
    public void empty(Room room) {
        forget(room);
    }

    @Override
    public void ended(Room room) {
        rooms.remove(room.name(), room);
        tell(() -> listener.ended(room.name()));
    }

    private static void tell(Runnable news) {
        try {
            news.run();
        } catch (RuntimeException e) {
            LOG.error("The listener of the engine failed", e);
        }
    }
}
