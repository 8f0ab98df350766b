// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.inbox;

import dev.tributary.activitypub.ActivityPubException;
import dev.tributary.activitypub.ActivityPubException.Reason;
import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.SignatureVerifier;
import dev.tributary.activitypub.VerifiedActor;
import dev.tributary.activitypub.internal.federation.Federation;
import dev.tributary.activitypub.internal.json.Json;
import dev.tributary.core.http.HttpRequest;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.core.http.Problem;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The way in. In this order: type, size and form; who it claims to be from; the signature; whether the signer is the
 * actor; only then whether it was here before, and the store. So nobody can use up another's activity ids.
 */
public final class InboxEndpoint {
    /** JSON-LD that could make one document mean two things; nobody sends it in earnest. */
    private static final Set<String> REFRAMING = Set.of("@graph", "@included", "@reverse");

    private final Federation federation;
    private final Inbox inbox;
    private final SignatureVerifier verifier;
    private final Json json;
    private final RateLimit rate;

    /** An endpoint. */
    public InboxEndpoint(Federation federation, Inbox inbox, SignatureVerifier verifier) {
        this.federation = federation;
        this.inbox = inbox;
        this.verifier = verifier;
        this.json = new Json(federation.limits());
        this.rate = new RateLimit(federation.limits().activitiesPerMinute());
    }

    /**
     * Answers a POST.
     *
     * @param recipientId our actor whose inbox it is; empty for the shared inbox
     * @return fails with {@code ActivityPubException}
     */
    public CompletionStage<HttpResponse> receive(HttpRequest request, String recipientId) {
        String type = request.header("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        if (!type.startsWith("application/activity+json") && !type.startsWith("application/ld+json")) {
            return CompletableFuture.completedFuture(
                    Problem.response(415, "An inbox takes application/activity+json."));
        }
        ApObject activity = ApObject.of(json.readObject(request.body()));
        String actorId = activity.reference("actor").orElse("");
        check(activity, actorId);
        return verifier.verify(request).thenCompose(actor -> store(activity, actorId, actor, recipientId));
    }

    private void check(ApObject activity, String actorId) {
        if (!activity.strings("@context").contains(ApObject.CONTEXT)
                || REFRAMING.stream().anyMatch(activity.properties()::containsKey)) {
            throw new ActivityPubException(Reason.MALFORMED, "Not an activity in the ActivityStreams context");
        }
        String id = activity.id().orElse("");
        if (activity.type().isEmpty() || !federation.remoteUrls().sameOrigin(id, actorId)) {
            throw new ActivityPubException(
                    Reason.MALFORMED, "An activity needs a type, an actor and an id of the actor's origin");
        }
        if (federation.remoteUrls().isBlocked(URI.create(actorId))) {
            throw new ActivityPubException(Reason.REFUSED, "Not welcome here");
        }
    }

    private CompletionStage<HttpResponse> store(
            ApObject activity, String actorId, VerifiedActor actor, String recipientId) {
        if (!actor.actorId().equals(actorId)) {
            throw new ActivityPubException(Reason.NOT_AUTHORIZED, "The signer is not the actor");
        }
        if (!rate.take(
                federation.remoteUrls().origin(actorId), federation.clock().millis())) {
            // Only who proved to be of an origin uses its share up.
            return CompletableFuture.completedFuture(Problem.response(429, "Too much from your server; please wait.")
                    .with("Retry-After", "30"));
        }
        return inbox.accept(new Received(activity, actor, recipientId)).thenApply(outcome -> switch (outcome) {
            case STORED, KNOWN -> HttpResponse.of(202);
            case FULL ->
                Problem.response(503, "The inbox is full; please try again.").with("Retry-After", "60");
        });
    }
}
