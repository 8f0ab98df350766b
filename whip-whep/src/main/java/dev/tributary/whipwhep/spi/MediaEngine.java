// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.spi;

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
}
