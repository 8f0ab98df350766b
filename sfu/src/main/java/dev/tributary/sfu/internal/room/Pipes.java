// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.room;

import dev.tributary.core.udp.MediaLoop;
import dev.tributary.sdp.SessionDescription;
import dev.tributary.sfu.Upstream;
import dev.tributary.whipwhep.ClientException;
import dev.tributary.whipwhep.ClientSession;
import dev.tributary.whipwhep.spi.CloseReason;
import dev.tributary.whipwhep.spi.Grant;
import dev.tributary.whipwhep.spi.Refusal;
import dev.tributary.whipwhep.spi.Right;
import dev.tributary.whipwhep.spi.SessionKind;
import dev.tributary.whipwhep.spi.WhipWhepException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The pipes of one loop's rooms: one copy of another server's stream for all viewers here (pull), and the way of a guest's
 * tracks to the server of the stream (push). Owned by the loop.
 */
final class Pipes {
    /** How long a viewer waits for the stream of another server to arrive. */
    private static final long ARRIVAL_NANOS = 10_000_000_000L;

    /** How long a copy is kept after the last viewer left: people reload pages. */
    private static final long IDLE_NANOS = 10_000_000_000L;

    /** How soon a pull that broke is opened again for viewers who are still there, and how seldom after failures. */
    private static final long REOPEN_NANOS_MIN = 500_000_000L;

    private static final long REOPEN_NANOS_MAX = 8_000_000_000L;

    /** After so many failures in a row the stream is believed to be gone; a new viewer opens it anew. */
    private static final int REOPENINGS_MAX = 12;

    /** Viewers that wait for one stream; more are told to come again. */
    private static final int WAITING_MAX = 500;

    private final LoopRooms home;
    private final Parts parts;
    private final Upstream.@Nullable Resolver upstreams;
    private final Map<String, Pull> pulls = new HashMap<>();

    /** One stream that is pulled, or about to be. */
    private static final class Pull {
        final List<Waiting> waiting = new ArrayList<>();
        /** The instances through which the stream was asked for. */
        final List<String> askedBy;
        /** How often in a row it was opened again. */
        final int reopenings;

        @Nullable
        InboundSession session;

        MediaLoop.@Nullable Timer idle;
        MediaLoop.@Nullable Timer deadline;

        Pull(List<String> askedBy, int reopenings) {
            this.askedBy = askedBy;
            this.reopenings = reopenings;
        }
    }

    /** A viewer that waits for the stream. */
    private record Waiting(CompletableFuture<?> opened, Runnable proceed) {}

    Pipes(LoopRooms home, Parts parts, Upstream.@Nullable Resolver upstreams) {
        this.home = home;
        this.parts = parts;
        this.upstreams = upstreams;
    }

    // ---- pull ----

    /**
     * Goes on at once for a room of this server; for one of another server, when its stream is here.
     *
     * @param asker the instance that asks for it, or {@code null} for a viewer of our own
     */
    void whenPlayable(String name, @Nullable String asker, CompletableFuture<?> opened, Runnable proceed) {
        if (upstreams == null || name.indexOf('@') < 0) {
            proceed.run();
            return;
        }
        Pull pull = pulls.get(name);
        if (pull == null) {
            pull = new Pull(asker == null ? List.of() : List.of(asker), 0);
            pulls.put(name, pull);
            begin(name, pull, upstreams);
        }
        if (isArrived(pull)) {
            proceed.run();
        } else if (pull.waiting.size() >= WAITING_MAX) {
            throw new WhipWhepException(Refusal.OVERLOADED, "Too many viewers wait for this stream", 2);
        } else {
            pull.waiting.add(new Waiting(opened, proceed));
            await(name, pull);
        }
    }

    private void await(String name, Pull pull) {
        if (pull.deadline == null) {
            pull.deadline = home.peers()
                    .loop()
                    .schedule(ARRIVAL_NANOS, () -> home.peers().execute(() -> giveUp(name, pull)));
        }
    }

    private static boolean isArrived(Pull pull) {
        return pull.session != null && pull.session.hasTracks();
    }

    private void begin(String name, Pull pull, Upstream.Resolver resolver) {
        home.peers().loop().schedule(ARRIVAL_NANOS, () -> giveUp(name, pull));
        resolver.find(name)
                .whenComplete((upstream, failure) -> home.peers().execute(() -> {
                    if (failure != null) {
                        fail(name, pull, failure);
                    } else {
                        PipeRequest request = new PipeRequest(upstream.whep(), upstream.http());
                        withSocket((socket, refused) -> {
                            if (socket == null) {
                                fail(name, pull, refused);
                            } else if (pulls.get(name) != pull) {
                                socket.release();
                            } else {
                                connect(name, pull, request, socket);
                            }
                        });
                    }
                }));
    }

