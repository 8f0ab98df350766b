// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

import dev.tributary.activitypub.LocalActor.Kind;
import dev.tributary.activitypub.internal.runtime.Runtime;
import dev.tributary.activitypub.internal.signature.Pem;
import dev.tributary.activitypub.spi.Store;
import dev.tributary.core.http.GuardedHttpClient;
import dev.tributary.core.http.HttpClient;
import dev.tributary.core.http.HttpHandler;
import dev.tributary.core.http.HttpRequest;
import dev.tributary.core.http.HttpResponse;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An instance of the Fediverse: its actors, its lives, its guests, and everything that other servers ask of it over HTTP.
 *
 * <pre>{@code
 * var fediverse = ActivityPub.builder("https://tv.example")
 *         .store(Stores.file(Path.of("data/fediverse")))
 *         .accessIssuer(rooms::issueToken)
 *         .build();
 * LocalActor alice = fediverse.person("alice", "Alice");
 * LocalActor channel = fediverse.channel("alice_live", "Alice live", alice);
 * HttpServer.bind(8080).mount("/", fediverse).start();
 *
 * LiveStream live = fediverse.goLive(LiveStreamDescription.builder(alice, channel, "Friday session")
 *         .watchPage("https://tv.example/watch/friday").whep("https://tv.example/live/friday/whep").build());
 * live.invite("bob@other.example");
 * }</pre>
 *
 * <p>It serves paths under {@code /ap/}, {@code /nodeinfo/} and {@code /.well-known/} only; see {@link #orElse}. Requests
 * must reach it with the path that stood in the request line, because signatures cover it.
 *
 * <p>Thread-safe. {@link #close} ends its threads and its store; afterwards requests are answered 503.
 *
 * @since 0.1
 */
public final class ActivityPub implements HttpHandler, AutoCloseable {
    private final Runtime runtime;

    private final @Nullable GuardedHttpClient ownClient;

    private ActivityPub(Builder builder) {
        ownClient = builder.httpClient != null
                ? null
                : GuardedHttpClient.builder()
                        .allowPrivateAddresses(builder.allowPrivateAddresses)
                        .build();
        runtime = new Runtime(
                builder.baseUrl,
                builder.store == null ? Stores.file(Path.of("data", "activitypub")) : builder.store,
                builder.httpClient == null ? Objects.requireNonNull(ownClient) : builder.httpClient,
                builder.allowPrivateAddresses,
                builder.blocked,
                builder.limits,
                builder.clock,
                builder.random,
                builder.keyPairs,
                builder.executor,
                builder.pulled);
        builder.listeners.forEach(runtime::listen);
        runtime.start(
                builder.instanceUsername,
                builder.instanceName,
                builder.software,
                builder.version,
                builder.accessIssuer);
    }

    /**
     * Begins an instance.
     *
     * @param baseUrl scheme, host and, unless it is the default one, port under which peers reach it; part of every id,
     *     so it never changes
     */
    public static Builder builder(String baseUrl) {
        return new Builder(baseUrl);
    }

    @Override
    public CompletionStage<HttpResponse> handle(HttpRequest request) {
        return runtime.handle(request);
    }

    /** A handler that gives the requests that are not for ActivityPub to another one. */
    public HttpHandler orElse(HttpHandler other) {
        return request -> runtime.serves(request) ? handle(request) : other.handle(request);
    }

    /** The account of a user name; made, with a new key, if there is none. */
    public LocalActor person(String username, String name) {
        return runtime.actor(Kind.PERSON, username, name, "");
    }

    /**
     * The channel of a user name; made, with a new key, if there is none.
     *
     * @param username not the owner's: PeerTube tells actors apart by it
     */
    public LocalActor channel(String username, String name, LocalActor owner) {
        return runtime.actor(Kind.CHANNEL, username, name, owner.id());
    }

    /** The instance's own actor. */
    public LocalActor instanceActor() {
        return runtime.federation().instance().actor();
    }

    /** An actor of this instance by its user name. */
    public Optional<LocalActor> localActor(String username) {
        return runtime.federation().identities().byUsername(username).map(identity -> identity.actor());
    }

    /** Finds an actor by {@code name@host[:port]} or by its id. Fails with {@link ActivityPubException}. */
    public CompletionStage<RemoteActor> lookup(String address) {
        return runtime.federation().actors().lookup(address);
    }

    /**
     * Follows an actor of another instance. {@link FediverseListener#followAccepted} tells when it was accepted.
     *
     * @param follower one of ours; the instance actor to get a channel's lives for all
     * @param address {@code name@host[:port]} or an id
     * @return the actor, once the Follow is stored to be sent; fails with {@link ActivityPubException}
     */
    public CompletionStage<RemoteActor> follow(LocalActor follower, String address) {
        return runtime.follows().follow(follower, address);
    }

    /** Ends a follow. */
    public void unfollow(LocalActor follower, String targetId) {
        runtime.follows().unfollow(follower, targetId);
    }

    /** Announces a live that is on air; one with this UUID that is known goes on, in its next epoch if it had ended. */
    public LiveStream goLive(LiveStreamDescription description) {
        return announce(description, LiveState.LIVE);
    }

    /** Announces a live in any state, for example PLANNED or LOBBY. */
    public LiveStream announce(LiveStreamDescription description, LiveState state) {
        return runtime.hosted().announce(description, state);
    }

    /** The lives of this instance that were not deleted. */
    public List<LiveStream> hostedLives() {
        return runtime.hosted().all();
    }

    /** The lives of the neighbourhood. */
    public RemoteLives lives() {
        return runtime.directory();
    }

    /** The invitations that our actors received. */
    public List<Invitation> invitations() {
        return runtime.invitations().all();
    }

    /**
     * Asks to come on the stage of a live without having been invited. {@link FediverseListener#invitationConfirmed} tells
     * that the host let our actor in, {@link FediverseListener#invitationEnded} that it did not.
     *
     * @param liveId the id of its Video
     * @return how it stands; fails with {@link ActivityPubException}
     */
    public CompletionStage<Invitation> knock(LocalActor guest, String liveId) {
        return runtime.invitations().knock(runtime.federation().identities().get(guest.id()), liveId);
    }

    /** One more listener. */
    public void listener(FediverseListener listener) {
        runtime.listen(listener);
    }

    /**
     * Sends an activity of one of ours, for what the module does not know: notes, likes, what an application makes up.
     * Context, actor and id are added where they are missing; {@code to} and {@code cc} are the caller's. Returns when it
     * is stored; what was stored is sent, also after a crash.
     *
     * @return the activity as it is sent
     * @throws IllegalArgumentException if the actor or the id is somebody else's
     */
    public ApObject send(LocalActor sender, ApObject activity, Recipients recipients) {
        return runtime.send(sender, activity, recipients);
    }

    /** Signs requests as the instance actor, for example those of a pipe to another media server. */
    public RequestSigner requestSigner() {
        return runtime.federation().instance().signer();
    }

    /** Verifies who signed a request to this host, whatever its path: for WHIP and WHEP endpoints of one's own. */
    public SignatureVerifier signatureVerifier() {
        return runtime.verifier();
    }

    /** How many deliveries wait, the ones that are tried again included. */
    public int waitingDeliveries() {
        return runtime.federation().deliveries().waiting();
    }

    /**
     * Does what is due now, for hosts and tests that asked for {@link Builder#pulled}.
     *
     * @return how many things were begun; 0 when there is nothing to do now
     */
    public int runDue() {
        return runtime.runDue();
    }

    /** Ends its threads and its store. Idempotent. */
    @Override
    public void close() {
        runtime.close();
        if (ownClient != null) {
            ownClient.close();
        }
    }

    /** What an instance is made of. Not thread-safe. */
    public static final class Builder {
        private final String baseUrl;
        private @Nullable Store store;
        private @Nullable HttpClient httpClient;
        private boolean allowPrivateAddresses;
        private Limits limits = Limits.DEFAULT;
        private InstantSource clock = InstantSource.system();
        private RandomGenerator random = RandomGenerator.getDefault();
        private Supplier<KeyPair> keyPairs = Pem::generate;
        private @Nullable Executor executor;
        private boolean pulled;
        private String instanceUsername = "tributary";
        private String instanceName = "Tributary";
        private String software = "tributary";
        private String version = "0.1.0";
        private AccessIssuer accessIssuer = request -> CompletableFuture.failedFuture(
                new ActivityPubException(ActivityPubException.Reason.REFUSED, "There is no accessIssuer"));
        private Predicate<String> blocked = authority -> false;
        private final List<FediverseListener> listeners = new ArrayList<>();

        private Builder(String baseUrl) {
            this.baseUrl = baseUrl;
        }

        /** Where state is kept, closed with the instance; the default is an H2 file under {@code data/activitypub}. */
        public Builder store(Store value) {
            store = value;
            return this;
        }

        /**
         * What sends requests, instead of a {@link GuardedHttpClient} of the instance's own. It guards addresses, so it must
         * agree with {@link #allowPrivateAddresses}; it is not closed with the instance.
         */
        public Builder httpClient(HttpClient value) {
            httpClient = value;
            return this;
        }

        /**
         * Talks to private addresses and over plain http: for tests and for two servers on one machine. On the internet
         * this lets strangers make requests into your network.
         */
        public Builder allowPrivateAddresses(boolean value) {
            allowPrivateAddresses = value;
            return this;
        }

        /** Bounds other than {@link Limits#DEFAULT}. */
        public Builder limits(Limits value) {
            limits = value;
            return this;
        }

        /** The wall clock. */
        public Builder clock(InstantSource value) {
            clock = value;
            return this;
        }

        /** Where the jitter of retries comes from. */
        public Builder random(RandomGenerator value) {
            random = value;
            return this;
        }

        /** Where the RSA key pairs of new actors come from; 2048 bits is what every peer accepts. */
        public Builder keyPairs(Supplier<KeyPair> value) {
            keyPairs = value;
            return this;
        }

        /** Where work is done that may block on the store; the default is a small pool of daemon threads. */
        public Builder executor(Executor value) {
            executor = value;
            return this;
        }

        /** No timer: the host calls {@link ActivityPub#runDue}. */
        public Builder pulled() {
            pulled = true;
            return this;
        }

        /** User and display name of the instance actor. The user name must not be an account's. */
        public Builder instance(String username, String name) {
            instanceUsername = username;
            instanceName = name;
            return this;
        }

        /** Name (lower case) and version of the server software, for NodeInfo. */
        public Builder software(String name, String softwareVersion) {
            software = name;
            version = softwareVersion;
            return this;
        }

        /** Gives guests access to a stage; without it every Join is refused. */
        public Builder accessIssuer(AccessIssuer value) {
            accessIssuer = value;
            return this;
        }

        /**
         * Talks to these hosts (with port, if not the default one) and to nobody else: nothing of others is taken, and
         * nothing is fetched from them or sent to them.
         */
        public Builder allowOnly(Set<String> hosts) {
            Set<String> allowed = Set.copyOf(hosts);
            Predicate<String> before = blocked;
            blocked = authority -> before.test(authority) || !allowed.contains(authority);
            return this;
        }

        /**
         * Hosts (with port, if not the default one) that are blocked: nothing of theirs is taken, and nothing is fetched
         * from them or sent to them. Called before {@link #allowOnly}.
         */
        public Builder blocked(Predicate<String> value) {
            blocked = value;
            return this;
        }

        /** One more listener, told from the beginning. */
        public Builder listener(FediverseListener value) {
            listeners.add(value);
            return this;
        }

        /**
         * Opens the store, makes the instance actor if need be, and begins to send what was left over.
         *
         * @throws IllegalArgumentException if the base URL has a path, or no host
         */
        public ActivityPub build() {
            return new ActivityPub(this);
        }
    }
}
