// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.live;

import dev.tributary.activitypub.AccessIssuer;
import dev.tributary.activitypub.ActivityPubException;
import dev.tributary.activitypub.ActivityPubException.Reason;
import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.LiveState;
import dev.tributary.activitypub.SignatureVerifier;
import dev.tributary.activitypub.StageAccess;
import dev.tributary.activitypub.VerifiedActor;
import dev.tributary.activitypub.internal.federation.Federation;
import dev.tributary.activitypub.internal.json.Json;
import dev.tributary.core.http.HttpRequest;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.core.http.Problem;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Where a guest's instance asks for access: a Join, signed by the guest, each signature good for once. Only who accepted
 * an invitation gets an answer, and only while the live is not over.
 */
public final class StageAccessEndpoint {
    private final Federation federation;
    private final HostedLives lives;
    private final SignatureVerifier verifier;
    private final AccessIssuer issuer;
    private final Json json;

    /** The endpoint for the lives of an instance. */
    public StageAccessEndpoint(
            Federation federation, HostedLives lives, SignatureVerifier verifier, AccessIssuer issuer) {
        this.federation = federation;
        this.lives = lives;
        this.verifier = verifier;
        this.issuer = issuer;
        this.json = new Json(federation.limits());
    }

    /** Answers a POST for one live. Fails with {@code ActivityPubException}. */
    public CompletionStage<HttpResponse> join(String liveId, HttpRequest request) {
        HostedLive live =
                lives.hosted(liveId).orElseThrow(() -> new ActivityPubException(Reason.NOT_FOUND, "No such live"));
        ApObject join = ApObject.of(json.readObject(request.body()));
        return verifier.verifyOnce(request).thenComposeAsync(actor -> join(live, join, actor), federation.executor());
    }

    private CompletionStage<HttpResponse> join(HostedLive live, ApObject join, VerifiedActor actor) {
        String object = join.reference("object").orElse("");
        boolean meant = join.isType("Join")
                && join.reference("actor").orElse("").equals(actor.actorId())
                && (object.equals(live.id()) || object.equals(live.id() + "/stage"));
        if (!meant) {
            throw new ActivityPubException(Reason.NOT_AUTHORIZED, "Not a Join of the signer to this stage");
        }
        if (live.state() == LiveState.ENDED) {
            throw new ActivityPubException(Reason.REFUSED, "The live is over");
        }
        SentInvite guest = live.guest(actor.actorId()).orElse(null);
        if (guest == null) {
            // The answer to the invitation may still be on its way through our inbox.
            return CompletableFuture.completedFuture(
                    live.awaits(actor.actorId())
                            ? Problem.response(409, "The invitation was not answered yet.")
                                    .with("Retry-After", "1")
                            : Problem.response(403, "Only guests of this stage may join."));
        }
        return issuer.issue(new AccessIssuer.Request(
                        live,
                        guest.guestId(),
                        guest.guestAddress(),
                        guest.guestName(),
                        guest.instanceId(),
                        guest.role()))
                .thenApply(this::answer);
    }

    private HttpResponse answer(StageAccess access) {
        if (!access.expiresAt().isAfter(federation.clock().instant())) {
            throw new IllegalStateException("The AccessIssuer gave access that has expired: " + access.expiresAt());
        }
        ApObject answer = ApObject.of(Map.of())
                .with("whip", access.whip())
                .with("whep", access.whep())
                .with("token", access.token())
                .with("expiresAt", access.expiresAt());
        return HttpResponse.of(200, "application/json", answer.json()).with("Cache-Control", "no-store");
    }
}
