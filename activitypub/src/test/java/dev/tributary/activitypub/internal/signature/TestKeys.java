// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.signature;

import dev.tributary.activitypub.ActivityPubException;
import dev.tributary.activitypub.ActivityPubException.Reason;
import dev.tributary.activitypub.ActorPublicKey;
import dev.tributary.activitypub.KeyDirectory;
import java.security.KeyPair;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Two key pairs, made once, and a directory that holds what a test puts into it. */
public final class TestKeys implements KeyDirectory {
    public static final KeyPair ALICE = Pem.generate();
    public static final KeyPair MALLORY = Pem.generate();
    public static final String ALICE_ID = "https://a.example/ap/u/alice";
    public static final String ALICE_KEY = ALICE_ID + "#main-key";

    public final Map<String, ActorPublicKey> cached = new HashMap<>();
    public final Map<String, ActorPublicKey> fresh = new HashMap<>();
    public int refreshes;

    public static TestKeys withAlice() {
        TestKeys keys = new TestKeys();
        ActorPublicKey key = new ActorPublicKey(ALICE_KEY, ALICE_ID, ALICE.getPublic());
        keys.cached.put(ALICE_KEY, key);
        keys.fresh.put(ALICE_KEY, key);
        return keys;
    }

    @Override
    public CompletionStage<ActorPublicKey> find(String keyId) {
        return answer(cached, keyId);
    }

    @Override
    public CompletionStage<ActorPublicKey> refresh(String keyId) {
        refreshes++;
        return answer(fresh, keyId);
    }

    private static CompletionStage<ActorPublicKey> answer(Map<String, ActorPublicKey> keys, String keyId) {
        ActorPublicKey key = keys.get(keyId);
        return key == null
                ? CompletableFuture.failedFuture(new ActivityPubException(Reason.KEY_UNAVAILABLE, "no such key"))
                : CompletableFuture.completedFuture(key);
    }
}
