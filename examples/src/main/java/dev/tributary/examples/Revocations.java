// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Who may be on which stage until further notice: a grant hangs on the stage of its key. Thread-safe. */
final class Revocations {
    private final Map<Key, CompletableFuture<Void>> standing = new ConcurrentHashMap<>();

    /**
     * What a grant hangs on.
     *
     * @param stage the room, or the id of the live
     * @param guestId the actor
     */
    record Key(String stage, String guestId) {}

    /** Completes when the key is revoked. */
    CompletionStage<Void> of(Key key) {
        return standing.computeIfAbsent(key, fresh -> new CompletableFuture<>());
    }

    /** Ends every grant that hangs on the key. Whoever comes back later gets a new one. */
    void revoke(Key key) {
        CompletableFuture<Void> revoked = standing.remove(key);
        if (revoked != null) {
            revoked.complete(null);
        }
    }
}
