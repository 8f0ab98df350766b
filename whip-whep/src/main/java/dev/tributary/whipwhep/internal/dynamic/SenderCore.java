// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.dynamic;

import static dev.tributary.core.DatagramProtocol.NEVER;

import dev.tributary.whipwhep.DynamicEvent;
import dev.tributary.whipwhep.DynamicOptions;
import dev.tributary.whipwhep.ErrorCode;
import dev.tributary.whipwhep.Permission;
import dev.tributary.whipwhep.Track;
import dev.tributary.whipwhep.TrackChange;
import dev.tributary.whipwhep.TrackRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The state machine behind {@link dev.tributary.whipwhep.DynamicSender}, where its diagram stands.
 *
 * <p>Why both ends converge: the list of the receiver is made from the revisions alone, which come in order. An answer that
 * is committed is itself a change of the list (the mids), so whatever the receiver assumed while an offer was in flight is
 * confirmed or corrected by a later revision.
 */
public final class SenderCore implements ControlChannel.Endpoint {
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

    private static final int CHANGES_PER_SECOND = 10;
    private static final int CHANGES_BURST = 30;
    private static final int COMMITTED_CHANGES_MAX = 8;
    private static final int EVENT_NAME_LENGTH_MAX = 128;

    private enum State {
        STABLE,
        ASKED,
        OFFERED,
        ANSWERED,
        CANCELLING,
        FAILED
    }

    private record Offer(long seq, ObjectNode message, Map<String, @Nullable String> mids) {
        @Nullable
        String midOf(String track) {
            for (Map.Entry<String, @Nullable String> entry : mids.entrySet()) {
                if (track.equals(entry.getValue())) {
                    return entry.getKey();
                }
            }
            return null;
        }
    }

    private final ControlChannel channel;
    private final LinkedHashMap<String, Track> tracks = new LinkedHashMap<>();
    private final Set<String> declined = new HashSet<>();
    private final Set<String> unsubscribed = new HashSet<>();
    private final Map<String, @Nullable String> reassigned = new HashMap<>();
    private final TokenBucket changes = new TokenBucket(CHANGES_PER_SECOND, CHANGES_BURST);
    private final OfferTimer timer = new OfferTimer();

    private State state = State.STABLE;
    private @Nullable Offer outstanding;
    private long revision;
    private long lastSeq;
    private long committedSeq;
    private boolean isDirty;
    private boolean isIceRestarting;
    private boolean isCancelledByRestart;
    private boolean needsSnapshot;
    private int failures;
    private long resendNanos = NEVER;
    private long cancelNanos = NEVER;
    private long giveUpNanos = NEVER;

    /** A sender without tracks. */
    public SenderCore(DynamicOptions options) {
        this.channel = new ControlChannel(options, this);
    }

    /** The other half. */
    public ControlChannel channel() {
        return channel;
    }

    // ---- the track list ----

    /** Adds or changes a track. */
    public boolean put(Track track) {
        Track before = tracks.get(track.id());
        if (before == null) {
            if (tracks.size() >= channel.options().limits().tracks()) {
                return false;
            }
            tracks.put(track.id(), track);
            tell("add", TrackCodec.write(track));
            if (track.mid() == null) {
                markDirty();
            }
            return true;
        }
        change(before, track.withMid(before.mid()).withPaused(before.paused()));
        return true;
    }

    private void change(Track before, Track after) {
        ObjectNode changed = TrackCodec.writeChange(before, after);
        if (changed == null) {
            return;
        }
        tracks.put(after.id(), after);
        Track justLayers = before.withLayers(after.layers());
        if (justLayers.equals(after)) {
            revision++;
            ObjectNode message =
                    Json.message("layers").put("revision", revision).put("track", after.id());
            message.set("layers", TrackCodec.layers(after.layers()));
            sendChange(message);
        } else {
            tell("update", changed);
        }
    }

    private void tell(String op, ObjectNode track) {
        revision++;
        ObjectNode message = Json.message("track").put("revision", revision).put("op", op);
        message.set("track", track);
        sendChange(message);
    }

    private void sendChange(ObjectNode message) {
        if (!channel.isUp()) {
            return;
        }
        if (changes.tryTake(channel.now())) {
            channel.sendState(message);
        } else {
            channel.requestSnapshot(channel.now() + SNAPSHOT_DELAY_NANOS);
        }
    }

