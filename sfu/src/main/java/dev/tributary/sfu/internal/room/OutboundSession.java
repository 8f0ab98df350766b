// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.room;

import dev.tributary.sdp.NegotiatedDataChannel;
import dev.tributary.sdp.NegotiatedSession;
import dev.tributary.sdp.SdpException;
import dev.tributary.sdp.SessionDescription;
import dev.tributary.sdp.Transceiver;
import dev.tributary.sfu.SessionSnapshot;
import dev.tributary.sfu.internal.forward.LayerLimit;
import dev.tributary.sfu.internal.forward.Loop;
import dev.tributary.sfu.internal.forward.OutboundMedia;
import dev.tributary.sfu.internal.forward.Subscription;
import dev.tributary.sfu.internal.forward.SubscriptionStats;
import dev.tributary.whipwhep.ControlRole;
import dev.tributary.whipwhep.DynamicEnd;
import dev.tributary.whipwhep.DynamicEvent;
import dev.tributary.whipwhep.DynamicLimits;
import dev.tributary.whipwhep.DynamicOptions;
import dev.tributary.whipwhep.DynamicSender;
import dev.tributary.whipwhep.ErrorCode;
import dev.tributary.whipwhep.Permission;
import dev.tributary.whipwhep.Track;
import dev.tributary.whipwhep.TrackKind;
import dev.tributary.whipwhep.TrackRequest;
import dev.tributary.whipwhep.spi.CloseReason;
import dev.tributary.whipwhep.spi.Refusal;
import dev.tributary.whipwhep.spi.Right;
import dev.tributary.whipwhep.spi.WhipWhepException;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A session to which media goes: a viewer's WHEP session, or our own WHIP session with another server (a push pipe).
 *
 * <p>The m-lines of the first exchange carry the programme feed. A plain player never gets more: when the main source
 * changes, the source behind those m-lines changes. A dynamic player gets an m-line for each track, and from its greeting
 * on the first m-lines stay with the tracks that they carry.
 */
final class OutboundSession extends RoomSession {
    /** How long a push pipe outlives its last track: a publisher may name its tracks anew, or reload its page. */
    private static final long EMPTY_NANOS = 3_000_000_000L;

    /** The largest message that we make, whatever the other end takes. */
    private static final int MESSAGE_BYTES_MAX = 1 << 20;

    private final OutboundMedia media;
    private final Predicate<RoomTrack> wanted;
    private final Carriers carriers;
    private final Lanes lanes;
    private @Nullable DynamicSender sender;
    private boolean isFeedFrozen;

    /**
     * A session.
     *
     * @param wanted which tracks of the room it may carry at all
     */
    OutboundSession(
            Room room, Parts parts, SessionIdentity identity, SessionSocket socket, Predicate<RoomTrack> wanted) {
        super(room, parts, identity, socket);
        this.wanted = wanted;
        this.media = new OutboundMedia(
                Loop.of(room.peers().loop()), sink(), parts.ntpAtZero(), parts.random(), attachment::touch);
        this.carriers = new Carriers(peer, media);
        // What is sent before the keys are there is lost, and with it the key frame that the ring still has.
        this.lanes = new Lanes(
                peer, media, room, track -> isConnected() && track.info().enabled(), this::isPausedThere);
    }

    private boolean isPausedThere(RoomTrack track) {
        Track seen = sender == null ? null : sender.track(track.id());
        return seen != null && seen.paused();
    }

    // ---- the first exchange ----

    /**
     * Takes a viewer's offer.
     *
     * @param mayWait whether an m-line is agreed for what nobody publishes yet
     * @return the answer
     */
    SessionDescription accept(SessionDescription offer, boolean mayWait, long nowNanos) {
        peer.applyOffer(offer);
        Set<TrackKind> served = new HashSet<>();
        for (Transceiver transceiver : peer.negotiation().transceivers()) {
            transceiver.receive(false);
            TrackKind kind = MediaMapping.kindOf(transceiver.kind());
            RoomTrack feed = feed(kind);
            if ((feed != null || mayWait) && served.add(kind)) {
                carriers.carry(transceiver, feed);
            }
        }
        SessionDescription answer = peer.answer(nowNanos);
        NegotiatedSession session = agreed();
        if (session.acceptedMedia().isEmpty()) {
            throw new WhipWhepException(
                    Refusal.UNACCEPTABLE_OFFER,
                    "The offer asks for no audio or video in a codec of this room (Opus, VP8, H264)");
        }
        begin(session, nowNanos);
        return answer;
    }

