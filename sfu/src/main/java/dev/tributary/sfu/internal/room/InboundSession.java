// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.room;

import dev.tributary.core.rtp.RtcpWriter;
import dev.tributary.sdp.MediaKind;
import dev.tributary.sdp.NegotiatedMedia;
import dev.tributary.sdp.NegotiatedSession;
import dev.tributary.sdp.SdpException;
import dev.tributary.sdp.SessionDescription;
import dev.tributary.sdp.Transceiver;
import dev.tributary.sfu.SessionSnapshot;
import dev.tributary.sfu.internal.forward.InboundMedia;
import dev.tributary.sfu.internal.forward.IncomingStreamStats;
import dev.tributary.sfu.internal.forward.Loop;
import dev.tributary.sfu.internal.forward.TrackSource;
import dev.tributary.whipwhep.ControlRole;
import dev.tributary.whipwhep.DynamicEnd;
import dev.tributary.whipwhep.DynamicEvent;
import dev.tributary.whipwhep.DynamicOptions;
import dev.tributary.whipwhep.DynamicReceiver;
import dev.tributary.whipwhep.ErrorCode;
import dev.tributary.whipwhep.Permission;
import dev.tributary.whipwhep.Purpose;
import dev.tributary.whipwhep.Track;
import dev.tributary.whipwhep.TrackChange;
import dev.tributary.whipwhep.TrackOrigin;
import dev.tributary.whipwhep.spi.CloseReason;
import dev.tributary.whipwhep.spi.Grant;
import dev.tributary.whipwhep.spi.Refusal;
import dev.tributary.whipwhep.spi.Right;
import dev.tributary.whipwhep.spi.WhipWhepException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A session from which media comes: a publisher's WHIP session, or our own WHEP session with another server (a pull pipe).
 * It turns what the other end sends into tracks of the room.
 *
 * <p>A publisher is believed about {@code muted} and labels; the room decides {@code enabled} and {@code purpose}, within
 * the grant. The server that we pull from is the room's authority, so it is believed about everything.
 */
final class InboundSession extends RoomSession {
    /** What publishers are told to send at most: the browsers' own limit is lower, so this only opens the gate. */
    private static final long BITRATE_BPS = 6_000_000;

    private static final long BITRATE_INTERVAL_NANOS = 1_000_000_000L;

    private final InboundMedia media;
    private final Map<String, TrackSource> sourcesByMid = new HashMap<>();
    private final Map<String, RoomTrack> tracks = new HashMap<>();
    private final RtcpWriter writer = new RtcpWriter();
    private final byte[] feedback = new byte[256];
    private final int reportSsrc;
    private final String cname;
    private @Nullable DynamicReceiver receiver;
    private List<String> via = List.of();
    private long bitrateDueNanos = NEVER;

    InboundSession(Room room, Parts parts, SessionIdentity identity, SessionSocket socket) {
        super(room, parts, identity, socket);
        this.reportSsrc = parts.newSsrc();
        this.cname = "c" + Long.toHexString(parts.random().nextLong());
        this.media = new InboundMedia(Loop.of(room.peers().loop()), sink(), reportSsrc, "tributary", attachment::touch);
    }

    /** Takes a publisher's offer. Returns the answer; the tracks come into the room with {@link #publishTracks}. */
    SessionDescription agree(SessionDescription offer, long nowNanos) {
        peer.applyOffer(offer);
        for (Transceiver transceiver : peer.negotiation().transceivers()) {
            transceiver.receive(true);
        }
        SessionDescription answer = peer.answer(nowNanos);
        NegotiatedSession session = agreed();
        if (session.acceptedMedia().stream()
                .noneMatch(section -> section.direction().receives())) {
            throw new WhipWhepException(
                    Refusal.UNACCEPTABLE_OFFER,
                    "The offer sends no audio or video in a codec of this room (Opus, VP8, H264). "
                            + "Send one of them, and mark its m-line sendonly");
        }
        return answer;
    }

    /** Brings what was agreed into the room. */
    void publishTracks(long nowNanos) {
        begin(agreed(), nowNanos);
    }

