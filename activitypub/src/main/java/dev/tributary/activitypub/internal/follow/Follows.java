// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.follow;

import dev.tributary.activitypub.ActivityPubException;
import dev.tributary.activitypub.ActivityPubException.Reason;
import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.LocalActor;
import dev.tributary.activitypub.RemoteActor;
import dev.tributary.activitypub.internal.actor.Identity;
import dev.tributary.activitypub.internal.delivery.Audience;
import dev.tributary.activitypub.internal.delivery.Outgoing;
import dev.tributary.activitypub.internal.federation.Federation;
import dev.tributary.activitypub.internal.inbox.InboxRule;
import dev.tributary.activitypub.internal.inbox.Received;
import dev.tributary.activitypub.spi.Store.Transaction;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Follow, Accept, Reject and Undo(Follow), and the two collections behind them. Thread-safe. */
public final class Follows {
    private final Federation federation;

    /** The follows of an instance. */
    public Follows(Federation federation) {
        this.federation = federation;
    }

    /** The store's collection of an actor's followers. */
    public static String followers(String actorId) {
        return "followers " + actorId;
    }

    /** The store's collection of whom an actor follows. */
    public static String following(String actorId) {
        return "following " + actorId;
    }

    /** Follows an actor by its address or id; completes when the Follow is on its way. */
    public CompletionStage<RemoteActor> follow(LocalActor follower, String address) {
        Identity identity = federation.identities().get(follower.id());
        return federation
                .actors()
                .lookup(address)
                .thenApplyAsync(
                        target -> {
                            if (federation.urls().isOurs(target.id())) {
                                throw new ActivityPubException(
                                        Reason.REFUSED, "An actor of this instance needs no follow");
                            }
                            ApObject follow = federation
                                    .activity("Follow", identity.id())
                                    .with("object", target.id())
                                    .with("to", List.of(target.id()));
                            ApObject state = ApObject.of(Map.of())
                                    .with("state", "pending")
                                    .with("follow", follow.id().orElseThrow())
                                    .with("inbox", target.inbox());
                            federation.store().transact(tx -> {
                                tx.put(following(identity.id()), target.id(), state.json());
                                federation
                                        .deliveries()
                                        .enqueue(tx, Outgoing.answer(identity.id(), follow, target.inbox()));
                                return true;
                            });
                            federation.wake().run();
                            return target;
                        },
                        federation.executor());
    }

    /** Ends a follow. Does nothing when there is none. */
    public void unfollow(LocalActor follower, String targetId) {
        federation.store().transact(tx -> {
            String state = tx.get(following(follower.id()), targetId);
            if (state == null) {
                return false;
            }
            ApObject known = ApObject.parse(state);
            ApObject follow = ApObject.ofType("Follow")
                    .with("id", known.string("follow").orElse(""))
                    .with("actor", follower.id())
                    .with("object", targetId);
            ApObject undo = federation
                    .activity("Undo", follower.id())
                    .with("object", follow)
                    .with("to", List.of(targetId));
            tx.remove(following(follower.id()), targetId);
            known.string("inbox")
                    .ifPresent(
                            inbox -> federation.deliveries().enqueue(tx, Outgoing.answer(follower.id(), undo, inbox)));
            return true;
        });
        federation.wake().run();
    }

    /** True if one of our actors follows another actor, and was accepted or still waits for it. */
    public boolean isFollowed(Transaction transaction, String targetId) {
        return federation.identities().all().stream()
                .anyMatch(identity -> transaction.get(following(identity.id()), targetId) != null);
    }