    private void begin(NegotiatedSession session, long nowNanos) {
        // Without a data channel too: the client may open the control channel over HTTP.
        if (identity.dynamicAllowed()) {
            EnumSet<Permission> permissions = EnumSet.of(Permission.PLAY);
            if (identity.grant().allows(Right.HOST)) {
                permissions.add(Permission.HOST);
            }
            lead(
                    DynamicOptions.server(identity.id(), ControlRole.VIEWER, ControlRole.PIPE)
                            .withPermissions(permissions)
                            .withLimits(limits(session))
                            .withOwner(this::owns)
                            .withInstance(parts.instance(), room.passed(wanted)),
                    nowNanos);
        }
        lanes.follow(session, carriers, nowNanos);
    }

    /** Writes our offer to a viewer: the programme feed, or places for it. */
    SessionDescription offerProgramme() {
        for (TrackKind kind : List.of(TrackKind.AUDIO, TrackKind.VIDEO)) {
            RoomTrack feed = feed(kind);
            // A room without anything is one that waits: its viewers get a place for both.
            if (feed != null || !room.isLive()) {
                carriers.add(kind, feed);
            }
        }
        return peer.createOffer();
    }

    /** Takes the answer to {@link #offerProgramme}. */
    void answeredProgramme(SessionDescription answer, long nowNanos) {
        begin(peer.applyAnswer(answer, nowNanos), nowNanos);
    }

    /** Writes the offer of a push pipe: the first track of each kind, and a data channel. */
    SessionDescription offer() {
        Set<TrackKind> offered = new HashSet<>();
        for (RoomTrack track : room.tracks()) {
            if (wanted.test(track) && offered.add(track.info().kind())) {
                carriers.add(track.info().kind(), track);
            }
        }
        return peer.createOffer();
    }

    /** Takes the answer to {@link #offer}. */
    void answered(SessionDescription answer, boolean isDynamic, long nowNanos) {
        NegotiatedSession session = peer.applyAnswer(answer, nowNanos);
        isFeedFrozen = true;
        if (isDynamic && session.dataChannel() != null) {
            lead(
                    DynamicOptions.client(ControlRole.PIPE)
                            .withLimits(limits(session))
                            .withInstance(parts.instance(), room.passed(wanted)),
                    nowNanos);
        }
        lanes.follow(session, carriers, nowNanos);
    }

    /** A full stage makes large offers: what the other end takes is what it says, not the least that it must take. */
    private static DynamicLimits limits(NegotiatedSession session) {
        NegotiatedDataChannel channel = session.dataChannel();
        return channel == null
                ? DynamicLimits.DEFAULT
                : DynamicLimits.DEFAULT.withSentBytes(
                        (int) Math.min(channel.remoteMaxMessageSizeBytes(), MESSAGE_BYTES_MAX));
    }

    private void lead(DynamicOptions options, long nowNanos) {
        DynamicSender machine = DynamicSender.of(options);
        sender = machine;
        for (RoomTrack track : room.tracks()) {
            if (wanted.test(track)) {
                list(machine, track, nowNanos);
            }
        }
    }

    private void list(DynamicSender machine, RoomTrack track, long nowNanos) {
        boolean unused = machine.put(track.info().withMid(carriers.midOf(track.id())), nowNanos);
    }

    private boolean owns(String trackId) {
        RoomTrack track = room.track(trackId);
        return track != null && identity.isSameSubjectAs(track.owner().identity);
    }

    private NegotiatedSession agreed() {
        NegotiatedSession session = peer.negotiation().session();
        if (session == null) {
            throw new IllegalStateException("Nothing is agreed yet");
        }
        return session;
    }

    private @Nullable RoomTrack feed(TrackKind kind) {
        RoomTrack feed = room.feed(kind);
        return feed != null && wanted.test(feed) ? feed : null;
    }

    /** Whether there is anything in the room that this session may carry. */
    boolean hasTracks() {
        return room.tracks().stream().anyMatch(wanted);
    }

    // ---- the room ----