    /** Opens a socket for one pipe and goes on with it, or with what was in the way. */
    private void withSocket(BiConsumer<@Nullable SessionSocket, @Nullable Throwable> then) {
        SessionSocket.own(home.peers().loop())
                .whenComplete((socket, failure) -> home.peers().execute(() -> then.accept(socket, failure)));
    }

    private void connect(String name, Pull pull, PipeRequest request, SessionSocket socket) {
        Room room = home.room(name);
        InboundSession session = new InboundSession(room, parts, outgoing(SessionKind.WHEP, request), socket);
        pull.session = session;
        CompletableFuture<CloseReason> unused = session.closed.whenComplete(
                (reason, failure) -> home.peers().execute(() -> ended(name, pull, session, reason)));
        request.open(SessionKind.WHEP, session.offer().write())
                .whenComplete((opened, failure) -> home.peers().execute(() -> {
                    if (failure != null) {
                        session.close(CloseReason.CONNECTION_LOST, room.nowNanos());
                        fail(name, pull, failure);
                    } else {
                        answered(room, session, opened, pull.askedBy);
                    }
                }));
    }

    /** Goes on with what the other server answered; the session there ends with ours. */
    private static void answered(Room room, RoomSession session, ClientSession opened, List<String> askedBy) {
        CompletableFuture<Void> unused =
                session.closed.thenRun(() -> opened.delete().exceptionally(failure -> null));
        if (session.isClosed() || room.hasEnded()) {
            session.close(CloseReason.ROOM_ENDED, room.nowNanos());
            return;
        }
        try {
            SessionDescription answer = SessionDescription.parse(opened.answer());
            if (session instanceof InboundSession inbound) {
                inbound.answered(answer, opened.isDynamic(), askedBy, room.nowNanos());
            } else if (session instanceof OutboundSession outbound) {
                outbound.answered(answer, opened.isDynamic(), room.nowNanos());
            }
            session.enter();
        } catch (RuntimeException e) {
            session.close(CloseReason.FAILED, room.nowNanos());
            throw e;
        }
    }

    private SessionIdentity outgoing(SessionKind kind, PipeRequest request) {
        Grant grant = Grant.ofInstance(request.endpoint().getAuthority(), "", Right.PIPE);
        return new SessionIdentity(kind, Long.toHexString(parts.random().nextLong()), grant, true, true, true);
    }

    /** Tracks came or changed: viewers that waited for them go on, once the whole list of this moment is in. */
    void tracksChanged(Room room) {
        Pull pull = pulls.get(room.name());
        if (pull != null && pull.deadline != null) {
            home.peers().execute(() -> {
                if (isArrived(pull)) {
                    arrived(room, pull);
                    List<Waiting> ready = List.copyOf(pull.waiting);
                    pull.waiting.clear();
                    ready.forEach(waiting -> home.execute(waiting.opened(), waiting.proceed()));
                }
            });
        }
    }

    private void arrived(Room room, Pull pull) {
        if (pull.deadline != null) {
            pull.deadline.cancel();
            pull.deadline = null;
            // Those who wait come in within moments; if none does, the copy is one that nobody watches.
            viewersChanged(room);
        }
    }

    private void giveUp(String name, Pull pull) {
        if (!isArrived(pull)) {
            fail(
                    name,
                    pull,
                    new WhipWhepException(
                            Refusal.UPSTREAM_TIMEOUT, "The server of the stream sends nothing. Try again later", 5));
        }
    }

    private void fail(String name, Pull pull, @Nullable Throwable failure) {
        Throwable told = refusal(failure);
        pull.waiting.forEach(waiting -> waiting.opened().completeExceptionally(told));
        pull.waiting.clear();
        boolean isOurs = pulls.get(name) == pull;
        drop(name, pull, CloseReason.CONNECTION_LOST);
        if (isOurs && isWatched(name)) {
            reopen(name, pull, pull.reopenings + 1);
        }
    }

