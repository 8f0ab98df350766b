// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.spi;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Decides who may do what in which room. Thread-safe; must not block.
 *
 * <p>A refusal is a stage that fails with a {@link WhipWhepException}: {@link Refusal#UNAUTHENTICATED} when the
 * credentials are missing or wrong, {@link Refusal#FORBIDDEN} when they are right but do not reach that far. A grant
 * without {@link Right#PLAY} for WHEP, or without a publishing right for WHIP, is refused as forbidden by the caller.
 */
@FunctionalInterface
public interface Access {
    /**
     * Verifies a request.
     *
     * @param request what is asked, with its credentials
     * @return what is granted
     */
    CompletionStage<Grant> verify(AccessRequest request);

    /**
     * Lets everybody in, with every right but that of a pipe. The name says the risk: for laptops and tests.
     */
    static Access allowEverybody() {
        return request -> CompletableFuture.completedFuture(
                Grant.of("", "", Right.PLAY, Right.PUBLISH_MAIN, Right.PUBLISH_GUEST, Right.HOST));
    }

    /** Lets nobody in. */
    static Access denyEverybody() {
        return request -> CompletableFuture.failedFuture(
                new WhipWhepException(Refusal.UNAUTHENTICATED, "No access is set up on this server."));
    }
}