    @Override
    public void trackAdded(RoomTrack track, long nowNanos) {
        if (!wanted.test(track)) {
            return;
        }
        if (sender != null) {
            list(sender, track, nowNanos);
        }
        refreshFeed(nowNanos);
        attachment.touch();
    }

    @Override
    public void trackChanged(RoomTrack track, long nowNanos) {
        if (!wanted.test(track)) {
            return;
        }
        if (sender != null) {
            list(sender, track, nowNanos);
        }
        Lanes.Lane lane = lanes.of(track);
        if (lane != null) {
            lanes.openGates(lane, nowNanos);
        }
        refreshFeed(nowNanos);
        attachment.touch();
    }

    @Override
    public void trackRemoved(RoomTrack track, long nowNanos) {
        if (!wanted.test(track)) {
            return;
        }
        Lanes.Lane lane = lanes.of(track);
        if (lane != null) {
            lanes.send(lane, null, nowNanos);
        }
        if (sender != null) {
            sender.remove(track.id(), nowNanos);
        }
        refreshFeed(nowNanos);
        attachment.touch();
        if (identity.isOutgoing() && !hasTracks()) {
            room.peers().loop().schedule(EMPTY_NANOS, () -> room.peers().execute(this::closeIfEmpty));
        }
    }

    /** The publisher whose tracks this pipe carries has left for good. */
    private void closeIfEmpty() {
        if (!hasTracks()) {
            close(CloseReason.DELETED, room.nowNanos());
        }
    }

    /** Puts the programme behind the first m-lines, as long as nobody counts on what they carry. */
    private void refreshFeed(long nowNanos) {
        if (isFeedFrozen || identity.isOutgoing()) {
            return;
        }
        for (Lanes.Lane lane : lanes.all()) {
            RoomTrack feed = feed(lane.isVideo() ? TrackKind.VIDEO : TrackKind.AUDIO);
            if (feed != lane.track) {
                carriers.move(lane.mid, lane.sources, lane.isVideo(), feed);
                lanes.send(lane, feed, nowNanos);
                if (sender != null) {
                    sender.assign(lane.mid, feed == null ? null : feed.id(), nowNanos);
                }
            }
        }
    }

    @Override
    void restarting(boolean isRunning, long nowNanos) {
        if (sender != null && isRunning) {
            sender.iceRestartStarted(nowNanos);
        } else if (sender != null) {
            sender.iceRestartFinished(nowNanos);
        }
    }

    // ---- control ----

    @Override
    @Nullable
    DynamicEnd control() {
        return sender;
    }

    @Override
    boolean processControl(long nowNanos) {
        DynamicSender machine = sender;
        if (machine == null) {
            return false;
        }
        boolean any = false;
        for (DynamicEvent event; !isClosed() && (event = machine.pollEvent()) != null; any = true) {
            handle(machine, event, nowNanos);
        }
        return any;
    }

    private void handle(DynamicSender machine, DynamicEvent event, long nowNanos) {
        if (event instanceof DynamicEvent.Up) {
            isFeedFrozen = true;
        } else if (event instanceof DynamicEvent.OfferNeeded needed) {
            reoffer(machine, needed.wanted(), nowNanos);
        } else if (event instanceof DynamicEvent.AnswerReceived answer) {
            applyAnswer(machine, answer, nowNanos);
        } else if (event instanceof DynamicEvent.OfferRolledBack) {
            // Not when negotiation failed: the offer that nobody answered is still out, and a late answer to it counts.
            peer.negotiation().rollback();
        } else if (event instanceof DynamicEvent.RequestReceived request) {
            serve(machine, request, nowNanos);
        } else if (event instanceof DynamicEvent.SetReceived set) {
            RoomTrack track = room.track(set.track());
            if (track == null) {
                machine.refuse(set.id(), ErrorCode.UNKNOWN_TRACK, "No such track in this room");
            } else {
                room.decide(track, set.change());
                machine.accept(set.id());
            }
        } else if (event instanceof DynamicEvent.PolicyReceived policy) {
            RoomTrack track = room.track(policy.track());
            if (track != null && wanted.test(track)) {
                room.update(track, policy.change().applyTo(track.info()));
            }
        } else if (event instanceof DynamicEvent.ByeReceived bye) {
            // The server that we push to is the authority of a room that is its own, and of no other.
            if (identity.isOutgoing() && bye.code().equals("ended") && room.isRemote()) {
                room.end();
            }
        } else if (event instanceof DynamicEvent.CloseChannel ending) {
            channelOver(ending, nowNanos);
        }
    }

