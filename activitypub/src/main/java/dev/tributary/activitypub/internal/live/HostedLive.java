// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.live;

import dev.tributary.activitypub.ActivityPubException;
import dev.tributary.activitypub.ActivityPubException.Reason;
import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.GuestInvite;
import dev.tributary.activitypub.InviteState;
import dev.tributary.activitypub.LiveState;
import dev.tributary.activitypub.LiveStream;
import dev.tributary.activitypub.LiveStreamDescription;
import dev.tributary.activitypub.RemoteActor;
import dev.tributary.activitypub.internal.actor.ActorDocument;
import dev.tributary.activitypub.internal.delivery.Outgoing;
import dev.tributary.activitypub.internal.federation.Federation;
import dev.tributary.activitypub.spi.Store.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/**
 * One of our lives: its state, whom it invited, and the activities that tell of both. Every change is one transaction of
 * store and outgoing activities. Within a transaction this object's lock is taken, never the other way round.
 */
final class HostedLive implements LiveStream {
    static final String COLLECTION = "lives";

    private final Federation federation;
    private final LiveStreamDescription description;
    private final String id;
    private final Instant published;
    private final Knocks knocks;
    private final Runnable deleted;
    private final Map<String, SentInvite> invites = new LinkedHashMap<>();
    private volatile LiveState state;
    private volatile int epoch;
    private volatile Instant updated;

