// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

import static dev.tributary.activitypub.Neighbourhood.A;
import static dev.tributary.activitypub.Neighbourhood.B;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.activitypub.internal.signature.Pem;
import dev.tributary.activitypub.internal.signature.TestKeys;
import dev.tributary.core.http.HttpHeaders;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.core.http.OutboundRequest;
import java.net.URI;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What strangers try: none of it has an effect, and each gets one clear answer. */
class HostileInboxTest {
    private static final String EVE_HOST = "http://localhost:6666";
    private static final String EVE = EVE_HOST + "/u/eve";
    private static final String INBOX = B + "/ap/inbox";

    private final Neighbourhood net = new Neighbourhood();
    private final Recorded onB = new Recorded();
    private final ActivityPub a = net.instance(A, builder -> builder.accessIssuer(request -> null));
    private final ActivityPub b =
            net.instance(B, builder -> builder.listener(onB).blocked(authority -> authority.equals("localhost:6667")));
    private final LocalActor alice = a.person("alice", "Alice");
    private final LocalActor channel = a.channel("alice_live", "Alice live", alice);
    private final LocalActor bob = b.person("bob", "Bob");
    private int serial;

    @BeforeEach
    void serveEve() {
        serve(EVE, EVE, TestKeys.MALLORY);
    }

    @AfterEach
    void close() {
        net.close();
    }

    private void serve(String url, String id, KeyPair keys) {
        net.document(
                url,
                "application/activity+json",
                ApObject.ofType("Person")
                        .with("@context", ApObject.CONTEXT)
                        .with("id", id)
                        .with("preferredUsername", "eve")
                        .with("inbox", id + "/inbox")
                        .with(
                                "publicKey",
                                Map.of(
                                        "id",
                                        id + "#main-key",
                                        "owner",
                                        id,
                                        "publicKeyPem",
                                        Pem.write(keys.getPublic())))
                        .json());
    }

    private ApObject activity(String type, Object object) {
        return ApObject.ofType(type)
                .with("@context", ApObject.CONTEXT)
                .with("id", EVE_HOST + "/activities/" + ++serial)
                .with("actor", EVE)
                .with("object", object);
    }

    private HttpResponse post(String inbox, ApObject activity) {
        return post(inbox, activity.json().getBytes(UTF_8), EVE + "#main-key", TestKeys.MALLORY);
    }

    private HttpResponse post(String inbox, byte[] body, String keyId, KeyPair keys) {
        URI uri = URI.create(inbox);
        HttpHeaders headers = RequestSigner.of(keyId, keys.getPrivate())
                .withClock(net::now)
                .sign("POST", uri, HttpHeaders.of("Content-Type", "application/activity+json"), body);
        HttpResponse response = net.request(
                OutboundRequest.of("POST", uri).withHeaders(headers).withBody("application/activity+json", body));
        net.settle();
        return response;
    }

    private LiveStream liveKnownToB() {
        b.follow(b.instanceActor(), "alice_live@localhost:8081")
                .toCompletableFuture()
                .join();
        net.settle();
        LiveStream live = a.goLive(LiveStreamDescription.builder(alice, channel, "Friday session")
                .watchPage(A + "/watch/friday")
                .whep(A + "/live/friday/whep")
                .build());
        net.settle();
        onB.lines.clear();
        return live;
    }

    @Test
    void takesAnHonestFollowFromAStranger() {
        assertThat(post(INBOX, activity("Follow", bob.id())).status()).isEqualTo(202);
        assertThat(onB.lines).containsExactly("followed bob by eve@localhost:6666");
    }

    @Test
    void refusesAnActivityOfSomebodyElse() {
        ApObject forged = activity("Follow", bob.id()).with("actor", alice.id()).with("id", A + "/ap/activities/x");

        assertThat(post(INBOX, forged).status()).isEqualTo(401);
        assertThat(onB.lines).isEmpty();
    }

