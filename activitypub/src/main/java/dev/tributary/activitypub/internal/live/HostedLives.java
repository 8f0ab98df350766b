// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.live;

import dev.tributary.activitypub.ActivityPubException;
import dev.tributary.activitypub.ActivityPubException.Reason;
import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.InviteState;
import dev.tributary.activitypub.JoinPolicy;
import dev.tributary.activitypub.LiveState;
import dev.tributary.activitypub.LiveStream;
import dev.tributary.activitypub.LiveStreamDescription;
import dev.tributary.activitypub.LiveStreamDescription.Icon;
import dev.tributary.activitypub.internal.federation.Federation;
import dev.tributary.activitypub.internal.inbox.InboxRule;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Our lives, and what answers to their invitations do. Thread-safe. */
public final class HostedLives {
    private final Federation federation;
    private final Map<String, HostedLive> lives = new ConcurrentHashMap<>();
    private final Knocks knocks;

    /** The lives of a store. */
    public HostedLives(Federation federation) {
        this.federation = federation;
        this.knocks = new Knocks(federation, this);
        federation.store().transact(tx -> {
            tx.list(HostedLive.COLLECTION, "", Integer.MAX_VALUE).forEach(entry -> {
                HostedLive live = read(ApObject.parse(entry.document()));
                tx.list(live.invitesCollection(), "", federation.limits().openInvitations())
                        .forEach(invite -> live.restore(SentInvite.read(ApObject.parse(invite.document()), live)));
                lives.put(live.id(), live);
            });
            return true;
        });
    }

    /** All of them. */
    public List<LiveStream> all() {
        return List.copyOf(lives.values());
    }

    /** One of them, for those who serve it. */
    public Optional<LiveStream> find(String id) {
        return Optional.ofNullable(lives.get(id));
    }

    Optional<HostedLive> hosted(String id) {
        return Optional.ofNullable(lives.get(id));
    }

    /** The Video of a live of ours, as it is served. */
    public Optional<ApObject> video(String id) {
        return hosted(id).map(HostedLive::video);
    }

    /** Changes whenever the Video does. */
    public Optional<Object> version(String id) {
        return hosted(id).map(live -> List.of(live.state(), live.epoch(), live.updated()));
    }

    /** The ids of who is on stage. */
    public Optional<List<String>> guests(String id) {
        return hosted(id)
                .map(live -> live.guests().stream()
                        .map(dev.tributary.activitypub.GuestInvite::guestId)
                        .toList());
    }

    /** Announces a live in a state; one with this UUID that is here already goes on under its id instead. */
    public LiveStream announce(LiveStreamDescription description, LiveState state) {
        HostedLive known = lives.get(federation.urls().video(description.uuid()));
        if (known != null) {
            known.update(state);
            return known;
        }
        Instant now = federation.clock().instant();
        HostedLive live = create(description, state, 1, now, now);
        federation.store().transact(tx -> {
            live.announce(tx);
            return true;
        });
        lives.put(live.id(), live);
        federation.wake().run();
        return live;
    }

    private HostedLive create(
            LiveStreamDescription description, LiveState state, int epoch, Instant published, Instant updated) {
        String id = federation.urls().video(description.uuid());
        return new HostedLive(
                federation, description, state, epoch, published, updated, knocks, () -> lives.remove(id));
    }

    /** Accept, TentativeAccept, Reject and TentativeReject of an invitation of ours. */
    public InboxRule answered(InviteState answer) {
        return received -> {
            String inviteId = received.objectId();
            HostedLive live = lives.values().stream()
                    .filter(candidate -> candidate.invites().stream()
                            .anyMatch(invite -> invite.id().equals(inviteId)))
                    .findFirst()
                    .orElseThrow(
                            () -> new ActivityPubException(Reason.NOT_FOUND, "An answer to no invitation of ours"));
            // The instance that will sign for the guest's media has to be the guest's own.
            String instance = received.activity()
                    .reference("instrument")
                    .filter(id -> federation.remoteUrls().sameOrigin(id, received.actorId()))
                    .orElse("");
            return InboxRule.now(tx -> live.answered(tx, inviteId, received.actorId(), answer, instance));
        };
    }

    /** True if an id is that of an invitation of ours. */
    public boolean isInvite(String id) {
        return lives.values().stream()
                .anyMatch(live ->
                        live.invites().stream().anyMatch(invite -> invite.id().equals(id)));
    }

    /** Join: who was not invited asks to come on stage. */
    public InboxRule knocked() {
        return knocks.knocked();
    }

    /** Leave. */
    public InboxRule left() {
        return received -> InboxRule.now(transaction -> hosted(received.objectId())
                .map(live -> live.left(transaction, received.actorId()))
                .orElse(List.of()));
    }

    static ApObject write(HostedLive live) {
        LiveStreamDescription description = live.description();
        return ApObject.of(Map.of())
                .with("uuid", description.uuid())
                .with("person", description.person().id())
                .with("channel", description.channel().id())
                .with("name", description.name())
                .with("summary", description.summary())
                .with("watchPage", description.watchPage())
                .with("whep", description.whep())
                .with("hls", description.hls())
                .with(
                        "icons",
                        description.icons().stream()
                                .map(icon -> Map.of(
                                        "url",
                                        icon.url(),
                                        "mediaType",
                                        icon.mediaType(),
                                        "width",
                                        (long) icon.width(),
                                        "height",
                                        (long) icon.height()))
                                .toList())
                .with("permanent", description.permanent())
                .with("joinPolicy", description.joinPolicy().name())
                .with("maxGuests", (long) description.maxGuests())
                .with("state", live.state().name())
                .with("epoch", (long) live.epoch())
                .with("published", live.published())
                .with("updated", live.updated());
    }

    private HostedLive read(ApObject stored) {
        List<Icon> icons = stored.objects("icons").stream()
                .map(icon -> new Icon(
                        icon.string("url").orElse(""),
                        icon.string("mediaType").orElse(""),
                        (int) icon.integer("width").orElse(1),
                        (int) icon.integer("height").orElse(1)))
                .toList();
        LiveStreamDescription description = new LiveStreamDescription(
                stored.string("uuid").orElseThrow(),
                federation
                        .identities()
                        .get(stored.string("person").orElseThrow())
                        .actor(),
                federation
                        .identities()
                        .get(stored.string("channel").orElseThrow())
                        .actor(),
                stored.string("name").orElseThrow(),
                stored.string("summary").orElse(""),
                stored.string("watchPage").orElse(""),
                stored.string("whep").orElse(""),
                stored.string("hls").orElse(""),
                icons,
                stored.flag("permanent"),
                JoinPolicy.valueOf(stored.string("joinPolicy").orElse("INVITED")),
                (int) stored.integer("maxGuests").orElse(0));
        return create(
                description,
                LiveState.valueOf(stored.string("state").orElseThrow()),
                (int) stored.integer("epoch").orElse(1),
                stored.instant("published").orElseThrow(),
                stored.instant("updated").orElseThrow());
    }
}
