// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.runtime;

import dev.tributary.activitypub.AccessIssuer;
import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.FediverseListener;
import dev.tributary.activitypub.InviteState;
import dev.tributary.activitypub.Limits;
import dev.tributary.activitypub.LocalActor;
import dev.tributary.activitypub.LocalActor.Kind;
import dev.tributary.activitypub.Recipients;
import dev.tributary.activitypub.RemoteLive;
import dev.tributary.activitypub.SignatureVerifier;
import dev.tributary.activitypub.internal.actor.Identities;
import dev.tributary.activitypub.internal.actor.Identity;
import dev.tributary.activitypub.internal.actor.Urls;
import dev.tributary.activitypub.internal.delivery.Deliveries;
import dev.tributary.activitypub.internal.delivery.Outgoing;
import dev.tributary.activitypub.internal.federation.Events;
import dev.tributary.activitypub.internal.federation.Federation;
import dev.tributary.activitypub.internal.fetch.DocumentLoader;
import dev.tributary.activitypub.internal.fetch.RemoteActors;
import dev.tributary.activitypub.internal.fetch.RemoteKeys;
import dev.tributary.activitypub.internal.fetch.RemoteUrl;
import dev.tributary.activitypub.internal.follow.Follows;
import dev.tributary.activitypub.internal.inbox.Inbox;
import dev.tributary.activitypub.internal.inbox.InboxEndpoint;
import dev.tributary.activitypub.internal.inbox.InboxRule;
import dev.tributary.activitypub.internal.live.HostedLives;
import dev.tributary.activitypub.internal.live.Invitations;
import dev.tributary.activitypub.internal.live.LiveDirectory;
import dev.tributary.activitypub.internal.live.LiveRules;
import dev.tributary.activitypub.internal.live.StageAccessEndpoint;
import dev.tributary.activitypub.internal.server.Routes;
import dev.tributary.activitypub.spi.Store;
import dev.tributary.core.http.HttpClient;
import dev.tributary.core.http.HttpRequest;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.core.http.Problem;
import java.security.KeyPair;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Puts an instance together and keeps it going: the only place that knows all parts. */
public final class Runtime implements AutoCloseable {
    private final Pump pump;
    private final Store store;
    private final Events events = new Events();
    private final Limits limits;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Supplier<KeyPair> keyPairs;
    private final Urls urls;
    private final RemoteUrl remoteUrls;
    private final HttpClient client;
    private @Nullable Parts parts;

    private record Parts(
            Federation federation,
            Follows follows,
            LiveDirectory directory,
            HostedLives hosted,
            Invitations invitations,
            Inbox inbox,
            SignatureVerifier verifier,
            Routes routes) {}

    /** What was configured. Nothing runs before {@link #start}. */
    public Runtime(
            String baseUrl,
            Store store,
            HttpClient client,
            boolean allowPrivateAddresses,
            Predicate<String> blocked,
            Limits limits,
            InstantSource clock,
            RandomGenerator random,
            Supplier<KeyPair> keyPairs,
            @Nullable Executor executor,
            boolean pulled) {
        this.urls = new Urls(baseUrl);
        this.store = store;
        this.client = client;
        this.limits = limits;
        this.clock = clock;
        this.random = random;
        this.keyPairs = keyPairs;
        this.remoteUrls = new RemoteUrl(limits, allowPrivateAddresses, blocked);
        this.pump = new Pump(executor, pulled, this::runDue);
    }

    /** Adds a listener. */
    public void listen(FediverseListener listener) {
        events.add(listener);
    }

    /** Loads what is stored and begins. */
    public void start(String username, String name, String software, String version, AccessIssuer issuer) {
        Identities identities = new Identities(store, urls, clock, keyPairs);
        Identity instance = identities.obtain(Kind.INSTANCE, username, name, "");
        DocumentLoader loader = new DocumentLoader(client, instance.signer(), remoteUrls, limits);
        RemoteActors actors = new RemoteActors(loader, remoteUrls, limits, clock);
        RemoteKeys keys = new RemoteKeys(loader, actors, remoteUrls, limits, clock);
        Deliveries deliveries = new Deliveries(
                store, identities, loader, remoteUrls, limits, clock, pump.executor(), random, pump::wake);
        Federation federation = new Federation(
                store,
                urls,
                remoteUrls,
                identities,
                instance,
                loader,
                actors,
                deliveries,
                events,
                clock,
                limits,
                pump.executor(),
                pump::wake);
        SignatureVerifier verifier = SignatureVerifier.of(urls.base(), keys, limits, clock);
        Follows follows = new Follows(federation);
        LiveDirectory directory = new LiveDirectory(federation);
        HostedLives hosted = new HostedLives(federation);
        Invitations invitations = new Invitations(federation, directory, pump.soon());
        Inbox inbox = inbox(federation, follows, directory, hosted, invitations);
        Routes routes = new Routes(
                federation,
                hosted,
                new InboxEndpoint(federation, inbox, verifier),
                new StageAccessEndpoint(federation, hosted, verifier, issuer),
                software,
                version);
        events.add(new FediverseListener() {
            @Override
            public void liveChanged(RemoteLive live) {
                invitations.liveChanged(live);
            }

            @Override
            public void liveDeleted(String id) {
                invitations.liveGone(id);
            }
        });
        parts = new Parts(federation, follows, directory, hosted, invitations, inbox, verifier, routes);
        pump.start();
    }