    HostedLive(
            Federation federation,
            LiveStreamDescription description,
            LiveState state,
            int epoch,
            Instant published,
            Instant updated,
            Knocks knocks,
            Runnable deleted) {
        this.knocks = knocks;
        this.deleted = deleted;
        this.federation = federation;
        this.description = description;
        this.id = federation.urls().video(description.uuid());
        this.state = state;
        this.epoch = epoch;
        this.published = published;
        this.updated = updated;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public LiveStreamDescription description() {
        return description;
    }

    @Override
    public LiveState state() {
        return state;
    }

    @Override
    public int epoch() {
        return epoch;
    }

    Instant published() {
        return published;
    }

    Instant updated() {
        return updated;
    }

    /** The Video as it is served and sent. */
    ApObject video() {
        return VideoDocument.write(description, id, federation.instance().id(), state, epoch, published, updated);
    }

    String invitesCollection() {
        return "invites " + id;
    }

    private String guestsId() {
        return id + "/guests";
    }

    private String personId() {
        return description.person().id();
    }

    void restore(SentInvite invite) {
        invites.put(invite.id(), invite);
    }

    /** First notice: Create from the person, Announce from the channel and from the instance. */
    void announce(Transaction transaction) {
        store(transaction);
        String channelId = description.channel().id();
        ApObject video = video();
        ApObject create = federation
                .activity("Create", personId())
                .with("object", video.without("@context"))
                .with("@context", video.properties().get("@context"))
                .with("published", updated)
                .with("to", List.of(ApObject.PUBLIC))
                .with("cc", List.of(personId() + "/followers"));
        send(transaction, Outgoing.news(personId(), create, List.of(personId()), id));
        for (String announcer : List.of(channelId, federation.instance().id())) {
            ApObject announce = federation
                    .activity("Announce", announcer)
                    .with("object", id)
                    .with("published", updated)
                    .with("to", List.of(ApObject.PUBLIC))
                    .with("cc", List.of(announcer + "/followers"));
            send(transaction, Outgoing.news(announcer, announce, List.of(announcer), id));
        }
        Outbox.add(transaction, federation, personId(), create);
    }

    private void send(Transaction transaction, Outgoing outgoing) {
        federation.deliveries().enqueue(transaction, outgoing);
    }

    private void store(Transaction transaction) {
        transaction.put(COLLECTION, id, HostedLives.write(this).json());
    }

    /** Whose followers are told. */
    private List<String> audience() {
        return List.of(
                personId(), description.channel().id(), federation.instance().id());
    }

    private void sendState(Transaction transaction) {
        ApObject video = video();
        ApObject update = federation
                .activity("Update", personId())
                .with("object", video.without("@context"))
                .with("@context", video.properties().get("@context"))
                .with("published", updated)
                .with("to", List.of(ApObject.PUBLIC))
                .with("cc", List.of(personId() + "/followers"));
        Set<String> inboxes = new LinkedHashSet<>();
        invites.values().stream()
                .filter(invite -> invite.state() == InviteState.ACCEPTED)
                .forEach(invite -> inboxes.add(invite.guestInbox()));
        send(transaction, Outgoing.state(personId(), update, audience(), inboxes, id));
    }

    @Override
    public void update(LiveState next) {
        federation.store().transact(tx -> change(tx, next)).forEach(Runnable::run);
        federation.wake().run();
    }

    private synchronized List<Runnable> change(Transaction transaction, LiveState next) {
        boolean restart = state == LiveState.ENDED && next != LiveState.ENDED;
        if (restart && !description.permanent()) {
            throw new IllegalStateException("The live " + id + " ended; only a permanent one begins again");
        }
        if (state == next) {
            return List.of();
        }
        if (restart) {
            epoch++;
        }
        state = next;
        touch();
        store(transaction);
        sendState(transaction);
        return next == LiveState.ENDED ? clearStage(transaction) : List.of();
    }

    /** A newer {@code updated} each time, even within one millisecond: it decides which Update wins. */
    private void touch() {
        Instant now = federation.clock().instant();
        updated = now.isAfter(updated) ? now : updated.plusMillis(1);
    }

    private List<Runnable> clearStage(Transaction transaction) {
        List<Runnable> after = new ArrayList<>();
        for (SentInvite invite : List.copyOf(invites.values())) {
            if (invite.state() == InviteState.ACCEPTED) {
                SentInvite over = keep(transaction, invite.in(InviteState.REMOVED));
                after.add(() -> federation.events().tell(l -> l.guestRevoked(this, over)));
            } else if (invite.state().isOpen() || invite.state() == InviteState.KNOCKING) {
                keep(transaction, invite.in(InviteState.WITHDRAWN));
            }
        }
        return after;
    }

    synchronized SentInvite keep(Transaction transaction, SentInvite invite) {
        transaction.put(invitesCollection(), invite.id(), invite.json());
        invites.put(invite.id(), invite);
        return invite;
    }

    @Override
    public void delete() {
        end();
        federation.store().transact(tx -> {
            erase(tx);
            return true;
        });
        federation.wake().run();
    }

    private synchronized void erase(Transaction transaction) {
        ApObject delete =
                federation.activity("Delete", personId()).with("object", id).with("to", List.of(ApObject.PUBLIC));
        transaction.remove(COLLECTION, id);
        invites.keySet().forEach(invite -> transaction.remove(invitesCollection(), invite));
        deleted.run();
        send(transaction, Outgoing.news(personId(), delete, audience(), id));
    }

    @Override
    public CompletionStage<GuestInvite> invite(String address, String role, Duration lifetime) {
        return federation
                .actors()
                .lookup(address)
                .thenCompose(this::capable)
                .thenApplyAsync(
                        guest -> {
                            GuestInvite sent = federation.store().transact(tx -> send(tx, guest, role, lifetime));
                            federation.wake().run();
                            return sent;
                        },
                        federation.executor());
    }

    private CompletionStage<RemoteActor> capable(RemoteActor guest) {
        if (!understandsStages(guest)) {
            throw new ActivityPubException(
                    Reason.REFUSED,
                    guest.address() + " is on a server that does not understand invitations to a stage");
        }
        return CompletableFuture.completedFuture(guest);
    }

    /** Whether an actor's server understands Invite: the actor says so, or the instance it names does (FEP-844e). */
    static boolean understandsStages(RemoteActor guest) {
        ApObject document = guest.document();
        return Stream.concat(Stream.of(document), document.objects("generator").stream())
                .flatMap(object -> object.objects("implements").stream())
                .anyMatch(link -> link.string("href").orElse("").equals(ActorDocument.GUEST_CAPABILITY));
    }

    private synchronized SentInvite send(Transaction transaction, RemoteActor guest, String role, Duration lifetime) {
        if (state == LiveState.ENDED) {
            throw new ActivityPubException(Reason.REFUSED, "The live is over");
        }
        Optional<SentInvite> standing = invites.values().stream()
                .filter(invite -> invite.guestId().equals(guest.id()))
                .filter(invite -> invite.state() == InviteState.ACCEPTED || canBeAnswered(invite))
                .findFirst();
        if (standing.isPresent()) {
            return standing.get();
        }
        Instant expires = federation.clock().instant().plus(lifetime);
        ApObject activity = federation
                .activity("Invite", personId())
                .with("object", id)
                .with("target", guest.id())
                .with("instrument", federation.instance().id())
                .with("role", role)
                .with("endTime", expires)
                .with("to", List.of(guest.id()));
        SentInvite invite = new SentInvite(
                activity.id().orElseThrow(),
                guest.id(),
                guest.address(),
                guest.name(),
                guest.inbox(),
                role,
                "",
                InviteState.OPEN,
                expires,
                this);
        send(transaction, Outgoing.answer(personId(), activity, guest.inbox()));
        return keep(transaction, invite);
    }

    private boolean canBeAnswered(SentInvite invite) {
        return invite.state().isOpen() && federation.clock().instant().isBefore(invite.expiresAt());
    }

    @Override
    public synchronized List<GuestInvite> invites() {
        return List.copyOf(invites.values());
    }

    /** The guest's answer. The first final one wins; from whom it is was checked to be the signer. */
    synchronized List<Runnable> answered(
            Transaction transaction, String inviteId, String actorId, InviteState answer, String instanceId) {
        SentInvite invite = invites.get(inviteId);
        if (invite == null || !invite.guestId().equals(actorId)) {
            throw new ActivityPubException(Reason.NOT_AUTHORIZED, "An answer to an invitation of somebody else");
        }
        if (!canBeAnswered(invite) || state == LiveState.ENDED) {
            return List.of();
        }
        if (answer == InviteState.ACCEPTED && guests().size() >= description.maxGuests()) {
            // The stage is full: the guest is told that the invitation no longer stands.
            sendUndo(transaction, invite);
            keep(transaction, invite.in(InviteState.WITHDRAWN));
            return List.of();
        }
        SentInvite answered = keep(transaction, invite.accepted(answer, instanceId));
        if (answer == InviteState.ACCEPTED) {
            admitted(transaction, answered);
        }
        return List.of(() -> federation.events().tell(l -> l.inviteAnswered(this, answered)));
    }

    /** Tells a guest, and everybody, that it is on the list now. */
    synchronized void admitted(Transaction transaction, SentInvite guest) {
        sendMembership(transaction, "Add", guest);
        touch();
        store(transaction);
        sendState(transaction);
    }

    private void sendMembership(Transaction transaction, String type, SentInvite invite) {
        ApObject activity = federation
                .activity(type, personId())
                .with("object", invite.guestId())
                .with("target", guestsId())
                .with("to", List.of(invite.guestId()));
        send(transaction, Outgoing.answer(personId(), activity, invite.guestInbox()));
    }

    private void sendUndo(Transaction transaction, SentInvite invite) {
        ApObject undo = federation
                .activity("Undo", personId())
                .with("object", invite.invite())
                .with("to", List.of(invite.guestId()));
        send(transaction, Outgoing.answer(personId(), undo, invite.guestInbox()));
    }

    /** Leave: the guest goes. */
    synchronized List<Runnable> left(Transaction transaction, String actorId) {
        return invites.values().stream()
                .filter(invite -> invite.guestId().equals(actorId) && invite.state() == InviteState.ACCEPTED)
                .findFirst()
                .map(invite -> over(transaction, invite.in(InviteState.LEFT)))
                .orElse(List.of());
    }

    private List<Runnable> over(Transaction transaction, SentInvite invite) {
        keep(transaction, invite);
        touch();
        store(transaction);
        sendState(transaction);
        return List.of(() -> federation.events().tell(l -> l.guestRevoked(this, invite)));
    }

    void revoke(String inviteId) {
        federation.store().transact(tx -> revoke(tx, inviteId)).forEach(Runnable::run);
        federation.wake().run();
    }

    private synchronized List<Runnable> revoke(Transaction transaction, String inviteId) {
        SentInvite invite = invites.get(inviteId);
        if (invite != null && invite.state() == InviteState.ACCEPTED) {
            sendMembership(transaction, "Remove", invite);
            return over(transaction, invite.in(InviteState.REMOVED));
        }
        if (invite != null && invite.state().isOpen()) {
            sendUndo(transaction, invite);
            keep(transaction, invite.in(InviteState.WITHDRAWN));
        }
        return List.of();
    }

    void answerKnock(String knockId, boolean admitted) {
        knocks.answer(this, knockId, admitted);
    }

    /** Who knocks and waits for an answer. */
    synchronized Optional<SentInvite> knock(String knockId) {
        return Optional.ofNullable(invites.get(knockId)).filter(invite -> invite.state() == InviteState.KNOCKING);
    }

    /** How many knock. */
    synchronized long knocking() {
        return invites.values().stream()
                .filter(invite -> invite.state() == InviteState.KNOCKING)
                .count();
    }

    synchronized boolean isKnocking(String actorId) {
        return invites.values().stream()
                .anyMatch(invite -> invite.guestId().equals(actorId) && invite.state() == InviteState.KNOCKING);
    }

    /** The invitation of a guest who may come on stage now. */
    synchronized Optional<SentInvite> guest(String actorId) {
        return invites.values().stream()
                .filter(invite -> invite.guestId().equals(actorId) && invite.state() == InviteState.ACCEPTED)
                .findFirst();
    }

    /** True if an invitation of this actor waits for its answer: it may be on its way. */
    synchronized boolean awaits(String actorId) {
        return invites.values().stream().anyMatch(invite -> invite.guestId().equals(actorId) && canBeAnswered(invite));
    }
}
