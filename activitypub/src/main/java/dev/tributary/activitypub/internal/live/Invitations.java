// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.live;

import dev.tributary.activitypub.ActivityPubException;
import dev.tributary.activitypub.ActivityPubException.Reason;
import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.Invitation;
import dev.tributary.activitypub.InviteState;
import dev.tributary.activitypub.LiveState;
import dev.tributary.activitypub.RemoteActor;
import dev.tributary.activitypub.RemoteLive;
import dev.tributary.activitypub.StageAccess;
import dev.tributary.activitypub.internal.actor.Identity;
import dev.tributary.activitypub.internal.delivery.Outgoing;
import dev.tributary.activitypub.internal.federation.Federation;
import dev.tributary.activitypub.internal.inbox.Effect;
import dev.tributary.activitypub.internal.inbox.InboxRule;
import dev.tributary.activitypub.internal.inbox.Received;
import dev.tributary.activitypub.internal.live.LiveDirectory.Learnt;
import dev.tributary.activitypub.spi.Store.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;

/** Invitations of our actors onto stages elsewhere. Thread-safe. */
public final class Invitations {
    private static final String COLLECTION = "invitations";

    /** An invitation that does not say how long it stands. */
    private static final Duration LIFETIME = Duration.ofHours(1);

    private static final Duration LIFETIME_MAX = Duration.ofDays(30);

    /** While the host works off our Accept, access is asked for so often, with this pause. */
    private static final int JOIN_ATTEMPTS = 20;

    private static final int ROLE_LENGTH = 40;

    private final Federation federation;
    private final LiveDirectory directory;
    private final StageAccessClient access;
    private final Executor pause;
    private final Map<String, ReceivedInvitation> invitations = new ConcurrentHashMap<>();

    /** The invitations of a store; {@code pause} runs what is to be tried again, a moment later. */
    public Invitations(Federation federation, LiveDirectory directory, Executor pause) {
        this.federation = federation;
        this.directory = directory;
        this.access = new StageAccessClient(federation);
        this.pause = pause;
        federation
                .store()
                .transact(tx -> tx.list(COLLECTION, "", federation.limits().openInvitations()))
                .forEach(entry -> restore(ApObject.parse(entry.document())));
    }

    private void restore(ApObject stored) {
        Optional<RemoteLive> live = directory.find(stored.string("live").orElse(""));
        Optional<Identity> guest =
                federation.identities().find(stored.string("guest").orElse(""));
        if (live.isEmpty() || guest.isEmpty()) {
            return;
        }
        ReceivedInvitation invitation = new ReceivedInvitation(
                stored.string("id").orElseThrow(),
                guest.get().actor(),
                live.get(),
                stored.string("host").orElse(""),
                stored.string("inbox").orElse(""),
                stored.string("role").orElse(""),
                InviteState.valueOf(stored.string("state").orElseThrow()),
                stored.flag("confirmed"),
                stored.instant("expires").orElse(Instant.EPOCH),
                this);
        invitations.put(invitation.id(), invitation);
    }

    /** All of them, with the newest of what is known about their lives, those that are valid longest first. */
    public List<Invitation> all() {
        return invitations.values().stream()
                .map(this::current)
                .sorted(Comparator.comparing(ReceivedInvitation::expiresAt, Comparator.reverseOrder())
                        .thenComparing(ReceivedInvitation::id))
                .<Invitation>map(invitation -> invitation)
                .toList();
    }

    private ReceivedInvitation current(ReceivedInvitation invitation) {
        return directory.find(invitation.live().id()).map(invitation::to).orElse(invitation);
    }

    /** Invite: the live is fetched from its origin, and its owner has to be who invites. */
    public InboxRule invited() {
        return received -> {
            Identity guest = received.activity().references("target").stream()
                    .flatMap(target -> federation.identities().find(target).stream())
                    .findFirst()
                    .orElseThrow(() -> new ActivityPubException(Reason.NOT_FOUND, "Nobody here is invited"));
            CompletionStage<RemoteActor> host = federation.actors().find(received.actorId());
            return directory
                    .load(received.objectId())
                    .thenCombine(host, (live, from) -> invite(received, guest, live, from));
        };
    }

    private Effect invite(Received received, Identity guest, Learnt learnt, RemoteActor host) {
        RemoteLive live = learnt.live();
        if (!live.document().references("attributedTo").contains(host.id()) || !live.isInteractive()) {
            throw new ActivityPubException(Reason.NOT_AUTHORIZED, "An invitation to a stage of somebody else");
        }
        Instant now = federation.clock().instant();
        Instant expires = received.activity().instant("endTime").orElse(now.plus(LIFETIME));
        Instant latest = now.plus(LIFETIME_MAX);
        String role = received.activity().string("role").orElse("guest");
        ReceivedInvitation invitation = new ReceivedInvitation(
                received.activity().id().orElseThrow(),
                guest.actor(),
                live,
                host.id(),
                host.inbox(),
                role.substring(0, Math.min(role.length(), ROLE_LENGTH)),
                InviteState.OPEN,
                false,
                expires.isBefore(latest) ? expires : latest,
                this);
        return transaction -> {
            if (invitations.containsKey(invitation.id()) || !now.isBefore(expires)) {
                return List.of();
            }
            makeRoom(transaction, now);
            List<Runnable> after = new ArrayList<>(learnt.keep(transaction));
            keep(transaction, invitation);
            after.add(() -> federation.events().tell(l -> l.invited(invitation)));
            return after;
        };
    }

