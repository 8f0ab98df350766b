// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.dynamic;

import static dev.tributary.core.DatagramProtocol.NEVER;

import dev.tributary.whipwhep.DynamicEvent;
import dev.tributary.whipwhep.ErrorCode;
import dev.tributary.whipwhep.Track;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A sender's offers: one in flight at most, repeated, taken back, given up. The diagram stands at
 * {@link dev.tributary.whipwhep.DynamicSender}. Not thread-safe.
 */
final class OfferExchange {
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
    private final ToldTracks tracks;
    private final Wishes wishes;
    private final Map<String, @Nullable String> reassigned = new HashMap<>();
    private final OfferTimer timer = new OfferTimer();

    private State state = State.STABLE;
    private @Nullable Offer outstanding;
    private long lastSeq;
    private long committedSeq;
    private boolean isDirty;
    private boolean isIceRestarting;
    private boolean isCancelledByRestart;
    private int failures;
    private long resendNanos = NEVER;
    private long cancelNanos = NEVER;
    private long giveUpNanos = NEVER;

    OfferExchange(ControlChannel channel, ToldTracks tracks, Wishes wishes) {
        this.channel = channel;
        this.tracks = tracks;
        this.wishes = wishes;
    }

    /** Whether an offer that is being made or in flight may carry a track. */
    boolean mayCarry(String track) {
        return state == State.ASKED || (outstanding != null && outstanding.midOf(track) != null);
    }

    /** An m-line carries another track, whatever the offer in flight says. */
    void reassigned(String mid, @Nullable String track) {
        if (outstanding != null) {
            reassigned.put(mid, track);
        }
    }

    /** A change needs an offer: soon when nothing is in flight, else after what is. */
    void markDirty() {
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
    void handleTimeout() {
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
            resendNanos = now + SenderCore.RESEND_NANOS;
            channel.send(outstanding.message());
        }
        if (giveUpNanos <= now) {
            fail(ErrorCode.NEGOTIATION_TIMEOUT);
        }
    }

    /** The next deadline, or never. */
    long nextTimeoutNanos() {
        return Math.min(Math.min(timer.dueNanos(), giveUpNanos), Math.min(resendNanos, cancelNanos));
    }

    private List<String> wanted() {
        return tracks.all().stream().map(Track::id).filter(wishes::isWanted).toList();
    }

    /** The owner made an offer. */
    long offer(String sdp, Map<String, @Nullable String> mids) {
        if (state != State.ASKED) {
            return 0;
        }
        if (isIceRestarting) {
            isDirty = true;
            state = State.STABLE;
            return 0;
        }
        ObjectNode message = Json.message("offer").put("seq", lastSeq + 1).put("revision", tracks.revision());
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
        resendNanos = channel.now() + SenderCore.RESEND_NANOS;
        cancelNanos = channel.now() + SenderCore.CANCEL_NANOS;
    }

    /** The owner found that nothing needs to be offered. */
    void offerNotNeeded() {
        if (state == State.ASKED) {
            becomeStable();
        }
    }

    private void cancel() {
        stopTimers();
        state = State.CANCELLING;
        if (channel.isUp() && outstanding != null) {
            channel.send(Json.message("cancel").put("seq", outstanding.seq()));
            giveUpNanos = channel.now() + SenderCore.GIVE_UP_NANOS;
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
    void committed(long seq, Set<String> refused) {
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
        for (Track track : tracks.copy()) {
            String mid = mids.get(track.id());
            // The receiver has assumed the mids of the offer: what differs from them is told as well.
            if (!Objects.equals(mid, track.mid()) || !Objects.equals(mid, offer.midOf(track.id()))) {
                changed.add(track.withMid(mid));
            }
            if (refused.contains(track.id()) && mid == null) {
                wishes.declined(track.id());
            }
        }
        tracks.tellMids(changed);
        becomeStable();
    }

    /** The owner could not apply the answer. */
    void answerRefused(long seq, String detail) {
        if (state != State.ANSWERED || outstanding == null || outstanding.seq() != seq) {
            return;
        }
        channel.sendErrorAbout(seq, ErrorCode.INVALID_SDP, Texts.label(detail, 256));
        declineNewTracks(outstanding);
        // The receiver has assumed the mids of an offer that does not hold, and has a description that nobody shares.
        tracks.tellAll();
        isDirty = true;
        if (++failures >= SenderCore.FAILURES_MAX) {
            outstanding = null;
            fail(ErrorCode.INVALID_SDP);
        } else {
            becomeStable();
        }
    }

    private void declineNewTracks(Offer offer) {
        for (Track track : tracks.all()) {
            if (track.mid() == null && offer.midOf(track.id()) != null) {
                wishes.declined(track.id());
            }
        }
    }

    /** An ICE restart began. */
    void iceRestartStarted() {
        isIceRestarting = true;
        timer.stop();
        if (state == State.OFFERED) {
            isDirty = true;
            isCancelledByRestart = true;
            cancel();
        }
    }

    /** The ICE restart is over. */
    void iceRestartFinished() {
        isIceRestarting = false;
        if (isDirty && mayOffer()) {
            timer.changed(channel.now());
        }
    }

    // ---- the channel ----

    /** A sender without memory goes on after what the receiver has answered already. */
    void goOnAfter(long answeredSeq) {
        if (outstanding == null) {
            lastSeq = Math.max(lastSeq, answeredSeq);
        }
    }

    /** The channel is up: what is outstanding is sent again. */
    void up() {
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

    /** The channel is gone. */
    void down() {
        stopTimers();
        timer.stop();
    }

    // ---- in ----

    void receiveAnswer(long seq, String sdp) {
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

    void receiveReject(ObjectNode message) {
        long seq = Json.requiredInteger(message, "seq");
        ErrorCode code = ErrorCode.ofWireName(ErrorCodec.requiredWord(message, "code"));
        String detail = ErrorCodec.word(message, "detail");
        if (isSettled(seq)) {
            return;
        }
        if (!isInFlight(seq) || outstanding == null) {
            throw new BadMessage(ErrorCode.STALE_SEQ, "no offer " + seq + " is in flight");
        }
        declineNewTracks(outstanding);
        channel.emit(new DynamicEvent.OfferRolledBack(seq, code, detail));
        becomeStable();
    }

    /** A reply that was given again although it was heard the first time. */
    private boolean isSettled(long seq) {
        return seq == lastSeq && outstanding == null;
    }

    void receiveCancelled(long seq) {
        if (isSettled(seq)) {
            return;
        }
        if (state != State.CANCELLING || outstanding == null || outstanding.seq() != seq) {
            throw new BadMessage(ErrorCode.STALE_SEQ, "offer " + seq + " was not cancelled");
        }
        isDirty = true;
        channel.emit(new DynamicEvent.OfferRolledBack(seq, ErrorCode.NEGOTIATION_TIMEOUT, "taken back"));
        // An offer that a restart took back is nobody's failure.
        if (!isCancelledByRestart && ++failures >= SenderCore.FAILURES_MAX) {
            outstanding = null;
            fail(ErrorCode.NEGOTIATION_TIMEOUT);
        } else {
            becomeStable();
        }
    }
}
