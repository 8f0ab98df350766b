// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

import java.util.concurrent.CompletionStage;

/**
 * Where a {@link SignatureVerifier} finds public keys. Implementations are thread-safe, never block the caller, and
 * vouch for the owner: the actor's own document lists the key.
 *
 * @since 0.1
 */
public interface KeyDirectory {
    /**
     * Finds a key, from a cache where there is one.
     *
     * @return fails with {@link ActivityPubException}: KEY_UNAVAILABLE, or GONE if the owner is
     */
    CompletionStage<ActorPublicKey> find(String keyId);

    /**
     * Finds a key again because a signature did not verify with the cached one: it may have been replaced.
     * Implementations bound how often they ask the owner, and give the cached key otherwise.
     */
    CompletionStage<ActorPublicKey> refresh(String keyId);
}