    private static Inbox inbox(
            Federation federation,
            Follows follows,
            LiveDirectory directory,
            HostedLives hosted,
            Invitations invitations) {
        LiveRules lives = new LiveRules(federation, follows, directory);
        InboxRule accepted = received -> hosted.isInvite(received.objectId())
                ? hosted.answered(InviteState.ACCEPTED).prepare(received)
                : invitations.isKnock(received.objectId())
                        ? invitations.knockAnswered(true).prepare(received)
                        : follows.answer(true).prepare(received);
        InboxRule rejected = received -> hosted.isInvite(received.objectId())
                ? hosted.answered(InviteState.REJECTED).prepare(received)
                : invitations.isKnock(received.objectId())
                        ? invitations.knockAnswered(false).prepare(received)
                        : follows.answer(false).prepare(received);
        InboxRule undone = received -> received.activity()
                        .object("object")
                        .map(object -> object.isType("Follow"))
                        .orElse(false)
                ? follows.undo().prepare(received)
                : invitations.undone().prepare(received);
        return new Inbox(federation)
                .rule(follows.follow(), "Follow")
                .rule(accepted, "Accept")
                .rule(rejected, "Reject")
                .rule(undone, "Undo")
                .rule(hosted.answered(InviteState.TENTATIVE), "TentativeAccept")
                .rule(hosted.answered(InviteState.REJECTED), "TentativeReject")
                .rule(hosted.knocked(), "Join")
                .rule(hosted.left(), "Leave")
                .rule(lives.published(), "Create", "Update")
                .rule(lives.announced(), "Announce")
                .rule(lives.deleted(), "Delete")
                .rule(invitations.invited(), "Invite")
                .rule(invitations.added(), "Add")
                .rule(invitations.removed(), "Remove");
    }

    private Parts parts() {
        Parts started = parts;
        if (started == null) {
            throw new IllegalStateException("start() was not called");
        }
        return started;
    }

    /** The parts that several others need. */
    public Federation federation() {
        return parts().federation();
    }

    /** Who follows whom. */
    public Follows follows() {
        return parts().follows();
    }

    /** Lives of others. */
    public LiveDirectory directory() {
        return parts().directory();
    }

    /** Lives of ours. */
    public HostedLives hosted() {
        return parts().hosted();
    }

    /** Onto stages of others. */
    public Invitations invitations() {
        return parts().invitations();
    }

    /** Who signed a request to us. */
    public SignatureVerifier verifier() {
        return parts().verifier();
    }

    /** One of our actors, made if need be. */
    public LocalActor actor(Kind kind, String username, String name, String ownerId) {
        return federation().identities().obtain(kind, username, name, ownerId).actor();
    }

    /** Sends an activity of one of our actors. */
    public ApObject send(LocalActor sender, ApObject activity, Recipients recipients) {
        Federation federation = federation();
        String actorId = federation.identities().get(sender.id()).id();
        ApObject whole = federation.completed(activity, actorId);
        federation.send(Outgoing.ordinary(
                actorId, whole, recipients.inboxes(), recipients.followersOf(), recipients.orderedBy()));
        return whole;
    }

    /** True if we have an answer to a request of this path. */
    public boolean serves(HttpRequest request) {
        return Routes.isOurs(request.path());
    }

    /** Answers a request. */
    public CompletionStage<HttpResponse> handle(HttpRequest request) {
        if (pump.isClosed()) {
            return CompletableFuture.completedFuture(Problem.response(503, "The server is shutting down."));
        }
        if (!serves(request)) {
            return CompletableFuture.completedFuture(Problem.response(404, "Nothing is served under this path."));
        }
        return parts().routes().answer(request);
    }

    /** Begins what is due. */
    public int runDue() {
        if (pump.isClosed()) {
            return 0;
        }
        int begun = parts().inbox().runDue() + parts().federation().deliveries().runDue();
        parts().directory().poll();
        return begun;
    }

    @Override
    public void close() {
        if (pump.close()) {
            store.close();
        }
    }
}
