// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import static dev.tributary.ice.IceRole.CONTROLLED;
import static dev.tributary.ice.IceRole.CONTROLLING;
import static dev.tributary.ice.Peers.ELSEWHERE;
import static dev.tributary.ice.Peers.LEFT;
import static dev.tributary.ice.Peers.RIGHT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.testkit.LinkConditions;
import dev.tributary.testkit.Seeds;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whole sessions over a network that misbehaves, in virtual time. */
class IceSimulationTest {
    private static final LinkConditions SLOW = LinkConditions.PERFECT.withDelay(Duration.ofMillis(200));

    @Test
    void controllingAgentConnectsToLiteInFourDatagrams() {
        Peers peers = Peers.controllingAndLite(1, LinkConditions.PERFECT);

        peers.connect();

        assertThat(peers.left.selectedAddress()).isEqualTo(RIGHT);
        assertThat(peers.right.selectedAddress()).isEqualTo(LEFT);
        assertThat(peers.network.nowNanos()).isLessThan(Duration.ofMillis(100).toNanos());
        assertThat(peers.network.statistics().sent()).isEqualTo(4);
    }

    @Test
    void fullAgentsConnectInEitherRole() {
        Peers offerer =
                Peers.full(1, LinkConditions.PERFECT, CONTROLLING, CONTROLLED).connect();
        Peers answerer =
                Peers.full(1, LinkConditions.PERFECT, CONTROLLED, CONTROLLING).connect();

        assertThat(offerer.right.selectedAddress()).isEqualTo(LEFT);
        assertThat(answerer.right.selectedAddress()).isEqualTo(LEFT);
        assertThat(answerer.left.role()).isEqualTo(CONTROLLED);
    }

    @Test
    void connectsWithALossOfThirtyPercentAndReordering() {
        Seeds.forEach(100, seed -> {
            Peers lite = Peers.controllingAndLite(seed, LinkConditions.LOSSY_30).signal();
            lite.runUntilConnected(Duration.ofSeconds(25));
            Peers full = Peers.full(seed, LinkConditions.LOSSY_30, CONTROLLING, CONTROLLED)
                    .signal();
            full.runUntilConnected(Duration.ofSeconds(25));
        });
    }

    @Test
    void keepsConsentForFiveMinutesWithALossOfThirtyPercent() {
        Seeds.forEach(10, seed -> {
            Peers peers =
                    Peers.controllingAndLite(seed, LinkConditions.LOSSY_30).signal();
            peers.runUntilConnected(Duration.ofSeconds(25)).run(Duration.ofMinutes(5));

            assertThat(peers.leftEvents).noneMatch(IceEvent.ConsentLost.class::isInstance);
            assertThat(peers.rightEvents).noneMatch(IceEvent.ConsentLost.class::isInstance);
            assertThat(peers.right.selectedAddress()).isEqualTo(LEFT);
        });
    }

    @Test
    void connectsOverARoundTripOfFourHundredMilliseconds() {
        Peers lite = Peers.controllingAndLite(3, SLOW).connect();
        Peers full = Peers.full(3, SLOW, CONTROLLING, CONTROLLED).connect();

        assertThat(lite.network.nowNanos()).isLessThan(Duration.ofMillis(1500).toNanos());
        assertThat(full.network.nowNanos()).isLessThan(Duration.ofMillis(1500).toNanos());
        assertThat(lite.left.diagnosis().pairs().get(0).rttMillis()).isEqualTo(400);
    }

    @Test
    void resolvesARoleConflictToOneControllingAgent() {
        Seeds.forEach(20, seed -> {
            for (IceRole role : IceRole.values()) {
                Peers peers =
                        Peers.full(seed, LinkConditions.PERFECT, role, role).connect();

                assertThat(peers.left.role()).isEqualTo(peers.right.role().opposite());
                assertThat(peers.left.selectedAddress()).isEqualTo(RIGHT);
                assertThat(peers.right.selectedAddress()).isEqualTo(LEFT);
            }
        });
    }

