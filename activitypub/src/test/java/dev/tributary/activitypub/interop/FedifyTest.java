// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.activitypub.ActivityPub;
import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.FediverseListener;
import dev.tributary.activitypub.LiveState;
import dev.tributary.activitypub.LiveStream;
import dev.tributary.activitypub.LiveStreamDescription;
import dev.tributary.activitypub.LocalActor;
import dev.tributary.activitypub.Recipients;
import dev.tributary.activitypub.RemoteActor;
import dev.tributary.activitypub.SignatureScheme;
import dev.tributary.activitypub.Stores;
import dev.tributary.activitypub.VerifiedActor;
import dev.tributary.core.http.GuardedHttpClient;
import dev.tributary.core.http.HttpServer;
import dev.tributary.core.http.OutboundRequest;
import dev.tributary.testkit.foreign.ForeignProgram;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With Fedify, the library that most new servers of the Fediverse are built on: follow, deliver and a live, both ways. */
class FedifyTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final FediverseListener listener = new FediverseListener() {
        @Override
        public void followed(LocalActor actor, RemoteActor follower) {
            heard.add("followed " + actor.username() + " by " + follower.address());
        }

        @Override
        public void followAccepted(LocalActor actor, String targetId) {
            heard.add("accepted " + actor.username());
        }

        @Override
        public void received(ApObject activity, VerifiedActor actor) {
            heard.add("received " + activity.type() + " by " + actor.scheme() + " "
                    + activity.object("object")
                            .flatMap(object -> object.string("content"))
                            .orElse(""));
        }
    };

    @ParameterizedTest
    @CsvSource({"draft-cavage-http-signatures-12, CAVAGE", "rfc9421, RFC9421"})
    void followsDeliversAndTellsOfALiveBothWays(String knock, SignatureScheme scheme) throws Exception {
        int port = freePort();
        int fedifyPort = freePort();
        String base = "http://localhost:" + port;
        try (ForeignProgram fedify = NodeProgram.start("fedify-peer.mjs", String.valueOf(fedifyPort), knock);
                ActivityPub ours = ActivityPub.builder(base)
                        .store(Stores.memory())
                        .allowPrivateAddresses(true)
                        .listener(listener)
                        .build();
                HttpServer server = HttpServer.bind(port).mount("/", ours).start()) {
            assertThat(server.port()).isEqualTo(port);
            fedify.awaitLine("READY", PATIENCE);
            LocalActor alice = ours.person("alice", "Alice");
            LocalActor channel = ours.channel("alice_live", "Alice live", alice);

            // They follow us: the account and the channel.
            fedify.send("follow " + alice.id());
            awaitHeard("received Follow by " + scheme);
            // Fedify asks https for an address, so the channel is named by its id.
            fedify.send("follow " + channel.id());
            awaitHeard("followed alice_live by bob@localhost:" + fedifyPort);
            assertThat(fedify.awaitLine("GOT Accept by", PATIENCE)).startsWith(base);

            // We follow them.
            RemoteActor bob =
                    soon(ours.follow(alice, "bob@localhost:" + fedifyPort).toCompletableFuture());
            assertThat(fedify.awaitLine("GOT Follow of", PATIENCE)).endsWith("by " + alice.id());
            awaitHeard("accepted alice");

            // They deliver to us, we deliver to them.
            fedify.send("note " + alice.id());
            awaitHeard("received Create by " + scheme + " Hello from Fedify");
            ours.send(
                    alice,
                    ApObject.ofType("Create")
                            .with("to", List.of(bob.id()))
                            .with(
                                    "object",
                                    ApObject.ofType("Note")
                                            .with("id", base + "/notes/1")
                                            .with("name", "Hello")
                                            .with("attributedTo", alice.id())),
                    Recipients.of(bob));
            assertThat(fedify.awaitLine("GOT Create of Note", PATIENCE)).contains("Hello");

            // A live begins, changes and ends.
            LiveStream live = ours.goLive(LiveStreamDescription.builder(alice, channel, "Friday session")
                    .watchPage(base + "/watch/friday")
                    .hls(base + "/hls/master.m3u8")
                    .whep(base + "/live/friday/whep")
                    .build());
            awaitBoth(fedify, "GOT Create of Video Friday session " + live.id(), "GOT Announce of " + live.id());
            live.update(LiveState.PAUSED);
            assertThat(fedify.awaitLine("GOT Update of Video", PATIENCE)).contains("Friday session");
            live.end();
            assertThat(fedify.awaitLine("GOT Update of Video", PATIENCE)).contains(live.id());
            live.delete();
            assertThat(fedify.awaitLine("GOT Delete of", PATIENCE)).isEqualTo(live.id());

            verifiesOurRfc9421(ours, bob, fedify);
            ours.unfollow(alice, bob.id());
            assertThat(fedify.awaitLine("GOT Undo by", PATIENCE)).isEqualTo(alice.id());
        }
    }

    /** Deliveries begin with draft-cavage; the other scheme is shown by a request that is signed with it. */
    private static void verifiesOurRfc9421(ActivityPub ours, RemoteActor bob, ForeignProgram fedify) throws Exception {
        String instance = ours.instanceActor().id();
        String follow = ApObject.ofType("Follow")
                .with("@context", ApObject.CONTEXT)
                .with("id", instance + "/follows/9421")
                .with("actor", instance)
                .with("object", bob.id())
                .json();
        OutboundRequest request = ours.requestSigner()
                .withScheme(SignatureScheme.RFC9421)
                .sign(OutboundRequest.post(URI.create(bob.inbox()), "application/activity+json", follow));
        try (GuardedHttpClient client =
                GuardedHttpClient.builder().allowPrivateAddresses(true).build()) {
            assertThat(soon(client.send(request).toCompletableFuture()).status())
                    .isEqualTo(202);
        }
        assertThat(fedify.awaitLine("GOT Follow of", PATIENCE)).endsWith("by " + instance);
    }

    /** The two come from two senders, in either order. */
    private static void awaitBoth(ForeignProgram fedify, String one, String other) {
        String first = fedify.awaitLine(line -> line.equals(one) || line.equals(other), one + " or " + other, PATIENCE);
        String second = first.equals(one) ? other : one;
        fedify.awaitLine(line -> line.equals(second), second, PATIENCE);
    }

    private void awaitHeard(String start) throws InterruptedException {
        for (String line = heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                ;
                line = heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            assertThat(line).as("waiting for: " + start).isNotNull();
            if (line.startsWith(start)) {
                return;
            }
        }
    }

    private static <T> T soon(CompletableFuture<T> future) throws Exception {
        return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
