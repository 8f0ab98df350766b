// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.core.Transmit;
import dev.tributary.ice.internal.wire.StunMessage;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Candidates that come one by one (RFC 8838), at a full agent. A lite agent has no use for any. */
class TrickleTest {
    private static final long SECOND = 1_000_000_000L;
    private static final IceCredentials LOCAL = new IceCredentials("mine", "0123456789abcdefghijkl");
    private static final IceCredentials REMOTE = new IceCredentials("peer", "ABCDEFGHIJKLMNOPQRSTUV");
    private static final IceCredentials NEXT = new IceCredentials("newx", "zzzzzzzzzzzzzzzzzzzzzz");
    private static final InetSocketAddress FIRST = new InetSocketAddress("198.51.100.4", 10000);
    private static final InetSocketAddress LATER = new InetSocketAddress("198.51.100.5", 10000);

    private final IceAgent agent = IceAgent.builder(LOCAL).random(new Random(1)).full(IceRole.CONTROLLING);
    private final List<InetSocketAddress> asked = new ArrayList<>();
    private final Transmit slot = new Transmit();
    private StunMessage lastCheck = new StunMessage();

    @BeforeEach
    void start() {
        agent.setRemoteCredentials(REMOTE, 0);
    }

    /** RFC 8838 §8: an empty check list stays in the Running state while candidates may still come. */
    @Test
    void keepsWaitingWithoutAnyCandidate() {
        runTo(39 * SECOND);
        assertThat(agent.state()).isEqualTo(IceState.CHECKING);

        trickle(FIRST, 39 * SECOND);
        runTo(39 * SECOND + SECOND / 2);

        assertThat(asked).contains(FIRST);
        assertThat(agent.state()).isEqualTo(IceState.CHECKING);
    }

    /** RFC 8838 §8: nor is it failed because all the pairs so far have failed. */
    @Test
    void aLateCandidateIsCheckedAlthoughAllBeforeItHaveFailed() {
        trickle(FIRST, 0);
        runTo(SECOND);
        refuse(FIRST, SECOND);
        assertThat(agent.diagnosis().pairs().get(0).state()).isEqualTo("failed");
        assertThat(agent.state()).isEqualTo(IceState.CHECKING);
        asked.clear();

        trickle(LATER, 20 * SECOND);
        runTo(21 * SECOND);

        assertThat(asked).isNotEmpty().containsOnly(LATER);
    }

    /** RFC 8838 §11: a pair learned from a check before its candidate was trickled stays one pair, with what is told of it. */
    @Test
    void aCandidateThatACheckAnnouncedIsNoSecondPair() {
        Check.deliver(agent, Check.bare(LOCAL, writer -> writer.role(false, 1).priority(77)), FIRST, 0);
        assertThat(agent.diagnosis().pairs())
                .extracting(Diagnosis.Pair::type)
                .containsExactly(CandidateType.PEER_REFLEXIVE);

        trickle(FIRST, 1);
        trickle(FIRST, 2);

        assertThat(agent.diagnosis().pairs()).extracting(Diagnosis.Pair::type).containsExactly(CandidateType.HOST);
    }

    /** RFC 8838 §9: what comes after a restart belongs to the new generation, and old pairs are not checked in its name. */
    @Test
    void aRestartBeginsWithoutCandidates() {
        trickle(FIRST, 0);
        runTo(SECOND);
        agent.restart(NEXT, SECOND);
        agent.setRemoteCredentials(new IceCredentials("next", REMOTE.pwd()), SECOND);
        asked.clear();

        runTo(5 * SECOND);
        assertThat(asked).isEmpty();
        trickle(LATER, 5 * SECOND);
        runTo(6 * SECOND);

        assertThat(asked).isNotEmpty().containsOnly(LATER);
    }

    @Test
    void aLiteAgentTakesNoCandidates() {
        IceAgent lite = IceAgent.lite(LOCAL);
        lite.addRemoteCandidate(Candidate.host(FIRST, 1), 0);

        assertThat(lite.diagnosis().pairs()).isEmpty();
        assertThat(lite.diagnosis().counts().candidatesIgnored()).isEqualTo(1);
        assertThat(Check.sent(lite)).isEmpty();
    }

    private void trickle(InetSocketAddress address, long now) {
        agent.addRemoteCandidate(Candidate.host(address, 65535), now);
    }

    /** An answer from another address: RFC 8445 §7.2.5.2.1 has the pair failed. */
    private void refuse(InetSocketAddress address, long now) {
        assertThat(asked).contains(address);
        Check.deliver(agent, Check.success(lastCheck, REMOTE), LATER, now);
    }

    private void runTo(long now) {
        while (agent.nextTimeoutNanos() <= now) {
            agent.handleTimeout(agent.nextTimeoutNanos());
            while (agent.pollTransmit(slot)) {
                byte[] datagram = new byte[slot.buffer().remaining()];
                slot.buffer().get(datagram);
                lastCheck = Check.read(datagram);
                asked.add(slot.destination());
            }
        }
    }
}