    /** Writes the offer of a pull pipe: the programme feed and a data channel. */
    SessionDescription offer() {
        for (MediaKind kind : List.of(MediaKind.AUDIO, MediaKind.VIDEO)) {
            Transceiver transceiver = peer.negotiation().add(kind);
            if (transceiver != null) {
                transceiver.receive(true);
            }
        }
        return peer.createOffer();
    }

    /** Takes the answer to {@link #offer}. */
    void answered(SessionDescription answer, boolean isDynamic, List<String> askedBy, long nowNanos) {
        NegotiatedSession session = peer.applyAnswer(answer, nowNanos);
        if (isDynamic && session.dataChannel() != null) {
            follow(DynamicOptions.client(ControlRole.PIPE).withInstance(parts.instance(), askedBy));
        }
        receive(session);
        if (receiver == null) {
            DescribedTracks.of(session, identity, cname, parts.random()).forEach(track -> added(track));
        }
    }

    private void begin(NegotiatedSession session, long nowNanos) {
        // Without a data channel too: the client may open the control channel over HTTP.
        if (identity.dynamicAllowed()) {
            EnumSet<Permission> permissions = EnumSet.of(Permission.PUBLISH);
            if (identity.grant().allows(Right.HOST)) {
                permissions.add(Permission.HOST);
            }
            follow(DynamicOptions.server(identity.id(), ControlRole.PUBLISHER, ControlRole.PIPE)
                    .withPermissions(permissions)
                    .withOwner(tracks::containsKey)
                    .withInstance(parts.instance(), List.of()));
        }
        receive(session);
        List<Track> known = DescribedTracks.of(session, identity, cname, parts.random());
        if (receiver == null) {
            known.forEach(this::added);
        } else {
            receiver.presume(known, nowNanos);
            boolean unused = processControl(nowNanos);
        }
    }

    private void follow(DynamicOptions options) {
        receiver = DynamicReceiver.of(options);
    }

    private NegotiatedSession agreed() {
        NegotiatedSession session = peer.negotiation().session();
        if (session == null) {
            throw new IllegalStateException("Nothing is agreed yet");
        }
        return session;
    }

    // ---- m-lines ----

    private void receive(NegotiatedSession session) {
        Set<String> flowing = new HashSet<>();
        for (NegotiatedMedia section : session.acceptedMedia()) {
            if (section.direction().receives()) {
                flowing.add(section.mid());
                TrackSource source = sourcesByMid.computeIfAbsent(
                        section.mid(), mid -> media.newTrack(section.kind() == MediaKind.VIDEO, cname));
                media.addSection(MediaMapping.inbound(section, source));
            }
        }
        sourcesByMid.keySet().removeIf(mid -> {
            if (flowing.contains(mid)) {
                return false;
            }
            media.removeSection(mid);
            return true;
        });
    }

    // ---- tracks ----

    private void added(Track said) {
        if (tracks.containsKey(said.id())) {
            return;
        }
        Track track = within(said, true);
        RoomTrack mine = new RoomTrack(track, this, said.mid() == null ? null : sourcesByMid.get(said.mid()));
        tracks.put(track.id(), mine);
        if (room.publish(mine)) {
            // Told at once what the room thinks of it: perhaps it is another's guest now, or disabled.
            trackChanged(mine, room.nowNanos());
        } else {
            tracks.remove(track.id());
        }
    }

    private void updated(Track before, Track said) {
        RoomTrack mine = tracks.get(said.id());
        if (mine == null) {
            added(said);
            return;
        }
        TrackSource source = said.mid() == null ? null : sourcesByMid.get(said.mid());
        if (mine.source() != source && (before.mid() == null || said.mid() != null)) {
            // Another m-line carries it now: to those who watch it is the same track with another source.
            removed(said);
            added(said);
            return;
        }
        Track track = within(said, false);
        if (!isAuthority()) {
            Track known = mine.info();
            track = track.withEnabled(known.enabled())
                    .withPurpose(known.purpose())
                    .withActive(known.active());
            track = known.codec() == null ? track : track.withFormat(known.codec(), known.width(), known.height());
        }
        room.update(mine, track);
    }

    private void removed(Track said) {
        RoomTrack mine = tracks.remove(said.id());
        if (mine != null) {
            room.unpublish(mine);
        }
    }