    private void ended(String name, Pull pull, InboundSession session, @Nullable CloseReason reason) {
        boolean hasArrived = pull.deadline == null;
        boolean isBroken = reason == CloseReason.CONNECTION_LOST || reason == CloseReason.PEER_LEFT;
        if (pull.session == session && pulls.remove(name, pull)) {
            if (isBroken && isWatched(name)) {
                reopen(name, pull, hasArrived ? 0 : pull.reopenings + 1);
            }
            pull.waiting.forEach(waiting -> waiting.opened()
                    .completeExceptionally(new WhipWhepException(
                            Refusal.NO_PUBLISHER, "The stream ended or was lost. Try again in a moment", 2)));
            pull.waiting.clear();
        }
    }

    private boolean isWatched(String name) {
        Room room = home.existing(name);
        return room != null
                && !room.hasEnded()
                && room.members().stream()
                        .anyMatch(member -> member instanceof OutboundSession viewer && !viewer.identity.isOutgoing());
    }

    /** The pull broke under those who watch: they stay, and see the stream again when it is back. */
    private void reopen(String name, Pull broken, int reopenings) {
        Upstream.Resolver resolver = upstreams;
        if (resolver == null || reopenings > REOPENINGS_MAX) {
            return;
        }
        long delay = Math.min(REOPEN_NANOS_MAX, REOPEN_NANOS_MIN << Math.min(reopenings, 8));
        home.peers()
                .loop()
                .schedule(
                        delay,
                        () -> home.peers().execute(() -> {
                            if (!pulls.containsKey(name) && isWatched(name)) {
                                Pull again = new Pull(broken.askedBy, reopenings);
                                pulls.put(name, again);
                                begin(name, again, resolver);
                                await(name, again);
                            }
                        }));
    }

    private static WhipWhepException refusal(@Nullable Throwable failure) {
        @Nullable
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof WhipWhepException refusal) {
            return refusal;
        }
        if (cause instanceof ClientException refused) {
            boolean isQuiet = refused.status() == 404 || refused.status() == 409;
            return new WhipWhepException(
                    isQuiet ? Refusal.NO_PUBLISHER : Refusal.UPSTREAM_FAILED,
                    "The server of the stream refused: " + refused.getMessage(),
                    Math.max(2, refused.retryAfterSeconds()));
        }
        return new WhipWhepException(
                Refusal.UPSTREAM_FAILED, "The server of the stream cannot be reached. Try again later", 5);
    }

    private void drop(String name, Pull pull, CloseReason reason) {
        pulls.remove(name, pull);
        if (pull.deadline != null) {
            pull.deadline.cancel();
        }
        if (pull.idle != null) {
            pull.idle.cancel();
        }
        if (pull.session != null) {
            pull.session.close(reason, home.peers().loop().nowNanos());
        }
        Room room = home.existing(name);
        if (room != null) {
            home.forget(room);
        }
    }

    /** Members came or went: a copy that nobody watches is given up after a while. */
    void viewersChanged(Room room) {
        Pull pull = pulls.get(room.name());
        if (pull == null || pull.session == null) {
            return;
        }
        if (isWatched(room.name())) {
            if (pull.idle != null) {
                pull.idle.cancel();
                pull.idle = null;
            }
        } else if (pull.idle == null) {
            pull.idle = home.peers()
                    .loop()
                    .schedule(
                            IDLE_NANOS, () -> home.peers().execute(() -> drop(room.name(), pull, CloseReason.DELETED)));
        }
    }

    // ---- push ----

    /** Opens a pipe that carries the tracks of one publisher. */
    void push(Room room, String subject, PipeRequest request, CompletableFuture<Void> pushed) {
        withSocket((socket, refused) -> {
            if (socket == null) {
                pushed.completeExceptionally(refusal(refused));
                return;
            }
            push(room, subject, request, socket, pushed);
        });
    }

    private void push(
            Room room, String subject, PipeRequest request, SessionSocket socket, CompletableFuture<Void> pushed) {
        OutboundSession session = new OutboundSession(
                room,
                parts,
                outgoing(SessionKind.WHIP, request),
                socket,
                track -> track.owner().identity.grant().subject().equals(subject));
        if (room.hasEnded() || !session.hasTracks()) {
            session.close(CloseReason.FAILED, room.nowNanos());
            pushed.completeExceptionally(
                    new WhipWhepException(Refusal.NO_PUBLISHER, subject + " publishes nothing in this room"));
            return;
        }
        request.open(SessionKind.WHIP, session.offer().write())
                .whenComplete((opened, failure) -> home.execute(pushed, () -> {
                    if (failure != null) {
                        session.close(CloseReason.CONNECTION_LOST, room.nowNanos());
                        pushed.completeExceptionally(refusal(failure));
                    } else {
                        answered(room, session, opened, List.of());
                        pushed.complete(null);
                    }
                }));
    }
}