    @Test
    void refusesAnActivityIdOfAnotherOrigin() {
        ApObject forged = activity("Follow", bob.id()).with("id", A + "/ap/activities/x");

        assertThat(post(INBOX, forged).status()).isEqualTo(400);
    }

    @Test
    void doesNotLetAStrangerUseUpAnothersActivityId() {
        // Dedupe poisoning: Eve sends Alice's next activity id before Alice does.
        String id = A + "/ap/activities/next";
        ApObject poison = activity("Follow", bob.id()).with("actor", alice.id()).with("id", id);
        assertThat(post(INBOX, poison).status()).isEqualTo(401);

        KeyPair stillHers = TestKeys.ALICE;
        serve(A + "/ap/u/zoe", A + "/ap/u/zoe", stillHers);
        ApObject honest =
                activity("Follow", bob.id()).with("actor", A + "/ap/u/zoe").with("id", id);
        assertThat(post(INBOX, honest.json().getBytes(UTF_8), A + "/ap/u/zoe#main-key", stillHers)
                        .status())
                .isEqualTo(202);

        assertThat(onB.lines).hasSize(1);
    }

    @Test
    void hasTheEffectOfARepeatedActivityOnce() {
        ApObject follow = activity("Follow", bob.id());
        post(INBOX, follow);
        ApObject undo = activity("Undo", follow);
        post(INBOX, undo);

        assertThat(post(INBOX, follow).status()).isEqualTo(202);

        assertThat(onB.lines).containsExactly("followed bob by eve@localhost:6666", "unfollowed bob");
    }

    @Test
    void refusesAKeyWhoseDocumentIsNotItsOwn() {
        // The document under Eve's URL claims to be Alice.
        serve(EVE_HOST + "/fake", alice.id(), TestKeys.MALLORY);
        ApObject forged = activity("Follow", bob.id()).with("actor", alice.id()).with("id", A + "/ap/activities/y");

        HttpResponse response =
                post(INBOX, forged.json().getBytes(UTF_8), EVE_HOST + "/fake#main-key", TestKeys.MALLORY);

        assertThat(response.status()).isEqualTo(401);
    }

    @Test
    void refusesAKeyDocumentThatIsNoActivityStreams() {
        net.document(EVE_HOST + "/upload.txt", "text/plain", "{\"id\":\"" + EVE_HOST + "/upload.txt\"}");

        assertThat(post(
                                INBOX,
                                activity("Follow", bob.id()).json().getBytes(UTF_8),
                                EVE_HOST + "/upload.txt",
                                TestKeys.MALLORY)
                        .status())
                .isEqualTo(401);
    }

    @Test
    void asksForAMissingKeyOnceInAWhile() {
        for (int i = 0; i < 5; i++) {
            post(
                    INBOX,
                    activity("Follow", bob.id()).json().getBytes(UTF_8),
                    EVE_HOST + "/nokey#main-key",
                    TestKeys.MALLORY);
        }
        assertThat(net.requests("/nokey")).isEqualTo(1);

        net.advance(Duration.ofMinutes(6));
        post(
                INBOX,
                activity("Follow", bob.id()).json().getBytes(UTF_8),
                EVE_HOST + "/nokey#main-key",
                TestKeys.MALLORY);
        assertThat(net.requests("/nokey")).isEqualTo(2);
    }

    @Test
    void asksForAKeyThatDoesNotFitOnceInAWhile() {
        post(INBOX, activity("Follow", bob.id()));
        long fetched = net.requests("/u/eve");
        for (int i = 0; i < 5; i++) {
            assertThat(post(
                                    INBOX,
                                    activity("Follow", bob.id()).json().getBytes(UTF_8),
                                    EVE + "#main-key",
                                    TestKeys.ALICE)
                            .status())
                    .isEqualTo(401);
        }

        assertThat(net.requests("/u/eve")).isEqualTo(fetched);
    }

