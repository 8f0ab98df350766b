// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

import static dev.tributary.activitypub.Neighbourhood.A;
import static dev.tributary.activitypub.Neighbourhood.B;
import static dev.tributary.activitypub.Neighbourhood.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.activitypub.ActivityPubException.Reason;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The whole way between two instances: follow, live, invitation, access, end. */
class TwoInstancesTest {
    private final Neighbourhood net = new Neighbourhood();
    private final Recorded onA = new Recorded();
    private final Recorded onB = new Recorded();
    private final ActivityPub a =
            net.instance(A, builder -> builder.listener(onA).accessIssuer(this::issue));
    private final ActivityPub b = net.instance(B, builder -> builder.listener(onB));
    private final LocalActor alice = a.person("alice", "Alice");
    private final LocalActor channel = a.channel("alice_live", "Alice live", alice);
    private final LocalActor bob = b.person("bob", "Bob");
    private AccessIssuer.Request asked;

    private CompletableFuture<StageAccess> issue(AccessIssuer.Request request) {
        asked = request;
        return CompletableFuture.completedFuture(new StageAccess(
                A + "/live/friday/whip",
                A + "/live/friday/whep",
                "secret",
                net.now().plusSeconds(60)));
    }

    @AfterEach
    void close() {
        net.close();
    }

    private LiveStreamDescription description(boolean permanent) {
        return LiveStreamDescription.builder(alice, channel, "Friday session")
                .watchPage(A + "/watch/friday")
                .whep(A + "/live/friday/whep")
                .permanent(permanent)
                .maxGuests(2)
                .build();
    }

    private LiveStream liveKnownToB() {
        a(b.follow(b.instanceActor(), "alice_live@localhost:8081"));
        LiveStream live = a.goLive(description(true));
        net.settle();
        onA.lines.clear();
        onB.lines.clear();
        return live;
    }

    private <T> T a(java.util.concurrent.CompletionStage<T> stage) {
        T value = stage.toCompletableFuture().join();
        net.settle();
        return value;
    }

    @Test
    void findsAnActorByItsAddress() {
        RemoteActor found = a(b.lookup("@Alice_Live@localhost:8081"));

        assertThat(found.type()).isEqualTo("Group");
        assertThat(found.address()).isEqualTo("alice_live@localhost:8081");
        assertThat(found.name()).isEqualTo("Alice live");
        assertThat(found.sharedInbox()).isEqualTo(A + "/ap/inbox");
        assertThat(failure(b.lookup("nobody@localhost:8081")))
                .extracting(e -> ((ActivityPubException) e).reason())
                .isEqualTo(Reason.NOT_FOUND);
    }

    @Test
    void followsAndIsAcceptedInThePersonalInbox() {
        a(b.follow(bob, "alice_live@localhost:8081"));

        assertThat(onA.lines).containsExactly("followed alice_live by bob@localhost:8082");
        assertThat(onB.lines).containsExactly("accepted bob");
        assertThat(net.requests("/ap/u/bob/inbox")).isEqualTo(1);
        assertThat(net.get(channel.id() + "/followers").integer("totalItems")).hasValue(1);
        assertThat(net.get(bob.id() + "/following").integer("totalItems")).hasValue(1);

        b.unfollow(bob, channel.id());
        net.settle();

        assertThat(onA.lines).last().isEqualTo("unfollowed alice_live");
        assertThat(net.get(channel.id() + "/followers").integer("totalItems")).hasValue(0);
    }

    @Test
    void refusesToFollowItself() {
        assertThat(failure(a.follow(alice, "alice_live@localhost:8081"))).isInstanceOf(ActivityPubException.class);
    }

    @Nested
    class ALive {
        @Test
        void isListedWithItsWhepEndpointAndStage() {
            LiveStream live = liveKnownToB();

            RemoteLive seen = b.lives().find(live.id()).orElseThrow();
            assertThat(seen.name()).isEqualTo("Friday session");
            assertThat(seen.hostAddress()).isEqualTo("alice_live@localhost:8081");
            assertThat(seen.whep()).isEqualTo(A + "/live/friday/whep");
            assertThat(seen.watchPage()).isEqualTo(A + "/watch/friday");
            assertThat(seen.instanceId()).isEqualTo(A + "/ap/actor");
            assertThat(seen.personId()).isEqualTo(alice.id());
            assertThat(seen.access()).isEqualTo(live.id() + "/access");
            assertThat(seen.state()).isEqualTo(LiveState.LIVE);
            assertThat(seen.epoch()).isEqualTo(1);
            assertThat(b.lives().all()).containsExactly(seen);
        }

        @Test
        void isUpdatedEndedAndBeginsAgain() {
            LiveStream live = liveKnownToB();

            live.update(LiveState.PAUSED);
            net.settle();
            live.end();
            live.end();
            net.settle();
            live.update(LiveState.LIVE);
            net.settle();

            assertThat(onB.lines)
                    .containsExactly(
                            "live Friday session PAUSED 1",
                            "live Friday session ENDED 1",
                            "live Friday session LIVE 2");
        }