    @Test
    void followsAClientThatMoves() {
        for (boolean lite : List.of(true, false)) {
            Peers peers = lite
                    ? Peers.controllingAndLite(5, LinkConditions.PERFECT)
                    : Peers.full(5, LinkConditions.PERFECT, CONTROLLING, CONTROLLED);
            peers.connect().run(Duration.ofSeconds(20));

            peers.network.rebind(LEFT, ELSEWHERE);
            peers.network.runUntil(() -> ELSEWHERE.equals(peers.right.selectedAddress()), Duration.ofSeconds(8));
            peers.run(Duration.ofSeconds(60));

            assertThat(peers.left.state()).isEqualTo(IceState.CONNECTED);
            assertThat(peers.right.state()).isEqualTo(IceState.CONNECTED);
            assertThat(peers.rightEvents).endsWith(new IceEvent.PathSelected(ELSEWHERE));
        }
    }

    @Test
    void followsAControlledPeerThatMoves() {
        Peers peers =
                Peers.full(6, LinkConditions.PERFECT, CONTROLLING, CONTROLLED).connect();
        peers.run(Duration.ofSeconds(20));

        peers.network.rebind(RIGHT, ELSEWHERE);
        peers.network.runUntil(() -> ELSEWHERE.equals(peers.left.selectedAddress()), Duration.ofSeconds(8));
        peers.run(Duration.ofSeconds(60));

        assertThat(peers.connected()).isTrue();
        assertThat(peers.left.selectedAddress()).isEqualTo(ELSEWHERE);
    }

    @Test
    void keepsTheOldPathUntilARestartHasSelectedANewOne() {
        for (boolean lite : List.of(true, false)) {
            Peers peers = lite ? Peers.controllingAndLite(7, SLOW) : Peers.full(7, SLOW, CONTROLLING, CONTROLLED);
            peers.connect().run(Duration.ofSeconds(10));
            String oldUfrag = peers.right.localCredentials().ufrag();
            peers.rightEvents.clear();

            peers.restartBoth();

            assertThat(peers.right.selectedAddress()).isEqualTo(LEFT);
            assertThat(peers.right.localUfrags()).hasSize(2).contains(oldUfrag);
            peers.run(Duration.ofSeconds(20));
            assertThat(peers.connected()).isTrue();
            assertThat(peers.right.localUfrags()).hasSize(1).doesNotContain(oldUfrag);
            assertThat(peers.rightEvents).contains(new IceEvent.UfragRetired(oldUfrag));
            peers.run(Duration.ofMinutes(2));
            assertThat(peers.connected()).isTrue();
        }
    }

    @Test
    void restartRevivesASessionThatFailed() {
        Peers peers = Peers.controllingAndLite(8, LinkConditions.PERFECT).connect();
        peers.network.conditions(LinkConditions.PERFECT.withLoss(1));
        peers.run(Duration.ofSeconds(60));
        assertThat(peers.left.state()).isEqualTo(IceState.FAILED);
        assertThat(peers.right.state()).isEqualTo(IceState.FAILED);

        peers.network.conditions(LinkConditions.PERFECT);
        peers.restartBoth();

        peers.runUntilConnected(Duration.ofSeconds(2));
    }

    @Test
    void restartWhileThePathIsDeadIsNotEndedByTheOldConsent() {
        Peers peers = Peers.controllingAndLite(9, LinkConditions.PERFECT).connect();
        peers.network.conditions(LinkConditions.PERFECT.withLoss(1));
        peers.run(Duration.ofSeconds(20));
        peers.restartBoth();
        peers.run(Duration.ofSeconds(18));

        assertThat(peers.leftEvents).contains(new IceEvent.ConsentLost(RIGHT));
        assertThat(peers.left.state()).isEqualTo(IceState.CHECKING);
        assertThat(peers.right.state()).isEqualTo(IceState.CHECKING);
        peers.network.conditions(LinkConditions.PERFECT);
        peers.runUntilConnected(Duration.ofSeconds(17));
    }

