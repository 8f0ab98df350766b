// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.live;

import dev.tributary.activitypub.ActivityPubException;
import dev.tributary.activitypub.ActivityPubException.Reason;
import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.RemoteLive;
import dev.tributary.activitypub.internal.federation.Federation;
import dev.tributary.activitypub.internal.follow.Follows;
import dev.tributary.activitypub.internal.inbox.Effect;
import dev.tributary.activitypub.internal.inbox.InboxRule;
import dev.tributary.activitypub.internal.inbox.Received;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What Create, Update, Announce and Delete may do to the directory of lives. */
public final class LiveRules {
    private final Federation federation;
    private final Follows follows;
    private final LiveDirectory directory;

    /** The rules for a directory. */
    public LiveRules(Federation federation, Follows follows, LiveDirectory directory) {
        this.federation = federation;
        this.follows = follows;
        this.directory = directory;
    }

    /**
     * Create and Update: an embedded Video counts if it is of the actor's origin and names the actor as owner; any other
     * is fetched from where it lives.
     */
    public InboxRule published() {
        return received -> {
            Optional<ApObject> video = received.activity().object("object");
            if (video.isPresent() && !video.get().isType("Video") || !concernsUs(received)) {
                return InboxRule.now(Effect.NONE);
            }
            CompletionStage<LiveDirectory.Learnt> learnt =
                    video.filter(embedded -> isOwn(received, embedded)).isPresent()
                            ? directory.learn(video.get())
                            : directory.load(received.objectId());
            return learnt.thenApply(found -> {
                if (!isOwn(received, found.live().document())) {
                    throw new ActivityPubException(Reason.NOT_AUTHORIZED, "The Video does not name the actor");
                }
                return found::keep;
            });
        };
    }

    /** Announce: the live is fetched from its origin, so whoever announces it cannot change it. */
    public InboxRule announced() {
        return received -> {
            boolean followed = federation.store().transact(tx -> follows.isFollowed(tx, received.actorId()));
            return followed
                    ? directory.load(received.objectId()).thenApply(found -> found::keep)
                    : InboxRule.now(Effect.NONE);
        };
    }

    private boolean concernsUs(Received received) {
        return directory.find(received.objectId()).isPresent()
                || federation.store().transact(tx -> follows.isFollowed(tx, received.actorId()));
    }

    private boolean isOwn(Received received, ApObject video) {
        return federation.remoteUrls().sameOrigin(video.id().orElse(""), received.actorId())
                && video.references("attributedTo").contains(received.actorId());
    }

    /** Delete, of a live by who owns it or by its instance, or of an actor by itself. */
    public InboxRule deleted() {
        return received -> InboxRule.now(transaction -> {
            String id = received.objectId();
            List<Runnable> after = new ArrayList<>();
            if (id.equals(received.actorId())) {
                federation.actors().forget(id);
                after.addAll(follows.gone(transaction, id));
                after.addAll(directory.gone(transaction, id));
            }
            Optional<RemoteLive> live = directory.find(id);
            if (live.isPresent() && owns(received.actorId(), live.get())) {
                after.addAll(directory.forget(transaction, id));
            }
            return after;
        });
    }

    private static boolean owns(String actorId, RemoteLive live) {
        return live.personId().equals(actorId)
                || live.channelId().equals(actorId)
                || live.instanceId().equals(actorId);
    }
}