        @Test
        void sendsOnlyTheNewestStateToWhoWasAway() {
            LiveStream live = liveKnownToB();
            net.answersInstead.put("localhost:8082", 0);
            live.update(LiveState.PAUSED);
            net.settle();
            live.update(LiveState.LIVE);
            live.update(LiveState.PAUSED);
            live.end();
            net.settle();
            assertThat(a.waitingDeliveries()).isEqualTo(1);

            net.answersInstead.clear();
            net.advance(Duration.ofMinutes(2));
            net.settle();

            assertThat(onB.lines).containsExactly("live Friday session ENDED 1");
            assertThat(a.waitingDeliveries()).isZero();
        }

        @Test
        void isForgottenWhenDeleted() {
            LiveStream live = liveKnownToB();

            live.delete();
            net.settle();

            assertThat(onB.lines).last().isEqualTo("deleted");
            assertThat(b.lives().all()).isEmpty();
            assertThat(a.hostedLives()).isEmpty();
        }

        @Test
        void isAskedAfterWhenNothingWasHeardForAWhile() {
            LiveStream live = liveKnownToB();
            // 410 is final: the Update is lost, as PeerTube's are that fail once.
            net.answersInstead.put("localhost:8082", 410);
            live.end();
            net.settle();
            net.answersInstead.clear();
            assertThat(a.waitingDeliveries()).isZero();

            net.advance(Duration.ofSeconds(119));
            net.settle();
            assertThat(b.lives().find(live.id()).orElseThrow().state()).isEqualTo(LiveState.LIVE);
            net.advance(Duration.ofSeconds(1));
            net.settle();
            assertThat(b.lives().find(live.id()).orElseThrow().state()).isEqualTo(LiveState.ENDED);
        }

        @Test
        void cannotBeginAgainUnlessPermanent() {
            LiveStream live = a.goLive(description(false));
            live.end();

            assertThatThrownBy(() -> live.update(LiveState.LIVE)).isInstanceOf(IllegalStateException.class);
        }

        @Test
        void hasTheShapeThatPeerTubeAndMastodonAccept() {
            ApObject video = net.get(a.goLive(description(true)).id());

            assertThat(PeerTubeRules.complaints(video)).isEmpty();
            assertThat(video.objects("url").get(0).string("mediaType")).contains("text/html");
            assertThat(video.references("attributedTo")).containsExactly(alice.id(), channel.id());
            assertThat(video.object("interactive").orElseThrow().string("state"))
                    .contains("live");
        }

        @Test
        void appearsInTheOutbox() {
            LiveStream live = a.goLive(description(true));

            ApObject page =
                    net.get(net.get(alice.id() + "/outbox").string("first").orElseThrow());

            assertThat(page.objects("orderedItems")).hasSize(1);
            assertThat(page.objects("orderedItems").get(0).reference("object")).contains(live.id());
        }
    }

    @Nested
    class AGuest {
        @Test
        void isInvitedAcceptsAndGetsAccess() {
            LiveStream live = liveKnownToB();
            GuestInvite sent = a(live.invite("bob@localhost:8082"));
            assertThat(onB.lines).containsExactly("invited bob by alice_live@localhost:8081");
            Invitation invitation = b.invitations().get(0);
            assertThat(invitation.guest()).isEqualTo(bob);
            assertThat(invitation.role()).isEqualTo("guest");
            assertThat(invitation.expiresAt()).isEqualTo(sent.expiresAt());

            invitation.accept();
            net.settle();
            StageAccess access = a(invitation.join());

            assertThat(onA.lines).containsExactly("answered bob@localhost:8082 ACCEPTED");
            assertThat(onB.lines).contains("confirmed bob");
            assertThat(access.whip()).isEqualTo(A + "/live/friday/whip");
            assertThat(access.token()).isEqualTo("secret");
            assertThat(asked.guestId()).isEqualTo(bob.id());
            assertThat(asked.instanceId()).isEqualTo(B + "/ap/actor");
            assertThat(asked.live().id()).isEqualTo(live.id());
            assertThat(live.guests()).extracting(GuestInvite::guestAddress).containsExactly("bob@localhost:8082");
            assertThat(net.get(live.id() + "/guests").strings("orderedItems")).containsExactly(bob.id());
        }

        @Test
        void getsNoAccessBeforeTheHostTookNote() {
            LiveStream live = liveKnownToB();
            a(live.invite("bob@localhost:8082"));
            Invitation invitation = b.invitations().get(0);
            assertThat(failure(invitation.join())).isInstanceOf(ActivityPubException.class);

            invitation.accept();

            assertThat(failure(invitation.join())).isInstanceOf(ActivityPubException.class);
            net.settle();
            assertThat(a(invitation.join())).isNotNull();
        }

        @Test
        void declines() {
            LiveStream live = liveKnownToB();
            a(live.invite("bob@localhost:8082"));

            b.invitations().get(0).reject();
            net.settle();

            assertThat(onA.lines).containsExactly("answered bob@localhost:8082 REJECTED");
            assertThat(live.guests()).isEmpty();
            Invitation over = b.invitations().get(0);
            assertThatThrownBy(over::accept).isInstanceOf(IllegalStateException.class);
        }

