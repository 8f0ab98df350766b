// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.spi;

import java.util.concurrent.CompletionStage;

/** A WHEP session to which the server has made the first offer, and which waits for the answer. Thread-safe. */
public interface OfferedSession {
    /** The SDP offer: {@code sendonly}, all candidates gathered. */
    String offer();

    /**
     * Takes the client's answer.
     *
     * @param answer SDP as it arrived
     * @return the session, whose {@link MediaSession#answer} is this answer; a failure with a {@link WhipWhepException}
     *     leaves the offer waiting
     */
    CompletionStage<MediaSession> answered(String answer);

    /** Gives the offer up. Idempotent; does nothing once an answer was taken. */
    void close(CloseReason reason);
}
