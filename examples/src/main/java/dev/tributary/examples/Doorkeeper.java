// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples;

import dev.tributary.activitypub.ActivityPub;
import dev.tributary.activitypub.Invitation;
import dev.tributary.activitypub.InviteState;
import dev.tributary.activitypub.VerifiedActor;
import dev.tributary.whipwhep.spi.Access;
import dev.tributary.whipwhep.spi.AccessRequest;
import dev.tributary.whipwhep.spi.Grant;
import dev.tributary.whipwhep.spi.Refusal;
import dev.tributary.whipwhep.spi.Right;
import dev.tributary.whipwhep.spi.SessionKind;
import dev.tributary.whipwhep.spi.WhipWhepException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Who may do what in which room. Five kinds of people come to the door:
 *
 * <ol>
 *   <li>the owner of a room, signed in here: publishes as the main source, and is the host;
 *   <li>somebody signed in here who accepted an invitation to a room: publishes as a guest, here, and their instance (we)
 *       passes it on;
 *   <li>another instance with the token of a guest of ours: pushes that guest's tracks;
 *   <li>another instance without a token, known by its signature: pulls the one copy for its own viewers;
 *   <li>everybody else: watches.
 * </ol>
 */
final class Doorkeeper implements Access {
    private final ActivityPub fediverse;
    private final SignInWithoutPassword signIns;
    private final GuestTokens guestTokens;
    private final Neighbourhood neighbourhood;
    private final Revocations ownGuests = new Revocations();

    Doorkeeper(
            ActivityPub fediverse,
            SignInWithoutPassword signIns,
            GuestTokens guestTokens,
            Neighbourhood neighbourhood) {
        this.fediverse = fediverse;
        this.signIns = signIns;
        this.guestTokens = guestTokens;
        this.neighbourhood = neighbourhood;
    }

    @Override
    public CompletionStage<Grant> verify(AccessRequest request) {
        String token = request.token();
        if (token != null) {
            Optional<Account> account = signIns.account(token);
            if (account.isPresent()) {
                return CompletableFuture.completedFuture(signedIn(account.get(), request.room()));
            }
            return guestTokens
                    .find(token)
                    .map(pass -> guestFromElsewhere(pass, request))
                    .orElseGet(() -> refuse(
                            Refusal.UNAUTHENTICATED, "The token is unknown or has expired. Sign in, or join, again."));
        }
        if (request.http().header("Signature").isPresent()) {
            return anotherInstance(request);
        }
        return request.kind() == SessionKind.WHEP
                ? CompletableFuture.completedFuture(Grant.of("", "", Right.PLAY))
                : refuse(
                        Refusal.UNAUTHENTICATED,
                        "Publishing needs a token. POST your name to /api/sign-in, and send the token as a bearer token.");
    }

    private Grant signedIn(Account account, String room) {
        String id = account.person().id();
        if (room.equals(account.name())) {
            return Grant.of(id, account.label(), Right.PLAY, Right.PUBLISH_MAIN, Right.HOST);
        }
        if (invitation(id, room).isPresent()) {
            return Grant.of(id, account.label(), Right.PLAY, Right.PUBLISH_GUEST)
                    .revokedBy(ownGuests.of(new Revocations.Key(room, id)));
        }
        return Grant.of(id, account.label(), Right.PLAY);
    }

    /** The invitation by which an account of ours may be on a stage. */
    Optional<Invitation> invitation(String guestId, String room) {
        return fediverse.invitations().stream()
                .filter(invitation -> invitation.state() == InviteState.ACCEPTED
                        && invitation.guest().id().equals(guestId))
                .filter(invitation -> neighbourhood.room(invitation.live()).equals(Optional.of(room)))
                .findFirst();
    }

    /** Ends what an account of ours publishes as a guest in a room. */
    void revoke(String guestId, String room) {
        ownGuests.revoke(new Revocations.Key(room, guestId));
    }

    private CompletionStage<Grant> guestFromElsewhere(GuestTokens.Pass pass, AccessRequest request) {
        if (!pass.room().equals(request.room())) {
            return refuse(Refusal.FORBIDDEN, "The token is for the room " + pass.room() + ".");
        }
        if (pass.instanceId().isEmpty()) {
            return CompletableFuture.completedFuture(
                    Grant.of(pass.guestId(), pass.label(), Right.PUBLISH_GUEST, Right.PLAY)
                            .revokedBy(guestTokens.revoked(pass)));
        }
        return signer(request).thenApply(signer -> {
            if (!signer.actorId().equals(pass.instanceId())) {
                throw new WhipWhepException(
                        Refusal.FORBIDDEN, "The token was given to another instance than the one that signed.");
            }
            Set<Right> rights = EnumSet.of(Right.PUBLISH_GUEST, Right.PIPE);
            return new Grant(
                    pass.guestId(), pass.instanceId(), pass.label(), rights, Instant.MAX, guestTokens.revoked(pass));
        });
    }

    private CompletionStage<Grant> anotherInstance(AccessRequest request) {
        if (request.kind() == SessionKind.WHIP) {
            return refuse(
                    Refusal.UNAUTHENTICATED,
                    "A signature alone does not let an instance publish. Join with an invited guest first.");
        }
        if (request.room().indexOf('@') >= 0) {
            return refuse(Refusal.FORBIDDEN, "Pull this stream from its own instance; this one does not relay it.");
        }
        return signer(request)
                .thenCompose(signer -> fediverse.lookup(signer.actorId()))
                .thenApply(actor -> {
                    if (!actor.type().equals("Application") && !actor.type().equals("Service")) {
                        throw new WhipWhepException(
                                Refusal.FORBIDDEN, "A pipe is signed by an instance's actor, not by a " + actor.type());
                    }
                    return Grant.ofInstance(actor.id(), actor.authority(), Right.PLAY);
                });
    }

    private CompletionStage<VerifiedActor> signer(AccessRequest request) {
        return fediverse.signatureVerifier().verify(request.http()).exceptionally(failure -> {
            throw new CompletionException(
                    new WhipWhepException(Refusal.UNAUTHENTICATED, "The signature does not verify."));
        });
    }

    private static CompletionStage<Grant> refuse(Refusal refusal, String detail) {
        return CompletableFuture.failedFuture(new WhipWhepException(refusal, detail));
    }
}
