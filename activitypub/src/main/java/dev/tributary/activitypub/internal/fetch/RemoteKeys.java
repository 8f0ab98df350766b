// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.fetch;

import dev.tributary.activitypub.ActivityPubException;
import dev.tributary.activitypub.ActivityPubException.Reason;
import dev.tributary.activitypub.ActorPublicKey;
import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.KeyDirectory;
import dev.tributary.activitypub.Limits;
import dev.tributary.activitypub.internal.signature.Pem;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Public keys of other instances' actors. A key counts only if the document of its owner lists it. Fetches are shared
 * by all who ask at the same time, bounded in number, and a failure is remembered: garbage with made-up key ids costs
 * one fetch, not one per request. Thread-safe.
 */
public final class RemoteKeys implements KeyDirectory {
    private record Known(
            @Nullable ActorPublicKey key, @Nullable ActivityPubException failure) {
        CompletionStage<ActorPublicKey> stage() {
            ActorPublicKey found = key;
            return found != null
                    ? CompletableFuture.completedFuture(found)
                    : CompletableFuture.failedFuture(failure == null ? unavailable("no key") : failure);
        }
    }

    private final DocumentLoader loader;
    private final RemoteActors actors;
    private final RemoteUrl urls;
    private final Limits limits;
    private final InstantSource clock;
    private final ExpiringCache<Known> cache;
    private final ExpiringCache<Boolean> refreshed;
    private final Map<String, CompletionStage<ActorPublicKey>> underway = new HashMap<>();

    /** A directory over a loader; documents that are actors go into the cache of actors as well. */
    public RemoteKeys(DocumentLoader loader, RemoteActors actors, RemoteUrl urls, Limits limits, InstantSource clock) {
        this.loader = loader;
        this.actors = actors;
        this.urls = urls;
        this.limits = limits;
        this.clock = clock;
        this.cache = new ExpiringCache<>(limits.cachedKeys());
        this.refreshed = new ExpiringCache<>(limits.cachedKeys());
    }

    @Override
    public CompletionStage<ActorPublicKey> find(String keyId) {
        Known known = cache.get(keyId, clock.instant());
        return known != null ? known.stage() : fetch(keyId);
    }

    @Override
    public CompletionStage<ActorPublicKey> refresh(String keyId) {
        if (refreshed.get(keyId, clock.instant()) != null) {
            return find(keyId);
        }
        refreshed.put(keyId, true, clock.instant(), limits.keyRetry());
        return fetch(keyId);
    }

    private CompletionStage<ActorPublicKey> fetch(String keyId) {
        CompletableFuture<ActorPublicKey> result;
        synchronized (underway) {
            CompletionStage<ActorPublicKey> running = underway.get(keyId);
            if (running != null) {
                return running;
            }
            if (underway.size() >= limits.keyFetches()) {
                return CompletableFuture.failedFuture(unavailable("too many key fetches are under way"));
            }
            result = new CompletableFuture<>();
            underway.put(keyId, result);
        }
        resolve(keyId).whenComplete((key, failure) -> {
            if (key != null) {
                cache.put(keyId, new Known(key, null), clock.instant(), limits.keyLifetime());
                // A key that was just fetched is as fresh as it gets.
                refreshed.put(keyId, true, clock.instant(), limits.keyRetry());
            } else {
                cache.put(keyId, new Known(null, cause(failure)), clock.instant(), limits.keyRetry());
            }
            synchronized (underway) {
                underway.remove(keyId);
            }
            if (key != null) {
                result.complete(key);
            } else {
                result.completeExceptionally(cause(failure));
            }
        });
        return result;
    }

    private static ActivityPubException cause(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof ActivityPubException known && known.reason() == Reason.GONE) {
            return known;
        }
        return cause == null
                ? unavailable("no key")
                : new ActivityPubException(
                        Reason.KEY_UNAVAILABLE, "The key cannot be had: " + cause.getMessage(), cause);
    }

    private CompletionStage<ActorPublicKey> resolve(String keyId) {
        return loader.load(keyId).thenCompose(document -> {
            if (document.string("publicKeyPem").isPresent()) {
                // A key document of its own: the owner, of the same origin, has to list it.
                String owner = document.reference("owner")
                        .or(() -> document.reference("controller"))
                        .orElse("");
                if (!urls.sameOrigin(owner, keyId)) {
                    throw unavailable("the key's owner is of another origin");
                }
                return loader.load(owner).thenApply(actor -> listedKey(actor, keyId));
            }
            return CompletableFuture.completedFuture(listedKey(document, keyId));
        });
    }

    private ActorPublicKey listedKey(ApObject owner, String keyId) {
        String ownerId = owner.id().orElse("");
        for (ApObject key : owner.objects("publicKey")) {
            // Old PeerTube versions sign with the actor's id as the key's.
            boolean named = key.id().orElse("").equals(keyId) || ownerId.equals(keyId);
            String pem = key.string("publicKeyPem").orElse("");
            if (named
                    && !pem.isEmpty()
                    && key.reference("owner").orElse(ownerId).equals(ownerId)) {
                actors.learn(owner);
                return new ActorPublicKey(keyId, ownerId, Pem.readPublic(pem, limits));
            }
        }
        if (owner.references("publicKey").contains(keyId)) {
            throw unavailable("the owner names the key without its value");
        }
        throw unavailable("its owner does not list it");
    }

    private static ActivityPubException unavailable(String why) {
        return new ActivityPubException(Reason.KEY_UNAVAILABLE, "The key cannot be had: " + why);
    }
}
