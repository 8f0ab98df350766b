// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import dev.tributary.whipwhep.internal.dynamic.ControlChannel;
import dev.tributary.whipwhep.internal.dynamic.SenderCore;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The media sender's side of the dynamic extension: it owns the track list, tells every change of it, and re-offers when
 * m-lines have to change. On a WHEP session it is the server's side, on a WHIP session the client's.
 *
 * <p><b>How to drive it.</b> See {@link DynamicEnd}.
 *
 * <pre>
 *            change, 100 ms quiet          offer()               answer              committed()
 *   STABLE ───────────────────▶ ASKED ───────────▶ OFFERED ───────────────▶ ANSWERED ──────────▶ STABLE
 *     ▲        OfferNeeded                        │  ▲ │ reject                 │ answerRefused()
 *     │                                 5 s: again└──┘ ├───────────────────────▶├────────────▶ STABLE
 *     │   cancelled, late answer                       │ 15 s, ICE restart
 *     └──────────────────────────────── CANCELLING ◀───┘
 *                                           │ 5 s
 *                                           ▼
 *                                         FAILED (until the channel is opened anew)
 * </pre>
 *
 * <p>Time is monotonic and in nanoseconds; hostile messages never throw. Not thread-safe: owned by one event loop.
 */
public final class DynamicSender implements DynamicEnd {
    private final SenderCore core;
    private final ControlChannel channel;

    private DynamicSender(DynamicOptions options) {
        this.core = new SenderCore(options);
        this.channel = core.channel();
    }

    /** A sender without tracks and without a channel. */
    public static DynamicSender of(DynamicOptions options) {
        return new DynamicSender(options);
    }

    // ---- the data channel ----

    @Override
    public void opened(long nowNanos) {
        channel.advance(nowNanos);
        channel.opened();
    }

    @Override
    public void closed(long nowNanos) {
        channel.advance(nowNanos);
        channel.closed();
    }

    @Override
    public void handleText(String frame, long nowNanos) {
        channel.advance(nowNanos);
        channel.handleText(frame);
    }

    @Override
    public void handleBytes(byte[] frame, long nowNanos) {
        channel.advance(nowNanos);
        channel.handleBytes(frame);
    }

    @Override
    public void handleTimeout(long nowNanos) {
        channel.advance(nowNanos);
        channel.handleTimeout();
        core.handleTimeout();
    }

    @Override
    public @Nullable String pollMessage() {
        return channel.pollMessage();
    }

    @Override
    public @Nullable DynamicEvent pollEvent() {
        return channel.pollEvent();
    }

    @Override
    public long nextTimeoutNanos() {
        return Math.min(channel.nextTimeoutNanos(), core.nextTimeoutNanos());
    }

    @Override
    public boolean isUp() {
        return channel.isUp();
    }

    // ---- the track list ----

    /**
     * Adds a track, or changes the one with its id. The mid and {@code paused} of a track that is listed stay as they are:
     * they belong to this session, not to the room. The mid of a new track says that the session carries it already.
     *
     * @return {@code false} when the list is full
     */
    public boolean put(Track track, long nowNanos) {
        channel.advance(nowNanos);
        return core.put(track);
    }

    /** Removes a track; its m-line becomes a free slot with the next offer. */
    public void remove(String trackId, long nowNanos) {
        channel.advance(nowNanos);
        core.remove(trackId);
    }

    /** Makes the list equal to the given tracks, as by {@link #put} and {@link #remove}. */
    public void setTracks(Collection<Track> tracks, long nowNanos) {
        channel.advance(nowNanos);
        core.setTracks(tracks);
    }

    /**
     * Says that an m-line carries another track from now on, without an offer: the programme feed switched its source.
     *
     * @param trackId the track, or {@code null} when the m-line carries none that is listed
     */
    public void assign(String mid, @Nullable String trackId, long nowNanos) {
        channel.advance(nowNanos);
        core.assign(mid, trackId);
    }

    @Override
    public List<Track> tracks() {
        return List.copyOf(core.trackList());
    }

    @Override
    public @Nullable Track track(String trackId) {
        return core.track(trackId);
    }

    @Override
    public long revision() {
        return core.revision();
    }

    @Override
    public String snapshot() {
        return channel.snapshot().toString();
    }

    // ---- offers ----

    /** Has an offer made although no track came or went, as when a codec changes. Coalesced like any change. */
    public void negotiate(long nowNanos) {
        channel.advance(nowNanos);
        core.markDirty();
    }

    /**
     * Sends an offer, after {@link DynamicEvent.OfferNeeded}.
     *
     * @param mids every audio and video m-line of the offer, and which track it carries; {@code null} for a free slot
     * @return its sequence number; or 0 when it was not sent, because none was asked for any more (an ICE restart began) or
     *     because it is larger than the peer takes. The owner then rolls back its description
     */
    public long offer(String sdp, Map<String, @Nullable String> mids, long nowNanos) {
        channel.advance(nowNanos);
        return core.offer(sdp, mids);
    }

    /** Says that the description already carries what is wanted, after {@link DynamicEvent.OfferNeeded}. */
    public void offerNotNeeded(long nowNanos) {
        channel.advance(nowNanos);
        core.offerNotNeeded();
    }

    /**
     * The answer was applied. Only now may media of the new tracks be sent, key frame first.
     *
     * @param declined the tracks whose m-line the answer declined; they are offered again only after {@code subscribe}
     */
    public void committed(long seq, Set<String> declined, long nowNanos) {
        channel.advance(nowNanos);
        core.committed(seq, declined);
    }

    /** The answer could not be applied, and the owner has rolled back. The other end is told, and a new offer follows. */
    public void answerRefused(long seq, String detail, long nowNanos) {
        channel.advance(nowNanos);
        core.answerRefused(seq, detail);
    }

    /** An ICE restart began (HTTP PATCH): an offer in flight is taken back, and none is made until it is finished. */
    public void iceRestartStarted(long nowNanos) {
        channel.advance(nowNanos);
        core.iceRestartStarted();
    }

    /** The ICE restart is finished, or failed and left everything as it was. */
    public void iceRestartFinished(long nowNanos) {
        channel.advance(nowNanos);
        core.iceRestartFinished();
    }

    // ---- the rest of the conversation ----

    @Override
    public void accept(long id) {
        channel.accept(id);
    }

    @Override
    public void refuse(long id, ErrorCode code, String detail) {
        channel.refuse(id, code, detail);
    }

    /** Asks the room to change a track (client only). Returns the id that the reply will have, or 0 when it cannot ask. */
    @Override
    public long set(String trackId, TrackChange change) {
        return channel.set(trackId, change);
    }

    /**
     * Tells something that is no state. It may be lost when the peer reads slowly.
     *
     * @param name one of the extension's, or an application's under its own domain name; at most 128 characters
     * @param data JSON text
     * @throws IllegalArgumentException if the data is not JSON or the name is too long
     */
    public void event(String name, String data) {
        core.event(name, data);
    }

    @Override
    public void reconnect(@Nullable String url, int afterSeconds) {
        channel.reconnect(url, afterSeconds);
    }

    @Override
    public void bye(String code, String detail) {
        channel.bye(code, detail);
    }
}