    /** Removes a track. */
    public void remove(String id) {
        Track removed = tracks.remove(id);
        if (removed == null) {
            return;
        }
        declined.remove(id);
        unsubscribed.remove(id);
        tell("remove", Json.object().put("id", id));
        boolean isOffered = state == State.ASKED || (outstanding != null && outstanding.midOf(id) != null);
        if (removed.mid() != null || isOffered) {
            markDirty();
        }
    }

    private boolean isWanted(String id) {
        return !declined.contains(id) && !unsubscribed.contains(id);
    }

    /** Makes the list equal to the given one. */
    public void setTracks(Collection<Track> wanted) {
        Set<String> ids = new HashSet<>();
        wanted.forEach(track -> ids.add(track.id()));
        for (String id : List.copyOf(tracks.keySet())) {
            if (!ids.contains(id)) {
                remove(id);
            }
        }
        wanted.forEach(this::put);
    }

    /** Has an m-line carry another track without an offer. */
    public void assign(String mid, @Nullable String trackId) {
        for (Track track : List.copyOf(tracks.values())) {
            if (mid.equals(track.mid()) && !track.id().equals(trackId)) {
                change(track, track.withMid(null));
            }
        }
        Track chosen = trackId == null ? null : tracks.get(trackId);
        if (chosen != null) {
            change(chosen, chosen.withMid(mid));
        }
        if (outstanding != null) {
            reassigned.put(mid, trackId);
        }
    }

    /** One track. */
    public @Nullable Track track(String id) {
        return tracks.get(id);
    }

    @Override
    public Collection<Track> trackList() {
        return tracks.values();
    }

