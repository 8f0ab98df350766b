// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.live;

import dev.tributary.activitypub.ActivityPubException;
import dev.tributary.activitypub.ActivityPubException.Reason;
import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.InviteState;
import dev.tributary.activitypub.JoinPolicy;
import dev.tributary.activitypub.LiveState;
import dev.tributary.activitypub.RemoteActor;
import dev.tributary.activitypub.internal.delivery.Outgoing;
import dev.tributary.activitypub.internal.federation.Federation;
import dev.tributary.activitypub.internal.follow.Follows;
import dev.tributary.activitypub.internal.inbox.InboxRule;
import dev.tributary.activitypub.internal.inbox.Received;
import dev.tributary.activitypub.spi.Store.Transaction;
import java.time.Duration;
import java.util.List;

/**
 * Who asks to come on stage without having been invited: a Join in the inbox, answered with Accept or Reject. The host
 * decides, or the policy of the live does. Thread-safe.
 */
public final class Knocks {
    private static final Duration LIFETIME = Duration.ofHours(1);

    /** Who knocks waits in a list that a person looks through. */
    private static final int WAITING_MAX = 100;

    private final Federation federation;
    private final HostedLives lives;

    /** Knocks at the lives of an instance. */
    public Knocks(Federation federation, HostedLives lives) {
        this.federation = federation;
        this.lives = lives;
    }

    /** Join. */
    public InboxRule knocked() {
        return received -> {
            HostedLive live = lives.hosted(received.objectId())
                    .orElseThrow(() -> new ActivityPubException(Reason.NOT_FOUND, "A Join to no stage of ours"));
            return federation.actors().find(received.actorId()).thenApply(guest -> {
                if (!HostedLive.understandsStages(guest)) {
                    // PeerTube would read an Accept of a Join as one of a follow.
                    throw new ActivityPubException(Reason.REFUSED, "The guest's server does not know stages");
                }
                return transaction -> knocked(transaction, live, received, guest);
            });
        };
    }

    private List<Runnable> knocked(Transaction transaction, HostedLive live, Received received, RemoteActor guest) {
        synchronized (live) {
            if (live.guest(guest.id()).isPresent() || live.awaits(guest.id()) || live.isKnocking(guest.id())) {
                return List.of();
            }
            String instance = received.activity()
                    .reference("instrument")
                    .filter(id -> federation.remoteUrls().sameOrigin(id, guest.id()))
                    .orElse("");
            SentInvite knock = new SentInvite(
                    received.activity().id().orElseThrow(),
                    guest.id(),
                    guest.address(),
                    guest.name(),
                    guest.inbox(),
                    "guest",
                    instance,
                    InviteState.KNOCKING,
                    federation.clock().instant().plus(LIFETIME),
                    live);
            boolean open = live.state() != LiveState.ENDED
                    && live.description().joinPolicy() != JoinPolicy.INVITED
                    && live.knocking() < WAITING_MAX;
            if (!open) {
                answer(transaction, live, knock, "Reject");
                return List.of();
            }
            live.keep(transaction, knock);
            return isWelcome(transaction, live, guest)
                    ? admit(transaction, live, knock)
                    : List.of(() -> federation.events().tell(l -> l.knocked(live, knock)));
        }
    }

    private static boolean isWelcome(Transaction transaction, HostedLive live, RemoteActor guest) {
        return switch (live.description().joinPolicy()) {
            case OPEN -> true;
            case FOLLOWERS ->
                transaction.get(Follows.followers(live.description().channel().id()), guest.id()) != null;
            case KNOCK, INVITED -> false;
        };
    }

    private List<Runnable> admit(Transaction transaction, HostedLive live, SentInvite knock) {
        if (live.guests().size() >= live.description().maxGuests()) {
            return refuse(transaction, live, knock);
        }
        SentInvite guest = live.keep(transaction, knock.in(InviteState.ACCEPTED));
        answer(transaction, live, guest, "Accept");
        live.admitted(transaction, guest);
        return List.of(() -> federation.events().tell(l -> l.inviteAnswered(live, guest)));
    }

    private List<Runnable> refuse(Transaction transaction, HostedLive live, SentInvite knock) {
        live.keep(transaction, knock.in(InviteState.REJECTED));
        answer(transaction, live, knock, "Reject");
        return List.of();
    }

    private void answer(Transaction transaction, HostedLive live, SentInvite knock, String type) {
        String person = live.description().person().id();
        ApObject join = ApObject.ofType("Join")
                .with("id", knock.id())
                .with("actor", knock.guestId())
                .with("object", live.id());
        ApObject activity =
                federation.activity(type, person).with("object", join).with("to", List.of(knock.guestId()));
        federation.deliveries().enqueue(transaction, Outgoing.answer(person, activity, knock.guestInbox()));
    }

    /** The host's answer. */
    void answer(HostedLive live, String knockId, boolean admitted) {
        federation
                .store()
                .transact(tx -> {
                    synchronized (live) {
                        SentInvite knock = live.knock(knockId).orElse(null);
                        if (knock == null) {
                            return List.<Runnable>of();
                        }
                        return admitted ? admit(tx, live, knock) : refuse(tx, live, knock);
                    }
                })
                .forEach(Runnable::run);
        federation.wake().run();
    }
}
