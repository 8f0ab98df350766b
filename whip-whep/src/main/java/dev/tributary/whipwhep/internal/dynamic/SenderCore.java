// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.dynamic;

import dev.tributary.whipwhep.DynamicEvent;
import dev.tributary.whipwhep.DynamicOptions;
import dev.tributary.whipwhep.ErrorCode;
import dev.tributary.whipwhep.Permission;
import dev.tributary.whipwhep.Track;
import dev.tributary.whipwhep.TrackChange;
import dev.tributary.whipwhep.TrackRequest;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The state machine behind {@link dev.tributary.whipwhep.DynamicSender}, where its diagram stands: the list in
 * {@link ToldTracks}, the offers in {@link OfferExchange}, and what the receiver wants in {@link Wishes}.
 *
 * <p>Why both ends converge: the list of the receiver is made from the revisions alone, which come in order. An answer that
 * is committed is itself a change of the list (the mids), so whatever the receiver assumed while an offer was in flight is
 * confirmed or corrected by a later revision.
 */
public final class SenderCore implements Endpoint {
    /** An offer without an answer is sent again after this long, byte for byte. */
    public static final long RESEND_NANOS = 5_000_000_000L;

    /** An offer without an answer is taken back after this long. */
    public static final long CANCEL_NANOS = 15_000_000_000L;

    /** A cancel without a reply ends all offering after this long. */
    public static final long GIVE_UP_NANOS = 5_000_000_000L;

    /** So many offers in a row that were taken back unanswered, or answered unusably, end all offering. */
    public static final int FAILURES_MAX = 3;

    /** Changes beyond the budget are told together, this much later. */
    public static final long SNAPSHOT_DELAY_NANOS = 250_000_000L;

    private static final int EVENT_NAME_LENGTH_MAX = 128;

    private final ControlChannel channel;
    private final ToldTracks tracks;
    private final Wishes wishes = new Wishes();
    private final OfferExchange offers;
    private boolean needsSnapshot;

    /** A sender without tracks. */
    public SenderCore(DynamicOptions options) {
        this.channel = new ControlChannel(options, this);
        this.tracks = new ToldTracks(channel);
        this.offers = new OfferExchange(channel, tracks, wishes);
    }

    /** The other half. */
    public ControlChannel channel() {
        return channel;
    }

    // ---- the track list ----

    /** Adds or changes a track. */
    public boolean put(Track track) {
        Track before = tracks.get(track.id());
        if (before != null) {
            tracks.change(before, track.withMid(before.mid()).withPaused(before.paused()));
            return true;
        }
        if (tracks.isFull()) {
            return false;
        }
        tracks.add(track);
        if (track.mid() == null) {
            offers.markDirty();
        }
        return true;
    }

    /** Removes a track. */
    public void remove(String id) {
        Track removed = tracks.remove(id);
        if (removed == null) {
            return;
        }
        wishes.forget(id);
        if (removed.mid() != null || offers.mayCarry(id)) {
            offers.markDirty();
        }
    }

    /** Makes the list equal to the given one. */
    public void setTracks(Collection<Track> wanted) {
        Set<String> ids = new HashSet<>();
        wanted.forEach(track -> ids.add(track.id()));
        for (Track track : tracks.copy()) {
            if (!ids.contains(track.id())) {
                remove(track.id());
            }
        }
        wanted.forEach(this::put);
    }

    /** Has an m-line carry another track without an offer. */
    public void assign(String mid, @Nullable String trackId) {
        for (Track track : tracks.copy()) {
            if (mid.equals(track.mid()) && !track.id().equals(trackId)) {
                tracks.change(track, track.withMid(null));
            }
        }
        Track chosen = trackId == null ? null : tracks.get(trackId);
        if (chosen != null) {
            tracks.change(chosen, chosen.withMid(mid));
        }
        offers.reassigned(mid, trackId);
    }

    /** One track. */
    public @Nullable Track track(String id) {
        return tracks.get(id);
    }

    @Override
    public Collection<Track> trackList() {
        return tracks.all();
    }

    @Override
    public long revision() {
        return tracks.revision();
    }

    @Override
    public boolean isSender() {
        return true;
    }

    @Override
    public long answeredSeq() {
        return 0;
    }

    // ---- offers ----

    /** A change needs an offer. */
    public void markDirty() {
        offers.markDirty();
    }

    /** Fires what is due. */
    public void handleTimeout() {
        offers.handleTimeout();
    }

    /** The next deadline, or never. */
    public long nextTimeoutNanos() {
        return offers.nextTimeoutNanos();
    }

    /** The owner made an offer. */
    public long offer(String sdp, Map<String, @Nullable String> mids) {
        return offers.offer(sdp, mids);
    }

    /** The owner found that nothing needs to be offered. */
    public void offerNotNeeded() {
        offers.offerNotNeeded();
    }