    @Test
    void refusesABlockedHostBeforeFetchingAnythingFromIt() {
        ApObject follow = activity("Follow", bob.id())
                .with("actor", "http://localhost:6667/u/x")
                .with("id", "http://localhost:6667/a/1");

        assertThat(post(INBOX, follow).status()).isEqualTo(403);
        assertThat(net.exchanges).noneMatch(exchange -> exchange.request().uri().getPort() == 6667);
    }

    @Test
    void refusesWhatIsNotAnActivity() {
        byte[][] bodies = {
            "".getBytes(UTF_8),
            "[]".getBytes(UTF_8),
            "{\"type\":\"Follow\"".getBytes(UTF_8),
            "{\"type\":\"Follow\",\"type\":\"Block\"}".getBytes(UTF_8),
            activity("Follow", bob.id()).without("@context").json().getBytes(UTF_8),
            activity("Follow", bob.id()).without("actor").json().getBytes(UTF_8),
            activity("Follow", bob.id()).without("id").json().getBytes(UTF_8),
            activity("Follow", bob.id()).with("@graph", List.of("x")).json().getBytes(UTF_8),
            activity("Follow", bob.id())
                    .with("actor", "file:///etc/passwd")
                    .json()
                    .getBytes(UTF_8)
        };
        for (byte[] body : bodies) {
            assertThat(post(INBOX, body, EVE + "#main-key", TestKeys.MALLORY).status())
                    .as(new String(body, UTF_8))
                    .isEqualTo(400);
        }
        assertThat(onB.lines).isEmpty();
    }

    @Test
    void boundsDepthAndSizeAtTheirLimits() {
        int depth = Limits.DEFAULT.jsonDepth();
        assertThat(post(INBOX, nested(depth)).status()).isEqualTo(202);
        assertThat(post(INBOX, nested(depth + 1).getBytes(UTF_8), EVE + "#main-key", TestKeys.MALLORY)
                        .status())
                .isEqualTo(413);

        String base = activity("Follow", "x").json();
        int room = Limits.DEFAULT.documentBytes() - base.length();
        assertThat(post(INBOX, (base + " ".repeat(room)).getBytes(UTF_8), EVE + "#main-key", TestKeys.MALLORY)
                        .status())
                .isEqualTo(202);
        assertThat(post(INBOX, (base + " ".repeat(room + 1)).getBytes(UTF_8), EVE + "#main-key", TestKeys.MALLORY)
                        .status())
                .isEqualTo(413);
    }

    private HttpResponse post(String inbox, String body) {
        return post(inbox, body.getBytes(UTF_8), EVE + "#main-key", TestKeys.MALLORY);
    }

    private String nested(int depth) {
        String json = activity("Ignored", "x").json();
        String deep = "[".repeat(depth - 1) + "]".repeat(depth - 1);
        return json.substring(0, json.length() - 1) + ",\"deep\":" + deep + "}";
    }

    @Test
    void refusesAnotherContentType() {
        byte[] body = activity("Follow", bob.id()).json().getBytes(UTF_8);

        HttpResponse response = net.request(OutboundRequest.post(URI.create(INBOX), "text/plain", body));

        assertThat(response.status()).isEqualTo(415);
    }

    @Test
    void answers404ForTheInboxOfNobody() {
        assertThat(post(B + "/ap/u/nobody/inbox", activity("Follow", bob.id())).status())
                .isEqualTo(404);
    }

    @Test
    void refusesARequestSignedForAnotherInbox() {
        byte[] body = activity("Follow", bob.id()).json().getBytes(UTF_8);
        HttpHeaders forA = RequestSigner.of(EVE + "#main-key", TestKeys.MALLORY.getPrivate())
                .withClock(net::now)
                .sign(
                        "POST",
                        URI.create(A + "/ap/inbox"),
                        HttpHeaders.of("Content-Type", "application/activity+json"),
                        body);

        HttpResponse response = net.request(OutboundRequest.of("POST", URI.create(INBOX))
                .withHeaders(forA)
                .withBody("application/activity+json", body));

        assertThat(response.status()).isEqualTo(401);
    }