    /** What the other end says, within what it may say. */
    private Track within(Track said, boolean isNew) {
        if (isAuthority()) {
            return said;
        }
        Track track = said;
        boolean mayBeMain = identity.grant().allows(Right.PUBLISH_MAIN) && !room.hasMainOfAnother(this);
        if (track.purpose() == Purpose.MAIN && !mayBeMain) {
            track = track.withPurpose(Purpose.GUEST);
        }
        if (track.label().isEmpty()) {
            track = track.withLabel(identity.grant().label());
        }
        boolean believesOrigin = identity.isPipe() && track.origin() != null;
        track = believesOrigin ? track : track.withOrigin(ownOrigin());
        return isNew ? track.withEnabled(room.allows(track)) : track;
    }

    private TrackOrigin ownOrigin() {
        Grant grant = identity.grant();
        return new TrackOrigin(
                grant.subject().isEmpty() ? null : grant.subject(),
                grant.instance() == null ? parts.instance() : grant.instance());
    }

    /** Whether the other end decides for the room: the server that the room is pulled from. */
    private boolean isAuthority() {
        return identity.isOutgoing();
    }

    boolean hasTracks() {
        return !tracks.isEmpty();
    }

    boolean publishesMain() {
        return tracks.values().stream().anyMatch(track -> track.info().purpose() == Purpose.MAIN);
    }

    // ---- control ----

    @Override
    @Nullable
    DynamicEnd control() {
        return receiver;
    }

    @Override
    boolean processControl(long nowNanos) {
        DynamicReceiver machine = receiver;
        if (machine == null) {
            return false;
        }
        boolean any = false;
        for (DynamicEvent event; !isClosed() && (event = machine.pollEvent()) != null; any = true) {
            handle(machine, event, nowNanos);
        }
        return any;
    }

    /** The instances that this stream passed before it came here, the nearest last; as the other end says. */
    List<String> via() {
        return via;
    }

    private void handle(DynamicReceiver machine, DynamicEvent event, long nowNanos) {
        if (event instanceof DynamicEvent.Up up) {
            via = up.via();
        } else if (event instanceof DynamicEvent.TrackAdded added) {
            added(added.track());
        } else if (event instanceof DynamicEvent.TrackUpdated updated) {
            updated(updated.before(), updated.after());
        } else if (event instanceof DynamicEvent.TrackRemoved removed) {
            removed(removed.track());
        } else if (event instanceof DynamicEvent.OfferReceived offer) {
            answer(machine, offer, nowNanos);
        } else if (event instanceof DynamicEvent.OfferCancelled || event instanceof DynamicEvent.AnswerRefused) {
            peer.negotiation().rollback();
        } else if (event instanceof DynamicEvent.SetReceived set) {
            RoomTrack track = room.track(set.track());
            if (track == null) {
                machine.refuse(set.id(), ErrorCode.UNKNOWN_TRACK, "No such track in this room");
            } else {
                room.decide(track, set.change());
                machine.accept(set.id());
            }
        } else if (event instanceof DynamicEvent.ByeReceived bye) {
            boolean isEnd = isAuthority() && bye.code().equals("ended");
            if (isEnd) {
                room.end();
            }
        } else if (event instanceof DynamicEvent.CloseChannel ending) {
            channelOver(ending, nowNanos);
        }
    }

    private void answer(DynamicReceiver machine, DynamicEvent.OfferReceived offer, long nowNanos) {
        try {
            peer.applyOffer(SessionDescription.parse(offer.sdp()));
            SessionDescription answer = peer.answer(nowNanos);
            receive(agreed());
            if (machine.answer(offer.seq(), answer.write(), nowNanos)) {
                for (Track track : machine.tracks()) {
                    updated(track, track);
                }
            }
        } catch (SdpException e) {
            peer.negotiation().rollback();
            boolean unused =
                    machine.reject(offer.seq(), ErrorCode.INVALID_SDP, String.valueOf(e.getMessage()), nowNanos);
        }
    }

    // ---- the room ----

    @Override
    public void trackAdded(RoomTrack track, long nowNanos) {}

