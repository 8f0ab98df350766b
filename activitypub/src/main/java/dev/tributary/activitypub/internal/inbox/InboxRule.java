// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.inbox;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What activities of some types may do. */
@FunctionalInterface
public interface InboxRule {
    /**
     * Fetches what has to be fetched and says what will change. Fails with an {@code ActivityPubException}; UNREACHABLE
     * leads to another attempt later, everything else drops the activity.
     */
    CompletionStage<Effect> prepare(Received received);

    /** Nothing to fetch. */
    static CompletionStage<Effect> now(Effect effect) {
        return CompletableFuture.completedFuture(effect);
    }
}
