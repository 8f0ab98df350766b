// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.activitypub.ActivityPub;
import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.FediverseListener;
import dev.tributary.activitypub.GuestInvite;
import dev.tributary.activitypub.InviteState;
import dev.tributary.activitypub.LiveStream;
import dev.tributary.activitypub.LiveStreamDescription;
import dev.tributary.activitypub.LocalActor;
import dev.tributary.activitypub.Neighbourhood;
import dev.tributary.activitypub.Recorded;
import dev.tributary.activitypub.RequestSigner;
import dev.tributary.activitypub.SignatureScheme;
import dev.tributary.activitypub.StageAccess;
import dev.tributary.activitypub.VerifiedActor;
import dev.tributary.activitypub.internal.signature.Pem;
import dev.tributary.activitypub.internal.signature.TestKeys;
import dev.tributary.core.http.HttpHeaders;
import dev.tributary.core.http.OutboundRequest;
import java.net.URI;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Two honest servers, a live with an invited guest, and Eve, who has an actor and a key of her own. After an attack nothing
 * must be different from before.
 */
final class Scene implements AutoCloseable {
    static final String A = Neighbourhood.A;
    static final String B = Neighbourhood.B;
    static final String INBOX = B + "/ap/inbox";
    static final String EVE_HOST = "http://localhost:6666";
    static final String EVE = EVE_HOST + "/u/eve";
    static final String EVE_KEY = EVE + "#main-key";
    static final KeyPair KEYS = TestKeys.MALLORY;

    final Neighbourhood net = new Neighbourhood();
    final List<String> heard = new ArrayList<>();
    final Recorded onB = new Recorded();
    final ActivityPub a = net.instance(
            A,
            builder -> builder.accessIssuer(request -> CompletableFuture.completedFuture(new StageAccess(
                    A + "/whip", A + "/whep", "secret", net.now().plusSeconds(60)))));
    final ActivityPub b = net.instance(
            B,
            builder -> builder.listener(onB).listener(new FediverseListener() {
                @Override
                public void received(ApObject activity, VerifiedActor actor) {
                    heard.add(activity.type());
                }
            }));
    final LocalActor alice = a.person("alice", "Alice");
    final LocalActor channel = a.channel("alice_live", "Alice live", alice);
    final LocalActor bob = b.person("bob", "Bob");
    final LiveStream live;
    final GuestInvite invite;
    private final String before;
    private int serial;

    Scene() {
        actor(EVE, EVE, KEYS);
        b.follow(b.instanceActor(), "alice_live@localhost:8081")
                .toCompletableFuture()
                .join();
        net.settle();
        live = a.goLive(LiveStreamDescription.builder(alice, channel, "Friday session")
                .watchPage(A + "/watch/friday")
                .whep(A + "/live/friday/whep")
                .build());
        net.settle();
        invite = live.invite("bob@localhost:8082").toCompletableFuture().join();
        net.settle();
        b.invitations().get(0).accept();
        net.settle();
        assertThat(live.invites().get(0).state()).isEqualTo(InviteState.ACCEPTED);
        before = state();
    }

    /** Serves an actor's document under a URL. */
    void actor(String url, String id, KeyPair keys) {
        actor(url, id, Pem.write(keys.getPublic()));
    }

    void actor(String url, String id, String publicKeyPem) {
        net.document(url, "application/activity+json", person(id, publicKeyPem).json());
    }

    static ApObject person(String id, String publicKeyPem) {
        return ApObject.ofType("Person")
                .with("@context", ApObject.CONTEXT)
                .with("id", id)
                .with("preferredUsername", "eve")
                .with("inbox", id + "/inbox")
                .with("publicKey", Map.of("id", id + "#main-key", "owner", id, "publicKeyPem", publicKeyPem));
    }

    /** A new activity of Eve's. */
    ApObject activity(String type, Object object) {
        return ApObject.ofType(type)
                .with("@context", ApObject.CONTEXT)
                .with("id", EVE_HOST + "/activities/" + ++serial)
                .with("actor", EVE)
                .with("object", object);
    }

    ApObject follow() {
        return activity("Follow", bob.id());
    }

    /** The headers with which Eve signs. */
    HttpHeaders signed(String inbox, byte[] body, String keyId, KeyPair keys, SignatureScheme scheme) {
        return RequestSigner.of(keyId, keys.getPrivate())
                .withClock(net::now)
                .withScheme(scheme)
                .sign("POST", URI.create(inbox), HttpHeaders.of("Content-Type", "application/activity+json"), body);
    }

    HttpHeaders signed(byte[] body) {
        return signed(INBOX, body, EVE_KEY, KEYS, SignatureScheme.CAVAGE);
    }

    /** Sends a request as it is, lets everybody work, and gives the status. */
    int send(String url, HttpHeaders headers, byte[] body) {
        OutboundRequest request =
                new OutboundRequest("POST", URI.create(url), headers, body, OutboundRequest.DEFAULT_TIMEOUT, 1 << 20);
        int status = net.request(request).status();
        net.settle();
        return status;
    }

    int post(ApObject activity) {
        return post(activity.json());
    }

    int post(String body) {
        return send(INBOX, signed(body.getBytes(UTF_8)), body.getBytes(UTF_8));
    }

    int post(ApObject activity, String keyId, KeyPair keys) {
        byte[] body = activity.json().getBytes(UTF_8);
        return send(INBOX, signed(INBOX, body, keyId, keys, SignatureScheme.CAVAGE), body);
    }

    int postTo(String inbox, ApObject activity) {
        byte[] body = activity.json().getBytes(UTF_8);
        return send(inbox, signed(inbox, body, EVE_KEY, KEYS, SignatureScheme.CAVAGE), body);
    }

    /** Everything that an attack could be after. */
    String state() {
        return b.lives().all() + "\n"
                + b.invitations().stream().map(i -> i.id() + i.state()).toList() + "\n"
                + live.invites().stream().map(i -> i.guestId() + i.state()).toList() + "\n"
                + followers(bob.id()) + followers(alice.id()) + followers(channel.id()) + "\n" + live.state()
                + live.epoch() + "\n" + onB.lines;
    }

    private long followers(String actorId) {
        return net.get(actorId + "/followers").integer("totalItems").orElse(-1);
    }

    void assertUnharmed() {
        assertThat(state()).isEqualTo(before);
    }

    @Override
    public void close() {
        net.close();
    }
}