    @Test
    void ignoresALiveOfAnotherOriginAndOneOfNobodyWeFollow() {
        LiveStream live = liveKnownToB();
        ApObject forged = net.get(live.id())
                .without("@context")
                .with("name", "Taken over")
                .with("updated", net.now().plusSeconds(60));

        post(INBOX, activity("Update", forged));
        post(INBOX, activity("Create", forged.with("attributedTo", List.of(EVE))));
        post(INBOX, activity("Announce", live.id()));
        post(INBOX, activity("Delete", live.id()));

        assertThat(b.lives().find(live.id()).orElseThrow().name()).isEqualTo("Friday session");
        assertThat(onB.lines).isEmpty();
    }

    @Test
    void ignoresAnInvitationToSomebodyElsesStage() {
        LiveStream live = liveKnownToB();

        post(INBOX, activity("Invite", live.id()).with("target", bob.id()));

        assertThat(b.invitations()).isEmpty();
    }

    @Test
    void ignoresAnAnswerToAnInvitationOfSomebodyElse() {
        LiveStream live = liveKnownToB();
        GuestInvite invite =
                live.invite("bob@localhost:8082").toCompletableFuture().join();
        net.settle();

        post(A + "/ap/inbox", activity("Accept", invite.id()));
        post(A + "/ap/inbox", activity("Reject", invite.id()));
        post(A + "/ap/inbox", activity("Leave", live.id()));

        assertThat(live.invites().get(0).state()).isEqualTo(InviteState.OPEN);
    }

    @Test
    void givesNoAccessToWhoWasNotInvited() {
        LiveStream live = liveKnownToB();

        assertThat(post(live.id() + "/access", activity("Join", live.id())).status())
                .isEqualTo(403);
        assertThat(post(live.id() + "/access", activity("Join", live.id()).with("actor", bob.id()))
                        .status())
                .isEqualTo(401);
        assertThat(post(live.id() + "/access", activity("Follow", live.id())).status())
                .isEqualTo(401);
        assertThat(post(A + "/ap/videos/none/access", activity("Join", live.id()))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void ignoresRemovalsAndUndosByAStranger() {
        LiveStream live = liveKnownToB();
        live.invite("bob@localhost:8082").toCompletableFuture().join();
        net.settle();
        Invitation invitation = b.invitations().get(0);
        invitation.accept();
        net.settle();

        post(INBOX, activity("Remove", bob.id()).with("target", live.id() + "/guests"));
        post(INBOX, activity("Undo", ApObject.ofType("Invite").with("id", invitation.id())));
        post(INBOX, activity("Add", bob.id()).with("target", live.id() + "/guests"));

        assertThat(b.invitations().get(0).state()).isEqualTo(InviteState.ACCEPTED);
    }

    @Test
    void ignoresAnAcceptOfAFollowByAStranger() {
        b.follow(bob, "alice_live@localhost:8081").toCompletableFuture().join();

        post(
                INBOX,
                activity(
                        "Accept",
                        ApObject.ofType("Follow").with("actor", bob.id()).with("object", EVE)));

        assertThat(onB.lines).containsExactly("accepted bob");
    }

    @Test
    void answersUnknownPathsAndMethods() {
        assertThat(net.request(OutboundRequest.get(URI.create(B + "/ap/u/bob/secret")))
                        .status())
                .isEqualTo(404);
        assertThat(net.request(OutboundRequest.of("DELETE", URI.create(B + "/ap/u/bob")))
                        .status())
                .isEqualTo(405);
        assertThat(net.request(OutboundRequest.get(URI.create(B + "/.well-known/webfinger")))
                        .status())
                .isEqualTo(400);
        assertThat(net.request(OutboundRequest.get(
                                URI.create(B + "/.well-known/webfinger?resource=acct:bob@elsewhere.example")))
                        .status())
                .isEqualTo(404);
    }
}