        @Test
        void saysPerhapsAndThenYes() {
            LiveStream live = liveKnownToB();
            a(live.invite("bob@localhost:8082"));

            b.invitations().get(0).acceptTentatively();
            net.settle();
            b.invitations().get(0).accept();
            net.settle();

            assertThat(onA.lines)
                    .containsExactly("answered bob@localhost:8082 TENTATIVE", "answered bob@localhost:8082 ACCEPTED");
        }

        @Test
        void leavesAndLosesAccess() {
            LiveStream live = guestOnStage();

            b.invitations().get(0).leave();
            net.settle();

            assertThat(onA.lines).last().isEqualTo("revoked bob@localhost:8082 LEFT");
            assertThat(onA.revoked).extracting(GuestInvite::instanceId).containsExactly(B + "/ap/actor");
            assertThat(live.guests()).isEmpty();
            assertThat(failure(b.invitations().get(0).join())).isInstanceOf(ActivityPubException.class);
        }

        @Test
        void isRemovedByTheHost() {
            LiveStream live = guestOnStage();

            live.guests().get(0).revoke();
            net.settle();

            assertThat(onA.lines).last().isEqualTo("revoked bob@localhost:8082 REMOVED");
            assertThat(onB.lines).contains("ended bob REMOVED");
            assertThat(failure(b.invitations().get(0).join())).isInstanceOf(ActivityPubException.class);
        }

        @Test
        void losesAnInvitationThatTheHostTakesBack() {
            LiveStream live = liveKnownToB();
            a(live.invite("bob@localhost:8082"));

            live.invites().get(0).revoke();
            net.settle();

            assertThat(onB.lines).last().isEqualTo("ended bob WITHDRAWN");
            assertThat(onA.revoked).isEmpty();
        }

        @Test
        void isOffTheStageWhenTheLiveEnds() {
            LiveStream live = guestOnStage();

            live.end();
            net.settle();

            assertThat(onA.lines).contains("revoked bob@localhost:8082 REMOVED");
            assertThat(onB.lines).contains("ended bob WITHDRAWN");
        }

        @Test
        void cannotAnswerAfterTheInvitationExpired() {
            LiveStream live = liveKnownToB();
            a(live.invite("bob@localhost:8082", "guest", Duration.ofMinutes(5)));

            net.advance(Duration.ofMinutes(5));

            Invitation late = b.invitations().get(0);
            assertThatThrownBy(late::accept).isInstanceOf(IllegalStateException.class);
            assertThat(live.guests()).isEmpty();
        }

        @Test
        void isNotAddedBeyondTheNumberOfGuests() {
            LiveStream live = liveKnownToB();
            b.person("carol", "Carol");
            b.person("dave", "Dave");
            for (String guest : new String[] {"bob", "carol", "dave"}) {
                a(live.invite(guest + "@localhost:8082"));
            }
            b.invitations().forEach(Invitation::accept);
            net.settle();

            assertThat(live.guests()).hasSize(2);
            assertThat(live.invites())
                    .filteredOn(i -> i.state() == InviteState.WITHDRAWN)
                    .hasSize(1);
            assertThat(b.invitations())
                    .filteredOn(i -> i.state() == InviteState.WITHDRAWN)
                    .hasSize(1);
        }

        @Test
        void isNotInvitedWhenItsServerDoesNotUnderstand() {
            LiveStream live = liveKnownToB();
            net.document(
                    "http://localhost:9999/u/eve",
                    "application/activity+json",
                    "{\"@context\":\"https://www.w3.org/ns/activitystreams\",\"id\":\"http://localhost:9999/u/eve\","
                            + "\"type\":\"Person\",\"preferredUsername\":\"eve\","
                            + "\"inbox\":\"http://localhost:9999/u/eve/inbox\"}");

            assertThat(failure(live.invite("http://localhost:9999/u/eve")))
                    .extracting(e -> ((ActivityPubException) e).reason())
                    .isEqualTo(Reason.REFUSED);
        }

        private LiveStream guestOnStage() {
            LiveStream live = liveKnownToB();
            a(live.invite("bob@localhost:8082"));
            b.invitations().get(0).accept();
            net.settle();
            assertThat(live.guests()).hasSize(1);
            return live;
        }
    }

    @Test
    void verifiesTheSignatureOfAPipeOfTheOtherInstance() {
        var request = dev.tributary.core.http.OutboundRequest.post(
                URI.create(A + "/live/friday/whep"), "application/sdp", "v=0\r\n");
        var signed = b.requestSigner().sign(request);

        VerifiedActor actor = a.signatureVerifier()
                .verify(new dev.tributary.core.http.HttpRequest(
                        "POST",
                        "/live/friday/whep",
                        "",
                        signed.headers(),
                        signed.body(),
                        java.net.InetSocketAddress.createUnresolved("peer", 1)))
                .toCompletableFuture()
                .join();

        assertThat(actor.actorId()).isEqualTo(b.instanceActor().id());
        assertThat(actor.authority()).isEqualTo("localhost:8082");
    }
}
