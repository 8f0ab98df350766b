// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

import static dev.tributary.activitypub.Neighbourhood.A;
import static dev.tributary.activitypub.Neighbourhood.B;
import static dev.tributary.activitypub.Neighbourhood.failure;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Coming on stage without having been invited, and talking to some hosts only. */
class KnockTest {
    private final Neighbourhood net = new Neighbourhood();
    private final Recorded onA = new Recorded();
    private final Recorded onB = new Recorded();
    private final ActivityPub a = net.instance(
            A,
            builder -> builder.listener(onA)
                    .accessIssuer(request -> CompletableFuture.completedFuture(new StageAccess(
                            A + "/whip", A + "/whep", "secret", net.now().plusSeconds(60)))));
    private final ActivityPub b = net.instance(B, builder -> builder.listener(onB));
    private final LocalActor alice = a.person("alice", "Alice");
    private final LocalActor channel = a.channel("alice_live", "Alice live", alice);
    private final LocalActor bob = b.person("bob", "Bob");

    @AfterEach
    void close() {
        net.close();
    }

    private LiveStream live(JoinPolicy policy, int guests) {
        LiveStream live = a.goLive(LiveStreamDescription.builder(alice, channel, "Friday session")
                .watchPage(A + "/watch")
                .joinPolicy(policy)
                .maxGuests(guests)
                .build());
        net.settle();
        return live;
    }

    private Invitation knock(LiveStream live) {
        Invitation knock = b.knock(bob, live.id()).toCompletableFuture().join();
        net.settle();
        return knock;
    }

    private InviteState stateOnB() {
        return b.invitations().get(0).state();
    }

    @Test
    void isLetInByTheHost() {
        LiveStream live = live(JoinPolicy.KNOCK, 2);
        Invitation knock = knock(live);
        assertThat(onA.lines).containsExactly("knocked bob@localhost:8082");
        assertThat(failure(knock.join())).isInstanceOf(ActivityPubException.class);

        live.invites().get(0).admit();
        net.settle();

        assertThat(onB.lines).contains("confirmed bob");
        assertThat(onA.lines).last().isEqualTo("answered bob@localhost:8082 ACCEPTED");
        assertThat(net.get(live.id() + "/guests").strings("orderedItems")).containsExactly(bob.id());
        CompletableFuture<StageAccess> access = b.invitations().get(0).join().toCompletableFuture();
        net.settle();
        assertThat(access.join().token()).isEqualTo("secret");
    }

    @Test
    void isRefusedByTheHost() {
        LiveStream live = live(JoinPolicy.KNOCK, 2);
        knock(live);

        live.invites().get(0).refuse();
        live.invites().get(0).admit();
        net.settle();

        assertThat(stateOnB()).isEqualTo(InviteState.REJECTED);
        assertThat(live.guests()).isEmpty();
    }

    @Test
    void isRefusedWhereOnlyInvitedGuestsAreWelcome() {
        knock(live(JoinPolicy.INVITED, 2));

        assertThat(stateOnB()).isEqualTo(InviteState.REJECTED);
        assertThat(onA.lines).isEmpty();
    }

    @Test
    void isLetInAtOnceWhereEverybodyIsWelcomeUntilTheStageIsFull() {
        knock(live(JoinPolicy.OPEN, 1));
        assertThat(stateOnB()).isEqualTo(InviteState.ACCEPTED);

        LiveStream full = live(JoinPolicy.OPEN, 0);
        b.knock(bob, full.id()).toCompletableFuture().join();
        net.settle();
        assertThat(full.guests()).isEmpty();
    }

    @Test
    void isLetInAtOnceWhereFollowersAreWelcome() {
        LiveStream live = live(JoinPolicy.FOLLOWERS, 1);
        knock(live);
        assertThat(live.guests()).isEmpty();
        assertThat(onA.lines).containsExactly("knocked bob@localhost:8082");
        live.invites().get(0).refuse();
        net.settle();

        b.follow(bob, channel.address()).toCompletableFuture().join();
        net.settle();
        b.knock(bob, live.id()).toCompletableFuture().join();
        net.settle();

        assertThat(live.guests()).hasSize(1);
    }

    @Test
    void knocksOnceAtATime() {
        LiveStream live = live(JoinPolicy.KNOCK, 2);
        knock(live);
        b.knock(bob, live.id()).toCompletableFuture().join();
        net.settle();

        assertThat(live.invites()).hasSize(1);
    }

    @Test
    void talksToNobodyWhoIsNotOnTheList() {
        ActivityPub c = net.instance("http://localhost:8083", builder -> builder.allowOnly(Set.of("localhost:8082")));
        LocalActor carol = c.person("carol", "Carol");
        net.exchanges.clear();

        assertThat(failure(c.follow(carol, alice.id())))
                .extracting(e -> ((ActivityPubException) e).reason())
                .isEqualTo(ActivityPubException.Reason.REFUSED);
        assertThat(net.exchanges).isEmpty();

        c.follow(carol, bob.id()).toCompletableFuture().join();
        net.settle();
        assertThat(net.get(bob.id() + "/followers").integer("totalItems")).hasValue(1);

        assertThat(a.follow(alice, carol.id()).toCompletableFuture().join().id())
                .isEqualTo(carol.id());
        net.settle();
        assertThat(net.get(carol.id() + "/followers").integer("totalItems")).hasValue(0);
    }
}
