// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import dev.tributary.whipwhep.internal.dynamic.ControlChannel;
import dev.tributary.whipwhep.internal.dynamic.ReceiverCore;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The media receiver's side of the dynamic extension: it follows the sender's track list, answers its offers, and asks for
 * what it wants. On a WHEP session it is the client's side, on a WHIP session the server's.
 *
 * <p><b>How to drive it.</b> See {@link DynamicEnd}.
 *
 * <p><b>Offers.</b> At most one is at the owner, by {@link DynamicEvent.OfferReceived}; it ends with exactly one of
 * {@link #answer}, {@link #reject} or {@link DynamicEvent.OfferCancelled}. The reply is kept and given again when the sender
 * asks again; nothing is applied twice.
 *
 * <p><b>What a server believes.</b> On a WHIP session the list is what the publisher says. {@code muted} and {@code label}
 * are its own; {@code enabled}, {@code purpose} and {@code origin} are claims that the owner checks against its room, and
 * corrects by {@link #set}.
 *
 * <p>Time is monotonic and in nanoseconds; hostile messages never throw. Not thread-safe: owned by one event loop.
 */
public final class DynamicReceiver implements DynamicEnd {
    private final ReceiverCore core;
    private final ControlChannel channel;

    private DynamicReceiver(DynamicOptions options) {
        this.core = new ReceiverCore(options);
        this.channel = core.channel();
    }

    /** A receiver that knows of no track and has no channel. */
    public static DynamicReceiver of(DynamicOptions options) {
        return new DynamicReceiver(options);
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
        return channel.nextTimeoutNanos();
    }

    @Override
    public boolean isUp() {
        return channel.isUp();
    }

    // ---- the track list ----

    /**
     * Says what is known of the tracks from the first exchange, before the sender has said anything; ignored after that.
     * Events are raised as if the sender had said so.
     */
    public void presume(Collection<Track> known, long nowNanos) {
        channel.advance(nowNanos);
        core.presume(known);
    }

    /** The track list as the sender says, in its order. */
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

    /**
     * Answers an offer. The owner has applied it and the answer.
     *
     * @return {@code false} when it was taken back meanwhile: the owner rolls back
     */
    public boolean answer(long seq, String sdp, long nowNanos) {
        channel.advance(nowNanos);
        return core.answer(seq, sdp);
    }

    /**
     * Rejects an offer. The owner has rolled back.
     *
     * @return {@code false} when it was taken back meanwhile
     */
    public boolean reject(long seq, ErrorCode code, String detail, long nowNanos) {
        channel.advance(nowNanos);
        return core.reject(seq, code, detail);
    }

    // ---- the rest of the conversation ----

    /** Asks the sender for something. Returns the id that the reply will have, or 0 when it cannot ask now. */
    public long request(TrackRequest request) {
        return core.request(request);
    }

    /**
     * Asks to change a track: a client asks the room, and a server tells the publisher what the room has set
     * ({@code enabled} and {@code purpose} only). Returns the id that the reply will have, or 0 when it cannot ask now.
     */
    @Override
    public long set(String trackId, TrackChange change) {
        return channel.set(trackId, change);
    }

    @Override
    public void accept(long id) {
        channel.accept(id);
    }

    @Override
    public void refuse(long id, ErrorCode code, String detail) {
        channel.refuse(id, code, detail);
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