    private void makeRoom(Transaction transaction, Instant now) {
        if (invitations.size() < federation.limits().openInvitations()) {
            return;
        }
        invitations.values().stream()
                .filter(known -> known.state() != InviteState.ACCEPTED
                        && (!known.state().isOpen() || !now.isBefore(known.expiresAt())))
                .map(ReceivedInvitation::id)
                .toList()
                .forEach(id -> {
                    transaction.remove(COLLECTION, id);
                    invitations.remove(id);
                });
        if (invitations.size() >= federation.limits().openInvitations()) {
            throw new ActivityPubException(Reason.TOO_LARGE, "There are too many open invitations");
        }
    }

    private ReceivedInvitation keep(Transaction transaction, ReceivedInvitation invitation) {
        transaction.put(COLLECTION, invitation.id(), invitation.json());
        invitations.put(invitation.id(), invitation);
        return invitation;
    }

    void answer(String id, String type, InviteState answer) {
        federation.store().transact(tx -> {
            ReceivedInvitation invitation = known(id);
            if (!invitation.state().isOpen() || !federation.clock().instant().isBefore(invitation.expiresAt())) {
                throw new IllegalStateException("The invitation is " + invitation.state() + " and stood until "
                        + invitation.expiresAt() + "; it can no longer be answered");
            }
            keep(tx, invitation.in(answer));
            send(
                    tx,
                    invitation,
                    federation
                            .activity(type, invitation.guest().id())
                            .with("object", invitation.invite())
                            .with("instrument", federation.instance().id()));
            return true;
        });
        federation.wake().run();
    }

    private void send(Transaction transaction, ReceivedInvitation invitation, ApObject activity) {
        federation
                .deliveries()
                .enqueue(
                        transaction,
                        Outgoing.answer(
                                invitation.guest().id(),
                                activity.with("to", List.of(invitation.hostId())),
                                invitation.hostInbox()));
    }

    private ReceivedInvitation known(String id) {
        ReceivedInvitation invitation = invitations.get(id);
        if (invitation == null) {
            throw new IllegalStateException("The invitation is no longer known: " + id);
        }
        return invitation;
    }

    void leave(String id) {
        federation.store().transact(tx -> {
            ReceivedInvitation invitation = known(id);
            if (invitation.state() == InviteState.ACCEPTED) {
                keep(tx, invitation.in(InviteState.LEFT));
                send(
                        tx,
                        invitation,
                        federation
                                .activity("Leave", invitation.guest().id())
                                .with("object", invitation.live().id()));
            }
            return true;
        });
        federation.wake().run();
    }

    CompletionStage<StageAccess> join(String id) {
        CompletableFuture<StageAccess> result = new CompletableFuture<>();
        join(id, JOIN_ATTEMPTS, result);
        return result;
    }

    private void join(String id, int attempts, CompletableFuture<StageAccess> result) {
        ReceivedInvitation invitation = current(known(id));
        if (invitation.state() != InviteState.ACCEPTED) {
            result.completeExceptionally(new ActivityPubException(
                    Reason.REFUSED, "The invitation is " + invitation.state() + "; accept() it first"));
            return;
        }
        access.ask(invitation).whenComplete((granted, failure) -> {
            if (granted != null) {
                result.complete(granted);
                return;
            }
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            boolean notYet = cause instanceof ActivityPubException known && known.reason() == Reason.NOT_FOUND;
            if (notYet && attempts > 1) {
                pause.execute(() -> join(id, attempts - 1, result));
            } else {
                result.completeExceptionally(cause);
            }
        });
    }

    /** Asks the host of a live to let one of ours onto its stage. */
    public CompletionStage<Invitation> knock(Identity guest, String liveId) {
        return directory
                .load(liveId)
                .thenCompose(live -> federation
                        .actors()
                        .find(live.live().personId())
                        .thenApplyAsync(host -> knock(guest, live, host), federation.executor()));
    }