    /** The owner applied the answer. */
    public void committed(long seq, Set<String> refused) {
        offers.committed(seq, refused);
    }

    /** The owner could not apply the answer. */
    public void answerRefused(long seq, String detail) {
        offers.answerRefused(seq, detail);
    }

    /** An ICE restart began. */
    public void iceRestartStarted() {
        offers.iceRestartStarted();
    }

    /** The ICE restart is over. */
    public void iceRestartFinished() {
        offers.iceRestartFinished();
    }

    // ---- the channel ----

    @Override
    public void welcomed(ObjectNode welcome, boolean isResumed) {
        long known = Json.integer(welcome, "revision", 0);
        offers.goOnAfter(Json.integer(welcome, "seq", 0));
        if (!isResumed || known != tracks.revision()) {
            tracks.raiseRevision(known);
            needsSnapshot = true;
        }
    }

    @Override
    public void up(boolean isResumed) {
        if (needsSnapshot) {
            needsSnapshot = false;
            channel.requestSnapshot(channel.now());
            channel.flushSnapshot();
        }
        offers.up();
    }

    @Override
    public void down() {
        offers.down();
    }

    @Override
    public void errorAbout(long seq, ErrorCode code, String detail) {
        channel.emit(new DynamicEvent.ErrorReceived(code, detail, false));
    }

    // ---- in ----

    @Override
    public void receive(String type, ObjectNode message) {
        switch (type) {
            case "answer" ->
                offers.receiveAnswer(Json.requiredInteger(message, "seq"), Json.requiredText(message, "sdp"));
            case "reject" -> offers.receiveReject(message);
            case "cancelled" -> offers.receiveCancelled(Json.requiredInteger(message, "seq"));
            case "request" -> receiveRequest(message);
            default -> throw new BadMessage(ErrorCode.UNKNOWN_TYPE, "not for a sender");
        }
    }

    private void receiveRequest(ObjectNode message) {
        long id = Json.requiredInteger(message, "id");
        TrackRequest request = RequestCodec.read(message);
        if (request.op() == TrackRequest.Op.RESYNC) {
            channel.accept(id);
            channel.requestSnapshot(channel.now());
            return;
        }
        Track track = tracks.get(request.track());
        if (track == null) {
            throw new BadMessage(ErrorCode.UNKNOWN_TRACK, "no track of that id is listed");
        }
        switch (request.op()) {
            case SUBSCRIBE -> subscribe(id, track);
            case UNSUBSCRIBE -> unsubscribe(id, track);
            case PAUSE, RESUME -> {
                tracks.change(track, track.withPaused(request.op() == TrackRequest.Op.PAUSE));
                channel.accept(id);
                channel.emit(new DynamicEvent.RequestReceived(0, request));
            }
            case MUTE, STOP, BITRATE -> {
                // A viewer of a room asks through us; the publisher asks nobody.
                if (channel.options().isServer()
                        && !channel.options().permissions().contains(Permission.HOST)) {
                    throw new BadMessage(ErrorCode.FORBIDDEN, "only a host asks publishers");
                }
                channel.emit(new DynamicEvent.RequestReceived(id, request));
            }
            default -> channel.emit(new DynamicEvent.RequestReceived(id, request));
        }
    }

    private void subscribe(long id, Track track) {
        boolean wasUnwanted = wishes.subscribed(track.id());
        channel.accept(id);
        if (wasUnwanted || track.mid() == null) {
            offers.markDirty();
        }
    }

    private void unsubscribe(long id, Track track) {
        boolean isNew = wishes.unsubscribed(track.id());
        channel.accept(id);
        if (isNew) {
            offers.markDirty();
        }
    }

    @Override
    public void receivePolicy(long id, String trackId, TrackChange change) {
        if (change.touchesSource()) {
            throw new BadMessage(ErrorCode.FORBIDDEN, "muted and label belong to the source of the track");
        }
        Track track = tracks.get(trackId);
        if (track == null) {
            throw new BadMessage(ErrorCode.UNKNOWN_TRACK, "no track of that id is listed");
        }
        tracks.change(track, change.applyTo(track));
        channel.accept(id);
        channel.emit(new DynamicEvent.PolicyReceived(trackId, change));
    }

    /** Tells an event. */
    public void event(String name, String data) {
        if (name.isEmpty() || name.length() > EVENT_NAME_LENGTH_MAX) {
            throw new IllegalArgumentException("The name of an event has 1 to 128 characters, got " + name.length());
        }
        ObjectNode message = Json.message("event").put("name", name);
        try {
            message.set("data", Json.readValue(data));
        } catch (BadMessage e) {
            throw new IllegalArgumentException("The data of event " + name + " is not JSON");
        }
        channel.sendEvent(message);
    }
}
