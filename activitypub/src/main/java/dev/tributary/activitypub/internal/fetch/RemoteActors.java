// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.fetch;

import dev.tributary.activitypub.ActivityPubException;
import dev.tributary.activitypub.ActivityPubException.Reason;
import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.Limits;
import dev.tributary.activitypub.RemoteActor;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Actors of other instances, by id and by address (RFC 7033 WebFinger), from a bounded cache. Thread-safe. */
public final class RemoteActors {
    private static final Set<String> TYPES = Set.of("Person", "Group", "Application", "Service", "Organization");

    /** Longest display name kept: it goes onto pages. */
    private static final int NAME_LENGTH = 200;

    private final DocumentLoader loader;
    private final RemoteUrl urls;
    private final Limits limits;
    private final InstantSource clock;
    private final ExpiringCache<RemoteActor> cache;

    /** A directory over a loader. */
    public RemoteActors(DocumentLoader loader, RemoteUrl urls, Limits limits, InstantSource clock) {
        this.loader = loader;
        this.urls = urls;
        this.limits = limits;
        this.clock = clock;
        this.cache = new ExpiringCache<>(limits.cachedActors());
    }

    /** Finds an actor by its id. */
    public CompletionStage<RemoteActor> find(String id) {
        RemoteActor known = cache.get(id, clock.instant());
        if (known != null) {
            return CompletableFuture.completedFuture(known);
        }
        return loader.load(id).thenApply(this::learn);
    }

    /** Takes an actor's own document, fetched from its id, into the cache. */
    RemoteActor learn(ApObject document) {
        RemoteActor actor = read(document);
        cache.put(actor.id(), actor, clock.instant(), limits.actorLifetime());
        return actor;
    }

    /** Forgets an actor, for example because it changed. */
    public void forget(String id) {
        cache.remove(id);
    }

    private RemoteActor read(ApObject document) {
        String id = document.id().orElse("");
        String inbox = document.reference("inbox").orElse("");
        String username = document.string("preferredUsername").orElse("");
        if (!TYPES.contains(document.type()) || username.isEmpty() || username.length() > NAME_LENGTH) {
            throw new ActivityPubException(Reason.MALFORMED, "The document is not an actor's");
        }
        if (!urls.sameOrigin(id, inbox)) {
            throw new ActivityPubException(Reason.MALFORMED, "The actor's inbox is missing or of another origin");
        }
        String shared = document.object("endpoints")
                .flatMap(endpoints -> endpoints.reference("sharedInbox"))
                .filter(url -> urls.sameOrigin(id, url))
                .orElse(inbox);
        String name = document.string("name").filter(text -> !text.isBlank()).orElse(username);
        String authority = URI.create(id).getRawAuthority();
        return new RemoteActor(
                id,
                document.type(),
                username + "@" + authority,
                name.substring(0, Math.min(name.length(), NAME_LENGTH)),
                inbox,
                shared,
                document);
    }

    /**
     * Finds an actor by {@code name@host[:port]}, with or without a leading {@code @} or {@code acct:}, or by its URL.
     *
     * @return fails with {@link ActivityPubException}
     */
    public CompletionStage<RemoteActor> lookup(String address) {
        if (address.startsWith("https://") || address.startsWith("http://")) {
            return find(address);
        }
        String account = address.startsWith("acct:") ? address.substring(5) : address;
        account = account.startsWith("@") ? account.substring(1) : account;
        int at = account.lastIndexOf('@');
        if (at <= 0 || at == account.length() - 1 || account.length() > NAME_LENGTH * 2) {
            return CompletableFuture.failedFuture(
                    new ActivityPubException(Reason.MALFORMED, "Not an address: expected name@host"));
        }
        String resource = account;
        String authority = account.substring(at + 1).toLowerCase(Locale.ROOT);
        return webFinger(resource, authority).thenCompose(this::find).thenCompose(actor -> claimed(actor, resource));
    }

    private CompletionStage<String> webFinger(String account, String authority) {
        String url = urls.schemeFor(authority) + "://" + authority + "/.well-known/webfinger?resource="
                + URLEncoder.encode("acct:" + account, StandardCharsets.UTF_8);
        return loader.loadJson(url, "application/jrd+json, application/json").thenApply(jrd -> {
            @Nullable
            String self = jrd.objects("links").stream()
                    .filter(link -> link.string("rel").orElse("").equals("self"))
                    .filter(link -> isActivityType(link.string("type").orElse("")))
                    .flatMap(link -> link.string("href").stream())
                    .findFirst()
                    .orElse(null);
            if (self == null) {
                throw new ActivityPubException(Reason.NOT_FOUND, "WebFinger of " + authority + " names no actor");
            }
            return self;
        });
    }

    private static boolean isActivityType(String type) {
        return type.equals("application/activity+json")
                || type.startsWith("application/ld+json") && type.contains("activitystreams");
    }

    /** An address on another host than the actor's is believed only if the actor's host points back to the actor. */
    private CompletionStage<RemoteActor> claimed(RemoteActor actor, String account) {
        if (actor.address().equalsIgnoreCase(account)) {
            return CompletableFuture.completedFuture(actor);
        }
        return webFinger(actor.address(), actor.authority()).thenApply(self -> {
            if (!self.equals(actor.id())) {
                throw new ActivityPubException(Reason.NOT_AUTHORIZED, "The actor does not claim this address");
            }
            return actor;
        });
    }
}
