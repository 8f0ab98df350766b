// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.testkit.LinkConditions;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a session that has no connection says about it, and to whom. */
class DiagnosisTest {
    private static final IceCredentials LOCAL = new IceCredentials("serv", "0123456789abcdefghijkl");
    private static final IceCredentials GUESS = new IceCredentials("serv", "aaaaaaaaaaaaaaaaaaaaaa");
    private static final InetSocketAddress HOME = new InetSocketAddress("192.0.2.7", 4000);

    @Test
    void aBlockedLineIsToldByBothSidesWithWhatWasTried() {
        Peers peers =
                Peers.controllingAndLite(1, LinkConditions.PERFECT.withLoss(1)).signal();

        peers.run(Duration.ofSeconds(45));

        assertThat(failure(peers.leftEvents).summary())
                .startsWith("no STUN datagram came from the peer: a firewall, a wrong announced address, or UDP is"
                        + " blocked.")
                .contains("One address was tried: 198.51.100.2:5002 (host, failed, ")
                .contains("checks sent, 0 answered, 0 received");
        assertThat(failure(peers.rightEvents).summary())
                .contains("No address of the peer was tried")
                .as("nothing came that could look odd")
                .doesNotContain("STUN message ");
    }

    @Test
    void lostConsentIsToldWithTheAddressThatWorked() {
        Peers peers = Peers.controllingAndLite(2, LinkConditions.PERFECT).connect();
        peers.network.conditions(LinkConditions.PERFECT.withLoss(1));

        peers.run(Duration.ofSeconds(40));

        assertThat(failure(peers.leftEvents).summary())
                .startsWith("consent was lost: no answer to our checks for 30 s.")
                .contains("198.51.100.2:5002 (host, succeeded");
    }

    @Test
    void aWrongPasswordIsNamed() {
        IceAgent agent = IceAgent.lite(LOCAL);
        Check.deliver(agent, Check.nominating(GUESS), HOME, 0);
        Check.deliver(agent, Check.nominating(GUESS), HOME, 1);

        assertThat(agent.diagnosis().summary())
                .contains("the peer uses other ICE credentials")
                .contains("2 STUN messages were with a wrong password.");
    }

    @Test
    void tellsFourAddressesOfManyTheBusiestFirst() {
        IceAgent agent = IceAgent.lite(LOCAL);
        for (int port = 1; port <= 6; port++) {
            for (int i = 0; i < port; i++) {
                Check.deliver(agent, Check.plain(LOCAL), new InetSocketAddress("192.0.2.7", port), i);
            }
        }

        assertThat(agent.diagnosis().summary())
                .contains("6 addresses were tried: 192.0.2.7:6 (prflx, authenticated, 0 checks sent, 0 answered, 6"
                        + " received)")
                .contains("192.0.2.7:3 ")
                .doesNotContain("192.0.2.7:2 ")
                .contains("; and others.");
    }

    @Test
    void advisesToOpenTheWayWhenNothingCame() {
        Peers peers =
                Peers.controllingAndLite(1, LinkConditions.PERFECT.withLoss(1)).signal();
        peers.run(Duration.ofSeconds(45));

        assertThat(failure(peers.rightEvents).advice())
                .contains("Open the UDP port")
                .contains("TURN");
        assertThat(failure(peers.rightEvents).summary()).endsWith("offer the TCP port or a TURN server.");
    }

    @Test
    void advisesARestartWhenANetworkWentAway() {
        Peers peers = Peers.controllingAndLite(2, LinkConditions.PERFECT).connect();
        peers.network.conditions(LinkConditions.PERFECT.withLoss(1));
        peers.run(Duration.ofSeconds(15));
        assertThat(peers.right.state()).isEqualTo(IceState.DISCONNECTED);
        assertThat(peers.right.diagnosis().advice()).contains("ICE restart");

        peers.run(Duration.ofSeconds(25));

        assertThat(failure(peers.leftEvents).advice()).contains("ICE restart");
        assertThat(failure(peers.rightEvents).advice()).contains("ICE restart");
    }

    @Test
    void advisesToLetPacketsOutWhenOurAnswersDoNotArrive() {
        IceAgent agent = IceAgent.lite(LOCAL);
        agent.setRemoteCredentials(GUESS, 0);
        Check.deliver(agent, Check.plain(LOCAL), HOME, 1);

        assertThat(agent.diagnosis().advice()).contains("one way only");
    }

    @Test
    void advisesToExchangeDescriptionsWhenThePasswordIsAnother() {
        IceAgent agent = IceAgent.lite(LOCAL);
        agent.setRemoteCredentials(GUESS, 0);
        Check.deliver(agent, Check.nominating(GUESS), HOME, 1);

        assertThat(agent.diagnosis().advice()).contains("ice-pwd");
    }

    @Test
    void advisesWhatToPermitAndWhatToAskFor() {
        IceAgent strict = IceAgent.builder(LOCAL).policy(CandidatePolicy.PUBLIC).full(IceRole.CONTROLLING);
        strict.setRemoteCredentials(GUESS, 0);
        strict.addRemoteCandidate(Candidate.host(new InetSocketAddress("10.0.0.1", 9_000), 1), 0);
        assertThat(strict.diagnosis().advice()).contains("CandidatePolicy");

        IceAgent plain = IceAgent.full(IceRole.CONTROLLING, LOCAL);
        plain.setRemoteCredentials(GUESS, 0);
        plain.addRemoteCandidate(Candidate.parse("1 1 udp 1 a.local 9 typ host"), 0);
        assertThat(plain.diagnosis().advice()).contains("not names");
    }

    @Test
    void advisesNothingWhileAllIsWell() {
        Peers peers = Peers.controllingAndLite(2, LinkConditions.PERFECT).connect();

        assertThat(peers.left.diagnosis().advice()).isEmpty();
        assertThat(peers.right.diagnosis().advice()).isEmpty();
    }

    private static Diagnosis failure(List<IceEvent> events) {
        int failed = events.indexOf(events.stream()
                .filter(IceEvent.Failed.class::isInstance)
                .findFirst()
                .orElseThrow());
        assertThat(events.get(failed - 1))
                .isInstanceOfSatisfying(
                        IceEvent.StateChanged.class,
                        change -> assertThat(change.to()).isEqualTo(IceState.FAILED));
        return ((IceEvent.Failed) events.get(failed)).diagnosis();
    }
}
