// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.live;

import dev.tributary.activitypub.ActivityPubException;
import dev.tributary.activitypub.ActivityPubException.Reason;
import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.LiveState;
import dev.tributary.activitypub.RemoteActor;
import dev.tributary.activitypub.RemoteLive;
import dev.tributary.activitypub.RemoteLives;
import dev.tributary.activitypub.internal.federation.Federation;
import dev.tributary.activitypub.spi.Store.Transaction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The lives of other instances. What is newer wins; who owns a live never changes. Thread-safe. */
public final class LiveDirectory implements RemoteLives {
    private static final String COLLECTION = "remote-lives";

    /** PeerTube sends each notice once: lives on air are asked after. */
    private static final long POLL_MILLIS = 120_000;

    /** An actor list longer than this is not searched for a channel. */
    private static final int OWNERS = 4;

    private final Federation federation;
    private final Map<String, RemoteLive> lives = new ConcurrentHashMap<>();
    private final Map<String, Long> heardAtMillis = new ConcurrentHashMap<>();

    /** The lives of a store. */
    public LiveDirectory(Federation federation) {
        this.federation = federation;
        federation
                .store()
                .transact(tx -> tx.list(COLLECTION, "", federation.limits().remoteLives()))
                .forEach(entry -> {
                    ApObject kept = ApObject.parse(entry.document());
                    RemoteActor host = host(kept);
                    RemoteLive live = VideoDocument.read(
                            kept.object("video").orElseThrow(), host, federation.remoteUrls()::isAcceptable);
                    if (live != null) {
                        lives.put(live.id(), live);
                    }
                });
    }

    private static RemoteActor host(ApObject kept) {
        String id = kept.string("hostId").orElse("");
        String address = kept.string("hostAddress").orElse("");
        return new RemoteActor(
                id,
                kept.string("hostType").orElse("Person"),
                address,
                kept.string("hostName").orElse(address),
                "",
                "",
                ApObject.of(Map.of()));
    }

    @Override
    public List<RemoteLive> all() {
        return lives.values().stream()
                .sorted(Comparator.comparing((RemoteLive live) -> !live.state().isOnAir())
                        .thenComparing(RemoteLive::updated, Comparator.reverseOrder())
                        .thenComparing(RemoteLive::id))
                .toList();
    }

    @Override
    public Optional<RemoteLive> find(String id) {
        return Optional.ofNullable(lives.get(id));
    }

    @Override
    public void refresh(String id) {
        RemoteLive known = lives.get(id);
        if (known == null) {
            return;
        }
        heardAtMillis.put(id, federation.clock().millis());
        load(id).whenCompleteAsync(
                        (learnt, failure) -> {
                            if (learnt != null) {
                                federation.store().transact(learnt::keep).forEach(Runnable::run);
                            } else if (isGone(failure)) {
                                federation
                                        .store()
                                        .transact(tx -> forget(tx, id))
                                        .forEach(Runnable::run);
                            }
                        },
                        federation.executor());
    }

    private static boolean isGone(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof ActivityPubException known
                && (known.reason() == Reason.GONE || known.reason() == Reason.NOT_FOUND);
    }

    /** Asks after lives on air that were not heard of for a while. */
    public void poll() {
        long now = federation.clock().millis();
        lives.values().stream()
                .filter(live -> live.state().isOnAir())
                .filter(live -> now - heardAtMillis.computeIfAbsent(live.id(), ignored -> now) >= POLL_MILLIS)
                .forEach(live -> refresh(live.id()));
    }

    /** A live that was read, and not yet kept. */
    public interface Learnt {
        /** The live. */
        RemoteLive live();

        /** Keeps it, if it is newer than what is known, and gives what is to be done after the transaction. */
        List<Runnable> keep(Transaction transaction);
    }

    /** Fetches a live from its origin. */
    public CompletionStage<Learnt> load(String id) {
        return federation.loader().load(id).thenCompose(this::learn);
    }