    @Test
    void losesConsentThirtySecondsAfterTheLastAnswer() {
        Peers peers = Peers.controllingAndLite(10, LinkConditions.PERFECT).connect();
        peers.run(Duration.ofSeconds(60));
        peers.network.conditions(LinkConditions.PERFECT.withLoss(1));
        peers.run(Duration.ofSeconds(23));
        assertThat(peers.left.state()).isEqualTo(IceState.DISCONNECTED);
        assertThat(peers.right.state()).isEqualTo(IceState.DISCONNECTED);
        assertThat(peers.left.selectedAddress()).isNotNull();

        peers.run(Duration.ofSeconds(8));

        assertThat(peers.left.selectedAddress()).isNull();
        assertThat(peers.right.selectedAddress()).isNull();
        assertThat(peers.leftEvents).contains(new IceEvent.ConsentLost(RIGHT));
        assertThat(peers.rightEvents).contains(new IceEvent.ConsentLost(LEFT));
        assertThat(peers.left.state()).isEqualTo(IceState.FAILED);
        long sent = peers.network.statistics().sent();
        peers.run(Duration.ofMinutes(1));
        assertThat(peers.network.statistics().sent())
                .as("silence after consent is lost")
                .isEqualTo(sent);
    }

    @Test
    void comesBackFromDisconnectedWhenAnswersComeAgain() {
        Peers peers = Peers.controllingAndLite(11, LinkConditions.PERFECT).connect();
        peers.run(Duration.ofSeconds(30));
        peers.network.conditions(LinkConditions.PERFECT.withLoss(1));
        peers.run(Duration.ofSeconds(20));
        assertThat(peers.left.state()).isEqualTo(IceState.DISCONNECTED);

        peers.network.conditions(LinkConditions.PERFECT);

        peers.runUntilConnected(Duration.ofSeconds(9));
    }

    @Test
    void declaresNoFailureBeforePatienceEnds() {
        Peers peers =
                Peers.controllingAndLite(12, LinkConditions.PERFECT.withLoss(1)).signal();

        peers.run(Duration.ofMillis(39_400));
        assertThat(peers.left.state()).isEqualTo(IceState.CHECKING);
        assertThat(peers.right.state()).isEqualTo(IceState.CHECKING);
        peers.run(Duration.ofMillis(200));

        assertThat(peers.left.state()).isEqualTo(IceState.FAILED);
        assertThat(peers.right.state()).isEqualTo(IceState.FAILED);
        assertThat(peers.right.diagnosis().reason()).contains("no STUN datagram came");
    }

    @Test
    void usesTheAddressThatAnswersAmongSeveral() {
        Peers peers = Peers.controllingAndLite(13, LinkConditions.PERFECT);
        peers.left.addRemoteCandidate(Candidate.host(new InetSocketAddress("2001:db8::1", 5002), 65535), 0);
        peers.left.addRemoteCandidate(Candidate.host(ELSEWHERE, 65534), 0);

        peers.left.setRemoteCredentials(peers.right.localCredentials(), 0);
        peers.right.setRemoteCredentials(peers.left.localCredentials(), 0);
        peers.left.addRemoteCandidate(Candidate.host(RIGHT, 100), 0);
        peers.runUntilConnected(Duration.ofSeconds(2));

        assertThat(peers.left.selectedAddress()).isEqualTo(RIGHT);
        assertThat(peers.left.diagnosis().pairs()).hasSize(3);
    }

    @Test
    void checksArrivingBeforeTheCredentialsAreAnsweredAndUsedLater() {
        Peers peers = Peers.full(14, LinkConditions.PERFECT, CONTROLLED, CONTROLLING);
        peers.right.setRemoteCredentials(peers.left.localCredentials(), 0);
        peers.right.addRemoteCandidate(Candidate.host(LEFT, 65535), 0);
        peers.run(Duration.ofSeconds(3));
        assertThat(peers.left.selectedAddress()).isNull();
        assertThat(peers.right.diagnosis().counts().responses()).isPositive();

        peers.left.setRemoteCredentials(peers.right.localCredentials(), peers.network.nowNanos());

        peers.runUntilConnected(Duration.ofSeconds(2));
        assertThat(peers.left.selectedAddress()).isEqualTo(RIGHT);
    }

    @Test
    void pacesNewChecks() {
        Peers peers = Peers.controllingAndLite(15, LinkConditions.PERFECT.withLoss(1));
        peers.left.setRemoteCredentials(peers.right.localCredentials(), 0);
        for (int i = 1; i <= 40; i++) {
            peers.left.addRemoteCandidate(Candidate.host(new InetSocketAddress("203.0.113." + i, 9000), i), 0);
        }

        peers.run(Duration.ofMillis(499));

        assertThat(peers.network.statistics().sent()).isEqualTo(10);
    }
}
