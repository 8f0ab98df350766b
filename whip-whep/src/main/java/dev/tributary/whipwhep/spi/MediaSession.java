// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.spi;

import dev.tributary.sdp.SdpFragment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One WHIP or WHEP session as the engine holds it. Thread-safe: called from HTTP threads; must not block.
 */
public interface MediaSession {
    /** The SDP answer to the offer that opened the session. */
    String answer();

    /** Whether the offer had a data channel and the engine accepted it for the dynamic extension. */
    boolean isDynamic();

    /**
     * The entity tag of the current ICE session, without quotes: letters, digits and hyphens. It changes with every ICE
     * restart.
     */
    String etag();

    /**
     * Takes candidates of the client's current ICE session. Those that cannot be used are dropped in silence.
     *
     * @return completes when they are taken; fails with {@link Refusal#NOT_SUPPORTED} when this engine takes none
     */
    CompletionStage<Void> trickle(SdpFragment fragment);

    /**
     * Restarts ICE: the client's credentials and candidates are replaced by those of the fragment. Called for one
     * restart at a time. An offer in flight on the control channel is taken back first.
     *
     * @return our new credentials and all our candidates, after which {@link #etag} is a new one; a failure leaves the
     *     old ICE session as it was
     */
    CompletionStage<SdpFragment> restart(SdpFragment fragment);

    /**
     * Ends the session: consent checks are no longer answered, transports are torn down. Idempotent; the first reason
     * counts.
     */
    void close(CloseReason reason);

    /** Completes once, when the media side is gone for whatever reason and holds nothing any more. */
    CompletionStage<CloseReason> closed();

    /**
     * The state of the control channel as one message of the dynamic extension (JSON), for those who ask by HTTP.
     *
     * @return the message, or {@code null} when the session is not dynamic
     */
    default CompletionStage<@Nullable String> controlSnapshot() {
        return CompletableFuture.completedFuture(null);
    }

    /**
     * Whether this session has a control machine at all, which a client may reach over HTTP even when it negotiated no
     * data channel.
     */
    default boolean hasControl() {
        return isDynamic();
    }

    /**
     * Opens the control channel over HTTP. It replaces the channel that was there, whichever way that came.
     *
     * @param outlet where its messages go
     * @return {@code false} when the session has no control machine
     */
    default CompletionStage<Boolean> openControl(ControlOutlet outlet) {
        return CompletableFuture.completedFuture(false);
    }

    /**
     * Takes one message of the client on the channel that it opened over HTTP.
     *
     * @param message UTF-8, as it arrived
     * @return {@code false} when no such channel is open
     */
    default CompletionStage<Boolean> controlMessage(byte[] message) {
        return CompletableFuture.completedFuture(false);
    }

    /**
     * Has somebody hear the data channels that the client opens besides the control channel. By default nobody does, and
     * what comes on them is dropped.
     */
    default void sideChannels(SideChannel.Listener listener) {}

    /** The client of an outlet is gone. Does nothing when another channel has replaced it. */
    default void controlClosed(ControlOutlet outlet) {}
}