    /** Reads a live from a Video whose origin vouches for it. Fails if it is no live. */
    public CompletionStage<Learnt> learn(ApObject video) {
        return hostOf(video).thenApply(host -> {
            RemoteLive live = VideoDocument.read(video, host, federation.remoteUrls()::isAcceptable);
            if (live == null) {
                throw new ActivityPubException(Reason.NOT_FOUND, "The Video is no live stream");
            }
            return new Learnt() {
                @Override
                public RemoteLive live() {
                    return live;
                }

                @Override
                public List<Runnable> keep(Transaction transaction) {
                    return LiveDirectory.this.keep(transaction, live, host);
                }
            };
        });
    }

    /** The channel of a Video, or its account: the first Group of its origin among those it names. */
    private CompletionStage<RemoteActor> hostOf(ApObject video) {
        String id = video.id().orElse("");
        List<CompletableFuture<RemoteActor>> owners = video.references("attributedTo").stream()
                .filter(owner -> federation.remoteUrls().sameOrigin(owner, id))
                .limit(OWNERS)
                .map(owner -> federation.actors().find(owner).toCompletableFuture())
                .toList();
        if (owners.isEmpty()) {
            throw new ActivityPubException(Reason.NOT_AUTHORIZED, "The Video names no owner of its own origin");
        }
        return CompletableFuture.allOf(owners.toArray(CompletableFuture[]::new))
                .thenApply(ignored -> owners.stream()
                        .map(CompletableFuture::join)
                        .filter(actor -> actor.type().equals("Group"))
                        .findFirst()
                        .orElse(owners.get(0).join()));
    }

    private List<Runnable> keep(Transaction transaction, RemoteLive live, RemoteActor host) {
        RemoteLive known = lives.get(live.id());
        heardAtMillis.put(live.id(), federation.clock().millis());
        if (known != null && (!supersedes(live, known) || !known.personId().equals(live.personId()))) {
            return List.of();
        }
        List<Runnable> after = new ArrayList<>();
        if (known == null && lives.size() >= federation.limits().remoteLives()) {
            Optional<RemoteLive> over = lives.values().stream()
                    .filter(other -> !other.state().isOnAir())
                    .min(Comparator.comparing(RemoteLive::updated));
            if (over.isEmpty()) {
                throw new ActivityPubException(Reason.TOO_LARGE, "The directory of lives is full");
            }
            after.addAll(forget(transaction, over.get().id()));
        }
        transaction.put(
                COLLECTION,
                live.id(),
                ApObject.of(Map.of())
                        .with("video", live.document())
                        .with("hostId", host.id())
                        .with("hostType", host.type())
                        .with("hostAddress", host.address())
                        .with("hostName", host.name())
                        .json());
        lives.put(live.id(), live);
        if (!live.equals(known)) {
            after.add(() -> federation.events().tell(l -> l.liveChanged(live)));
        }
        return after;
    }

    static boolean supersedes(RemoteLive live, RemoteLive known) {
        if (live.epoch() != known.epoch()) {
            return live.epoch() > known.epoch();
        }
        // Within an epoch there is no way back from the end: a notice that was overtaken must not revive it.
        boolean revived = live.isInteractive() && known.state() == LiveState.ENDED && live.state() != LiveState.ENDED;
        return !revived && !live.updated().isBefore(known.updated());
    }

    /** Takes a live away. */
    public List<Runnable> forget(Transaction transaction, String id) {
        if (!transaction.remove(COLLECTION, id)) {
            return List.of();
        }
        lives.remove(id);
        heardAtMillis.remove(id);
        return List.of(() -> federation.events().tell(l -> l.liveDeleted(id)));
    }

    /** Takes every live of an actor away. */
    public List<Runnable> gone(Transaction transaction, String actorId) {
        return lives.values().stream()
                .filter(live ->
                        live.personId().equals(actorId) || live.channelId().equals(actorId))
                .flatMap(live -> forget(transaction, live.id()).stream())
                .toList();
    }
}