    /** Follow: everybody may, at present; answered with Accept to the follower's own inbox, as PeerTube asks. */
    public InboxRule follow() {
        return received -> {
            Identity target = federation
                    .identities()
                    .find(received.objectId())
                    .orElseThrow(() -> new ActivityPubException(Reason.NOT_FOUND, "Follow of nobody here"));
            return federation.actors().find(received.actorId()).thenApply(follower -> transaction -> {
                ApObject accept = federation
                        .activity("Accept", target.id())
                        .with("object", received.activity().without("@context"))
                        .with("to", List.of(follower.id()));
                boolean isNew = !forget(transaction, target.id(), follower.id());
                Audience.add(transaction, target.id(), follower.sharedInbox());
                transaction.put(
                        followers(target.id()),
                        follower.id(),
                        ApObject.of(Map.of())
                                .with("inbox", follower.inbox())
                                .with("sharedInbox", follower.sharedInbox())
                                .with("follow", received.activity().id().orElse(""))
                                .json());
                federation.deliveries().enqueue(transaction, Outgoing.answer(target.id(), accept, follower.inbox()));
                return isNew
                        ? List.of(() -> federation.events().tell(l -> l.followed(target.actor(), follower)))
                        : List.of();
            });
        };
    }

    /** Accept and Reject of a follow of ours; found by the follow's id, or else by who and whom, as PeerTube's is. */
    public InboxRule answer(boolean accepted) {
        return received -> InboxRule.now(transaction -> {
            Optional<Identity> follower = whoAsked(transaction, received);
            if (follower.isEmpty()) {
                return List.of();
            }
            LocalActor actor = follower.get().actor();
            String collection = following(actor.id());
            if (!accepted) {
                transaction.remove(collection, received.actorId());
                return List.of(() -> federation.events().tell(l -> l.followRejected(actor, received.actorId())));
            }
            ApObject state =
                    ApObject.parse(java.util.Objects.requireNonNull(transaction.get(collection, received.actorId())));
            if (state.string("state").orElse("").equals("accepted")) {
                return List.of();
            }
            transaction.put(
                    collection,
                    received.actorId(),
                    state.with("state", "accepted").json());
            return List.of(() -> federation.events().tell(l -> l.followAccepted(actor, received.actorId())));
        });
    }

    private Optional<Identity> whoAsked(Transaction transaction, Received received) {
        String followId = received.objectId();
        ApObject follow = received.activity().object("object").orElse(ApObject.of(Map.of()));
        for (Identity identity : federation.identities().all()) {
            @Nullable String state = transaction.get(following(identity.id()), received.actorId());
            if (state == null) {
                continue;
            }
            boolean byId = ApObject.parse(state).string("follow").orElse("").equals(followId);
            boolean byPair = follow.reference("actor").orElse("").equals(identity.id());
            if (byId || byPair || received.recipientId().equals(identity.id())) {
                return Optional.of(identity);
            }
        }
        return Optional.empty();
    }

    /** Undo(Follow). */
    public InboxRule undo() {
        return received -> InboxRule.now(transaction -> {
            ApObject follow = received.activity().object("object").orElse(ApObject.of(Map.of()));
            for (Identity identity : federation.identities().all()) {
                @Nullable String known = transaction.get(followers(identity.id()), received.actorId());
                if (known == null) {
                    continue;
                }
                boolean byTarget = follow.reference("object").orElse("").equals(identity.id());
                boolean byId = ApObject.parse(known).string("follow").orElse("").equals(received.objectId());
                if (byTarget || byId) {
                    forget(transaction, identity.id(), received.actorId());
                    return List.of(
                            () -> federation.events().tell(l -> l.unfollowed(identity.actor(), received.actorId())));
                }
            }
            return List.of();
        });
    }

    /** Takes a follower away; false when it was none. */
    private static boolean forget(Transaction transaction, String actorId, String followerId) {
        @Nullable String known = transaction.get(followers(actorId), followerId);
        if (known == null) {
            return false;
        }
        ApObject.parse(known).string("sharedInbox").ifPresent(inbox -> Audience.remove(transaction, actorId, inbox));
        return transaction.remove(followers(actorId), followerId);
    }

    /** What the end of an actor means for follows. */
    public List<Runnable> gone(Transaction transaction, String actorId) {
        federation.identities().all().forEach(identity -> {
            forget(transaction, identity.id(), actorId);
            transaction.remove(following(identity.id()), actorId);
        });
        return List.of();
    }
}