    @Override
    public void trackChanged(RoomTrack track, long nowNanos) {
        DynamicReceiver machine = receiver;
        if (track.owner() != this || machine == null || isAuthority()) {
            return;
        }
        // The publisher hears what the room decided about its track.
        Track said = machine.track(track.id());
        if (said == null) {
            return;
        }
        boolean isEnabledNews = said.enabled() != track.info().enabled();
        boolean isPurposeNews = said.purpose() != track.info().purpose();
        if (isEnabledNews || isPurposeNews) {
            long unused = machine.set(
                    track.id(),
                    new TrackChange(
                            null,
                            isEnabledNews ? track.info().enabled() : null,
                            null,
                            isPurposeNews ? track.info().purpose() : null));
            attachment.touch();
        }
    }

    @Override
    public void trackRemoved(RoomTrack track, long nowNanos) {}

    // ---- media ----

    @Override
    void receivedRtp(byte[] bytes, int offset, int length, long nowNanos) {
        media.handleRtp(bytes, offset, length, nowNanos);
    }

    @Override
    void batchEnded(long nowNanos) {
        media.batchEnded(nowNanos);
    }

    @Override
    void receivedRtcp(byte[] bytes, int offset, int length, long nowNanos) {
        media.handleRtcp(bytes, offset, length, nowNanos);
    }

    @Override
    void connected(long nowNanos) {
        bitrateDueNanos = nowNanos;
    }

    @Override
    long ownTimeoutNanos() {
        return Math.min(media.nextTimeoutNanos(), bitrateDueNanos);
    }

    @Override
    void ownTimeout(long nowNanos) {
        if (media.nextTimeoutNanos() <= nowNanos) {
            media.handleTimeout(nowNanos);
        }
        if (bitrateDueNanos <= nowNanos) {
            bitrateDueNanos = nowNanos + BITRATE_INTERVAL_NANOS;
            tellWhatArrives(nowNanos);
            writer.wrap(feedback, 0, feedback.length - 64);
            // With transport-wide feedback the publisher finds its rate itself.
            if (!media.reportsArrivals()
                    && writer.receiverReport(reportSsrc)
                    && writer.receiverEstimatedMaximumBitrate(reportSsrc, anySsrc(), BITRATE_BPS)) {
                boolean unused = peer.sendRtcp(feedback, 0, writer.length());
            }
        }
    }

    /** What packets show of the tracks goes into the room's list: whether any come, in which codec and size. */
    private void tellWhatArrives(long nowNanos) {
        for (RoomTrack track : List.copyOf(tracks.values())) {
            TrackSource source = track.source();
            if (source != null && source.hasReceived() && !isAuthority()) {
                Track before = track.info();
                Track after = before.withActive(source.isActive(nowNanos));
                String codec = source.codecName();
                boolean isKnown = codec != null && (source.width() > 0 || before.width() == 0);
                room.update(track, isKnown ? after.withFormat(codec, source.width(), source.height()) : after);
            }
        }
    }

    private int anySsrc() {
        for (TrackSource source : sourcesByMid.values()) {
            for (IncomingStreamStats stats : source.stats()) {
                return stats.ssrc();
            }
        }
        return 0;
    }

    @Override
    void release(CloseReason reason, long nowNanos) {
        boolean isBroken = identity.isPipe() && reason == CloseReason.CONNECTION_LOST && !room.hasEnded();
        for (RoomTrack track : List.copyOf(tracks.values())) {
            if (isBroken) {
                room.update(track, track.info().withActive(false));
                room.unpublishLater(track);
            } else {
                room.unpublish(track);
            }
        }
        tracks.clear();
        sourcesByMid.clear();
        media.close();
    }

    @Override
    public SessionSnapshot snapshot(long nowNanos) {
        long packets = 0;
        long bytes = 0;
        long lost = 0;
        for (TrackSource source : sourcesByMid.values()) {
            for (IncomingStreamStats stats : source.stats()) {
                packets += stats.packetsReceived();
                bytes += stats.bytesReceived();
                lost += Math.max(0, stats.packetsLost());
            }
        }
        return new SessionSnapshot(
                identity.id(),
                kind(),
                role(ControlRole.PUBLISHER),
                identity.isOutgoing(),
                identity.grant().subject(),
                identity.grant().label(),
                isConnected(),
                receiver != null && receiver.isUp(),
                packets,
                bytes,
                peer.packetsSent(),
                peer.bytesSent(),
                lost,
                -1);
    }
}