    @Override
    public long revision() {
        return revision;
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

    /** A change needs an offer: soon when nothing is in flight, else after what is. */
    public void markDirty() {
        isDirty = true;
        if (mayOffer()) {
            timer.changed(channel.now());
        }
    }

    private boolean mayOffer() {
        return state == State.STABLE && channel.isUp() && !isIceRestarting;
    }

    private void becomeStable() {
        state = State.STABLE;
        outstanding = null;
        reassigned.clear();
        isCancelledByRestart = false;
        stopTimers();
        if (isDirty && mayOffer()) {
            timer.changed(channel.now());
        }
    }

    private void stopTimers() {
        resendNanos = NEVER;
        cancelNanos = NEVER;
        giveUpNanos = NEVER;
    }

    /** Fires what is due. */
    public void handleTimeout() {
        long now = channel.now();
        if (timer.isDue(now)) {
            timer.stop();
            if (mayOffer()) {
                isDirty = false;
                state = State.ASKED;
                channel.emit(new DynamicEvent.OfferNeeded(wanted()));
            }
        }
        if (cancelNanos <= now) {
            cancel();
        } else if (resendNanos <= now && outstanding != null) {
            resendNanos = now + RESEND_NANOS;
            channel.send(outstanding.message());
        }
        if (giveUpNanos <= now) {
            fail(ErrorCode.NEGOTIATION_TIMEOUT);
        }
    }

    /** The next deadline, or never. */
    public long nextTimeoutNanos() {
        return Math.min(Math.min(timer.dueNanos(), giveUpNanos), Math.min(resendNanos, cancelNanos));
    }

    private List<String> wanted() {
        return tracks.keySet().stream().filter(this::isWanted).toList();
    }

    /** The owner made an offer. */
    public long offer(String sdp, Map<String, @Nullable String> mids) {
        if (state != State.ASKED) {
            return 0;
        }
        if (isIceRestarting) {
            isDirty = true;
            state = State.STABLE;
            return 0;
        }
        ObjectNode message = Json.message("offer").put("seq", lastSeq + 1).put("revision", revision);
        ObjectNode lines = message.putObject("mids");
        mids.forEach(lines::put);
        message.put("sdp", sdp);
        if (!channel.fits(Json.write(message))
                || mids.size() > channel.options().limits().slots()) {
            fail(ErrorCode.LIMIT);
            return 0;
        }
        lastSeq++;
        outstanding = new Offer(lastSeq, message, new LinkedHashMap<>(mids));
        state = State.OFFERED;
        sendOffer();
        return lastSeq;
    }

    private void sendOffer() {
        if (!channel.isUp() || outstanding == null) {
            return;
        }
        channel.flushSnapshot();
        channel.send(outstanding.message());
        resendNanos = channel.now() + RESEND_NANOS;
        cancelNanos = channel.now() + CANCEL_NANOS;
    }

    /** The owner found that nothing needs to be offered. */
    public void offerNotNeeded() {
        if (state == State.ASKED) {
            becomeStable();
        }
    }

    private void cancel() {
        stopTimers();
        state = State.CANCELLING;
        if (channel.isUp() && outstanding != null) {
            channel.send(Json.message("cancel").put("seq", outstanding.seq()));
            giveUpNanos = channel.now() + GIVE_UP_NANOS;
        }
    }

    private void fail(ErrorCode code) {
        stopTimers();
        timer.stop();
        state = State.FAILED;
        if (channel.options().isServer()) {
            channel.reconnect(null, 0);
        }
        channel.emit(new DynamicEvent.NegotiationFailed(code));
    }

    /** The owner applied the answer. */
    public void committed(long seq, Set<String> refused) {
        if (state != State.ANSWERED || outstanding == null || outstanding.seq() != seq) {
            return;
        }
        Offer offer = outstanding;
        failures = 0;
        committedSeq = seq;
        Map<String, @Nullable String> mids = new HashMap<>();
        offer.mids().forEach((mid, track) -> {
            if (track != null && !refused.contains(track)) {
                mids.put(track, mid);
            }
        });
        reassigned.forEach((mid, track) -> {
            mids.values().removeIf(mid::equals);
            if (track != null) {
                mids.put(track, mid);
            }
        });
        List<Track> changed = new ArrayList<>();
        for (Track track : List.copyOf(tracks.values())) {
            String mid = mids.get(track.id());
            // The receiver has assumed the mids of the offer: what differs from them is told as well.
            if (!Objects.equals(mid, track.mid()) || !Objects.equals(mid, offer.midOf(track.id()))) {
                changed.add(track.withMid(mid));
            }
            if (refused.contains(track.id()) && mid == null) {
                declined.add(track.id());
            }
        }
        tellMids(changed);
        becomeStable();
    }

    private void tellMids(List<Track> changed) {
        changed.forEach(track -> tracks.put(track.id(), track));
        if (changed.size() > COMMITTED_CHANGES_MAX) {
            revision++;
            channel.requestSnapshot(channel.now());
            return;
        }
        changed.forEach(
                track -> tell("update", Json.object().put("id", track.id()).put("mid", track.mid())));
    }

    /** The owner could not apply the answer. */
    public void answerRefused(long seq, String detail) {
        if (state != State.ANSWERED || outstanding == null || outstanding.seq() != seq) {
            return;
        }
        channel.sendErrorAbout(seq, ErrorCode.INVALID_SDP, Texts.label(detail, 256));
        declineNewTracks(outstanding);
        // The receiver has assumed the mids of an offer that does not hold, and has a description that nobody shares.
        revision++;
        channel.requestSnapshot(channel.now());
        isDirty = true;
        if (++failures >= FAILURES_MAX) {
            outstanding = null;
            fail(ErrorCode.INVALID_SDP);
        } else {
            becomeStable();
        }
    }

    private void declineNewTracks(Offer offer) {
        for (Track track : tracks.values()) {
            if (track.mid() == null && offer.midOf(track.id()) != null) {
                declined.add(track.id());
            }
        }
    }

    /** An ICE restart began. */
    public void iceRestartStarted() {
        isIceRestarting = true;
        timer.stop();
        if (state == State.OFFERED) {
            isDirty = true;
            isCancelledByRestart = true;
            cancel();
        }
    }

    /** The ICE restart is over. */
    public void iceRestartFinished() {
        isIceRestarting = false;
        if (isDirty && mayOffer()) {
            timer.changed(channel.now());
        }
    }

    // ---- the channel ----

    @Override
    public void welcomed(ObjectNode welcome, boolean isResumed) {
        long known = Json.integer(welcome, "revision", 0);
        // A sender without memory goes on after what the receiver has answered already.
        long answered = Json.integer(welcome, "seq", 0);
        if (outstanding == null) {
            lastSeq = Math.max(lastSeq, answered);
        }
        if (!isResumed || known != revision) {
            revision = Math.max(revision, known);
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
        switch (state) {
            case OFFERED -> sendOffer();
            case CANCELLING -> cancel();
            case FAILED -> recover();
            case STABLE -> {
                if (isDirty) {
                    markDirty();
                }
            }
            default -> {
                // The owner is at work; what it does is sent then.
            }
        }
    }

    /** A new channel is a new chance: the offer that nobody answered is taken back first, if there is one. */
    private void recover() {
        failures = 0;
        isDirty = true;
        if (outstanding != null) {
            cancel();
        } else {
            becomeStable();
        }
    }

    @Override
    public void down() {
        stopTimers();
        timer.stop();
    }

    @Override
    public void errorAbout(long seq, ErrorCode code, String detail) {
        channel.emit(new DynamicEvent.ErrorReceived(code, detail, false));
    }

    // ---- in ----

    @Override
    public void receive(String type, ObjectNode message) {
        switch (type) {
            case "answer" -> receiveAnswer(Json.requiredInteger(message, "seq"), Json.requiredText(message, "sdp"));
            case "reject" -> receiveReject(message);
            case "cancelled" -> receiveCancelled(Json.requiredInteger(message, "seq"));
            case "request" -> receiveRequest(message);
            default -> throw new BadMessage(ErrorCode.UNKNOWN_TYPE, "not for a sender");
        }
    }

    private void receiveAnswer(long seq, String sdp) {
        if (seq == committedSeq || (state == State.ANSWERED && outstanding != null && outstanding.seq() == seq)) {
            return;
        }
        if (!isInFlight(seq)) {
            throw new BadMessage(ErrorCode.STALE_SEQ, "no offer " + seq + " is in flight");
        }
        stopTimers();
        state = State.ANSWERED;
        channel.emit(new DynamicEvent.AnswerReceived(seq, sdp));
    }

    private boolean isInFlight(long seq) {
        return (state == State.OFFERED || state == State.CANCELLING) && outstanding != null && outstanding.seq() == seq;
    }

    private void receiveReject(ObjectNode message) {
        long seq = Json.requiredInteger(message, "seq");
        String code = Json.text(message, "code");
        String detail = Json.text(message, "detail");
        if (isSettled(seq)) {
            return;
        }
        if (!isInFlight(seq) || outstanding == null) {
            throw new BadMessage(ErrorCode.STALE_SEQ, "no offer " + seq + " is in flight");
        }
        declineNewTracks(outstanding);
        channel.emit(new DynamicEvent.OfferRolledBack(
                seq, ErrorCode.ofWireName(code == null ? "" : code), Texts.label(detail == null ? "" : detail, 256)));
        becomeStable();
    }

    /** A reply that was given again although it was heard the first time. */
    private boolean isSettled(long seq) {
        return seq == lastSeq && outstanding == null;
    }

    private void receiveCancelled(long seq) {
        if (isSettled(seq)) {
            return;
        }
        if (state != State.CANCELLING || outstanding == null || outstanding.seq() != seq) {
            throw new BadMessage(ErrorCode.STALE_SEQ, "offer " + seq + " was not cancelled");
        }
        isDirty = true;
        channel.emit(new DynamicEvent.OfferRolledBack(seq, ErrorCode.NEGOTIATION_TIMEOUT, "taken back"));
        // An offer that a restart took back is nobody's failure.
        if (!isCancelledByRestart && ++failures >= FAILURES_MAX) {
            outstanding = null;
            fail(ErrorCode.NEGOTIATION_TIMEOUT);
        } else {
            becomeStable();
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
                change(track, track.withPaused(request.op() == TrackRequest.Op.PAUSE));
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
        boolean wasUnwanted = declined.remove(track.id()) | unsubscribed.remove(track.id());
        channel.accept(id);
        if (wasUnwanted || track.mid() == null) {
            markDirty();
        }
    }

    private void unsubscribe(long id, Track track) {
        boolean isNew = unsubscribed.add(track.id());
        channel.accept(id);
        if (isNew) {
            markDirty();
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
        change(track, change.applyTo(track));
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
