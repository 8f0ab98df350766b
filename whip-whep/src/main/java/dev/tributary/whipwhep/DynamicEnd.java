// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One end of a control channel, whichever way media flows: what its owner does with it regardless of that.
 *
 * <p><b>How to drive it.</b> The owner opens or accepts the channel and hands in what happens to it ({@link #opened},
 * {@link #handleText}, {@link #closed}), and time ({@link #handleTimeout}). After any call: send what {@link #pollMessage}
 * returns while the transport takes more, then handle what {@link #pollEvent} returns until it is {@code null}, then read
 * {@link #nextTimeoutNanos}. An owner whose transport is full stops polling messages; what waits is bounded.
 *
 * <p>Time is monotonic and in nanoseconds; hostile messages never throw. Not thread-safe: owned by one event loop.
 */
public sealed interface DynamicEnd permits DynamicSender, DynamicReceiver {
    /** The channel opened, for the first time or again. A channel that was there before is forgotten. */
    void opened(long nowNanos);

    /** The channel is gone. */
    void closed(long nowNanos);

    /** Takes one text frame. */
    void handleText(String frame, long nowNanos);

    /** Takes one frame of bytes: UTF-8, from a text or a binary frame. */
    void handleBytes(byte[] frame, long nowNanos);

    /** Fires what is due. */
    void handleTimeout(long nowNanos);

    /** The next message for the transport, or {@code null} when nothing waits. */
    @Nullable
    String pollMessage();

    /** The next event, or {@code null}. */
    @Nullable
    DynamicEvent pollEvent();

    /** When {@link #handleTimeout} wants to be called, or {@code Long.MAX_VALUE}. Stale after any other call. */
    long nextTimeoutNanos();

    /** Whether both ends have greeted on the channel that is there. */
    boolean isUp();

    /** The track list, in the order of its coming: ours if we send, else what the sender says. */
    List<Track> tracks();

    /** One track, or {@code null}. */
    @Nullable
    Track track(String trackId);

    /** The revision of the track list: it grows by one with each change. */
    long revision();

    /** The whole track list as a {@code tracks} message. */
    String snapshot();

    /** Asks to change a track. Returns the id that the reply will have, or 0 when it cannot ask now. */
    long set(String trackId, TrackChange change);

    /** Replies that a request or a set was done. */
    void accept(long id);

    /** Replies that a request or a set was refused. */
    void refuse(long id, ErrorCode code, String detail);

    /** Advises to make a new session and DELETE this one (server only). */
    void reconnect(@Nullable String url, int afterSeconds);

    /** Announces that the session ends. The channel wants to be closed after it. */
    void bye(String code, String detail);
}
