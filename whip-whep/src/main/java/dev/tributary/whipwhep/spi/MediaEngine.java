// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.spi;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Turns offers into media sessions. Implemented by the {@code sfu} module, and by anyone who has an engine of their own.
 * Thread-safe; must not block.
 */
@FunctionalInterface
public interface MediaEngine {
    /**
     * Opens a session.
     *
     * @param request who wants what
     * @return the session, its answer ready and all its candidates gathered; or a failure with a
     *     {@link WhipWhepException}, after which nothing of the session is left
     */
    CompletionStage<MediaSession> open(SessionRequest request);

    /**
     * Opens a WHEP session by an offer of this side: a counter-offer to one that could not be accepted, or the first
     * word to a client that sent none.
     *
     * @param request who wants what; its offer is that which was not accepted, or empty
     * @return the offer, all its candidates gathered; or a failure with a {@link WhipWhepException}, which is
     *     {@link Refusal#NOT_SUPPORTED} for an engine that never offers first
     */
    default CompletionStage<OfferedSession> offer(SessionRequest request) {
        return CompletableFuture.failedFuture(
                new WhipWhepException(Refusal.NOT_SUPPORTED, "This server makes no first offer."));
    }
}