    private Invitation knock(Identity guest, Learnt learnt, RemoteActor host) {
        RemoteLive live = learnt.live();
        if (!live.isInteractive()) {
            throw new ActivityPubException(Reason.REFUSED, "The live has no stage");
        }
        ApObject join = federation
                .activity("Join", guest.id())
                .with("object", live.id())
                .with("instrument", federation.instance().id())
                .with("to", List.of(host.id()));
        ReceivedInvitation knock = new ReceivedInvitation(
                join.id().orElseThrow(),
                guest.actor(),
                live,
                host.id(),
                host.inbox(),
                "guest",
                InviteState.KNOCKING,
                false,
                federation.clock().instant().plus(LIFETIME),
                this);
        List<Runnable> after = new ArrayList<>();
        federation.store().transact(tx -> {
            makeRoom(tx, federation.clock().instant());
            after.addAll(learnt.keep(tx));
            keep(tx, knock);
            send(tx, knock, join);
            return true;
        });
        after.forEach(Runnable::run);
        federation.wake().run();
        return knock;
    }

    /** True if an id is that of a Join of ours. */
    public boolean isKnock(String id) {
        ReceivedInvitation known = invitations.get(id);
        return known != null && known.state() == InviteState.KNOCKING;
    }

    /** The host's answer to a Join of ours. */
    public InboxRule knockAnswered(boolean admitted) {
        return received -> InboxRule.now(transaction -> {
            ReceivedInvitation knock = invitations.get(received.objectId());
            boolean waits = knock != null
                    && knock.state() == InviteState.KNOCKING
                    && knock.hostId().equals(received.actorId());
            if (knock == null || !waits) {
                return List.of();
            }
            if (!admitted) {
                return List.of(ended(transaction, knock, InviteState.REJECTED));
            }
            ReceivedInvitation in =
                    keep(transaction, knock.in(InviteState.ACCEPTED).confirmedByHost());
            return List.of(() -> federation.events().tell(l -> l.invitationConfirmed(in)));
        });
    }

    /** Add to the guests of a stage: the host took note of our Accept. */
    public InboxRule added() {
        return membership(
                invitation -> invitation.state() == InviteState.ACCEPTED && !invitation.confirmed(),
                ReceivedInvitation::confirmedByHost,
                true);
    }

    /** Remove from the guests of a stage. */
    public InboxRule removed() {
        return membership(
                invitation -> invitation.state() == InviteState.ACCEPTED,
                invitation -> invitation.in(InviteState.REMOVED),
                false);
    }

    private InboxRule membership(
            java.util.function.Predicate<ReceivedInvitation> when,
            UnaryOperator<ReceivedInvitation> change,
            boolean confirms) {
        return received -> InboxRule.now(transaction -> {
            String guests = received.activity().reference("target").orElse("");
            List<Runnable> after = new ArrayList<>();
            invitations.values().stream()
                    .filter(invitation -> invitation.hostId().equals(received.actorId()))
                    .filter(invitation -> invitation.guest().id().equals(received.objectId()))
                    .filter(invitation -> guestsOf(invitation.live()).equals(guests))
                    .filter(when)
                    .toList()
                    .forEach(invitation -> {
                        ReceivedInvitation changed = keep(transaction, change.apply(invitation));
                        after.add(() -> federation.events().tell(l -> {
                            if (confirms) {
                                l.invitationConfirmed(changed);
                            } else {
                                l.invitationEnded(changed);
                            }
                        }));
                    });
            return after;
        });
    }

    private static String guestsOf(RemoteLive live) {
        return live.document()
                .object("interactive")
                .flatMap(stage -> stage.reference("guests"))
                .orElse("");
    }

    /** Undo(Invite): the host takes it back. */
    public InboxRule undone() {
        return received -> InboxRule.now(transaction -> {
            ReceivedInvitation invitation = invitations.get(received.objectId());
            if (invitation == null || !invitation.hostId().equals(received.actorId())) {
                return List.of();
            }
            boolean stands = invitation.state().isOpen() || invitation.state() == InviteState.ACCEPTED;
            return stands ? List.of(ended(transaction, invitation, InviteState.WITHDRAWN)) : List.of();
        });
    }

    private Runnable ended(Transaction transaction, ReceivedInvitation invitation, InviteState state) {
        ReceivedInvitation changed = keep(transaction, invitation.in(state));
        return () -> federation.events().tell(l -> l.invitationEnded(changed));
    }

    /** The live is over, and with it what it invited to. */
    public void liveChanged(RemoteLive live) {
        if (live.state() == LiveState.ENDED) {
            liveGone(live.id());
        }
    }

    /** As {@link #liveChanged}, when the live is gone for good. */
    public void liveGone(String liveId) {
        federation
                .store()
                .transact(tx -> invitations.values().stream()
                        .filter(invitation -> invitation.live().id().equals(liveId))
                        .filter(invitation -> invitation.state().isOpen() || invitation.state() == InviteState.ACCEPTED)
                        .toList()
                        .stream()
                        .map(invitation -> ended(tx, invitation, InviteState.WITHDRAWN))
                        .toList())
                .forEach(Runnable::run);
    }
}