    private void reoffer(DynamicSender machine, List<String> ids, long nowNanos) {
        carriers.want(ids, room);
        if (!peer.negotiation().needsOffer()) {
            machine.offerNotNeeded(nowNanos);
            return;
        }
        String sdp = peer.createOffer().write();
        if (machine.offer(sdp, carriers.tracksByMid(), nowNanos) == 0) {
            peer.negotiation().rollback();
        }
    }

    private void applyAnswer(DynamicSender machine, DynamicEvent.AnswerReceived answer, long nowNanos) {
        NegotiatedSession session;
        try {
            session = peer.applyAnswer(SessionDescription.parse(answer.sdp()), nowNanos);
        } catch (SdpException | IllegalArgumentException | IllegalStateException e) {
            peer.negotiation().rollback();
            machine.answerRefused(answer.seq(), String.valueOf(e.getMessage()), nowNanos);
            return;
        }
        machine.committed(answer.seq(), carriers.giveUpDeclined(session), nowNanos);
        lanes.follow(session, carriers, nowNanos);
    }

    private void serve(DynamicSender machine, DynamicEvent.RequestReceived received, long nowNanos) {
        TrackRequest request = received.request();
        RoomTrack track = request.track() == null ? null : room.track(request.track());
        Lanes.Lane lane = track == null ? null : lanes.of(track);
        boolean isDone = lane != null;
        if (lane != null) {
            switch (request.op()) {
                case PAUSE, RESUME -> lanes.openGates(lane, nowNanos);
                case KEYFRAME -> lane.subscription.requestKeyFrame(nowNanos);
                case LAYER -> lane.subscription.setLayerLimit(limitOf(request), nowNanos);
                default -> isDone = false;
            }
        }
        if (received.id() == 0) {
            return;
        }
        if (isDone) {
            machine.accept(received.id());
        } else {
            machine.refuse(
                    received.id(),
                    track == null ? ErrorCode.UNKNOWN_TRACK : ErrorCode.FORBIDDEN,
                    "The track is not sent in this session");
        }
    }

    private static LayerLimit limitOf(TrackRequest request) {
        boolean isBounded = request.maxWidth() > 0 && request.maxHeight() > 0;
        long pixels = isBounded ? (long) request.maxWidth() * request.maxHeight() : Integer.MAX_VALUE;
        return new LayerLimit(request.rid(), (int) Math.min(pixels, Integer.MAX_VALUE), Long.MAX_VALUE);
    }

    // ---- media ----

    @Override
    void receivedRtp(byte[] bytes, int offset, int length, long nowNanos) {
        // A receiver that sends media was not asked to.
    }

    @Override
    void receivedRtcp(byte[] bytes, int offset, int length, long nowNanos) {
        media.handleRtcp(bytes, offset, length, nowNanos);
    }

    @Override
    void connected(long nowNanos) {
        lanes.all().forEach(lane -> lanes.openGates(lane, nowNanos));
        media.connected(nowNanos);
    }

    @Override
    long ownTimeoutNanos() {
        return media.nextTimeoutNanos();
    }

    @Override
    void ownTimeout(long nowNanos) {
        if (media.nextTimeoutNanos() <= nowNanos) {
            media.handleTimeout(nowNanos);
        }
    }

    @Override
    void release(CloseReason reason, long nowNanos) {
        lanes.stopAll();
        media.close();
    }

    @Override
    public SessionSnapshot snapshot(long nowNanos) {
        double rttMillis = -1;
        double lost = 0;
        for (Subscription subscription : media.subscriptions()) {
            SubscriptionStats stats = subscription.stats();
            lost += stats.fractionLost() * stats.packetsSent();
            rttMillis = stats.roundTripNanos() < 0 ? rttMillis : stats.roundTripNanos() / 1e6;
        }
        return new SessionSnapshot(
                identity.id(),
                kind(),
                role(ControlRole.VIEWER),
                identity.isOutgoing(),
                identity.grant().subject(),
                identity.grant().label(),
                isConnected(),
                sender != null && sender.isUp(),
                0,
                0,
                peer.packetsSent(),
                peer.bytesSent(),
                Math.round(lost),
                rttMillis);
    }
}
