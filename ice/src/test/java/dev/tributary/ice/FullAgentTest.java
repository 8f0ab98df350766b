// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import static dev.tributary.ice.internal.wire.StunAttributes.BINDING_ERROR;
import static dev.tributary.ice.internal.wire.StunAttributes.BINDING_REQUEST;
import static dev.tributary.ice.internal.wire.StunAttributes.BINDING_SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.core.Transmit;
import dev.tributary.ice.internal.wire.IntegrityKey;
import dev.tributary.ice.internal.wire.IntegrityKey.Algorithm;
import dev.tributary.ice.internal.wire.StunMessage;
import dev.tributary.ice.internal.wire.StunWriter;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A full agent against answers written by hand. */
class FullAgentTest {
    private static final long SECOND = 1_000_000_000L;
    private static final IceCredentials LOCAL = new IceCredentials("mine", "0123456789abcdefghijkl");
    private static final IceCredentials REMOTE = new IceCredentials("peer", "ABCDEFGHIJKLMNOPQRSTUV");
    private static final InetSocketAddress SERVER = new InetSocketAddress("198.51.100.4", 10000);
    private static final InetSocketAddress OTHER = new InetSocketAddress("198.51.100.5", 10000);

    private final IceAgent agent = IceAgent.builder(LOCAL).random(new Random(1)).full(IceRole.CONTROLLING);

    @Test
    void sendsWhatACheckHasToCarry() {
        start();

        StunMessage check = nextCheck();

        IntegrityKey key = IntegrityKey.ofPassword(REMOTE.pwd());
        assertThat(check.type()).isEqualTo(BINDING_REQUEST);
        assertThat(check.usernameBeforeColon(256)).isEqualTo("peer");
        assertThat(check.priority(-1)).isEqualTo(Candidate.priority(CandidateType.PEER_REFLEXIVE, 65535));
        assertThat(check.isControlling()).isTrue();
        assertThat(check.useCandidate()).as("regular nomination").isFalse();
        assertThat(check.verify(key)).isTrue();
        assertThat(check.hasFingerprint() && check.fingerprintAgrees()).isTrue();
    }

    @Test
    void nominatesAfterTheFirstAnswerAndSelectsAfterTheSecond() {
        start();
        StunMessage check = nextCheck();
        answer(check, SERVER, REMOTE.pwd(), 0);
        assertThat(agent.selectedAddress()).isNull();

        StunMessage nomination = nextCheck();
        assertThat(nomination.useCandidate()).isTrue();
        answer(nomination, SERVER, REMOTE.pwd(), 0);

        assertThat(agent.selectedAddress()).isEqualTo(SERVER);
        assertThat(agent.state()).isEqualTo(IceState.CONNECTED);
    }

    @Test
    void nominatesWithoutWaitingForThePaceOfOtherChecks() {
        start();
        answer(nextCheck(), SERVER, REMOTE.pwd(), 0);
        long asked = lastTimeout;

        assertThat(nextCheck().useCandidate()).isTrue();

        // RFC 8445 §14.2: Ta is 50 ms, and never under 5.
        assertThat(lastTimeout - asked).isEqualTo(5_000_000);
    }

    @Test
    void believesNoAnswerOfAForger() {
        start();
        StunMessage check = nextCheck();

        answer(check, SERVER, "forgedforgedforgedforged", 0);
        Check.deliver(agent, unsignedAnswer(check), SERVER, 0);
        Check.deliver(
                agent, new StunWriter().begin(BINDING_SUCCESS, 1, 1).finish().copy(), SERVER, 0);

        assertThat(agent.isValidated(SERVER)).isFalse();
        Diagnosis.Counts counts = agent.diagnosis().counts();
        assertThat(counts.wrongIntegrity()).isEqualTo(1);
        assertThat(counts.unauthenticated()).isEqualTo(1);
        assertThat(counts.unmatchedResponses()).isEqualTo(1);
        answer(check, SERVER, REMOTE.pwd(), 0);
        assertThat(agent.isValidated(SERVER)).as("the true answer still counts").isTrue();
    }

    @Test
    void failsAPairWhoseAnswerComesFromElsewhere() {
        start();

        answer(nextCheck(), OTHER, REMOTE.pwd(), 0);

        assertThat(agent.diagnosis().pairs().get(0).state()).isEqualTo("failed");
        assertThat(agent.isValidated(OTHER)).isFalse();
    }

    @Test
    void takesTheOtherRoleWhenTold() {
        start();
        StunMessage check = nextCheck();

        Check.deliver(agent, error(check, 487), SERVER, 0);

        assertThat(agent.role()).isEqualTo(IceRole.CONTROLLED);
        StunMessage again = nextCheck();
        assertThat(again.isControlled()).isTrue();
        assertThat(again.tieBreaker()).isNotEqualTo(check.tieBreaker());
        assertThat(events()).contains(new IceEvent.RoleChanged(IceRole.CONTROLLED));
    }

    @Test
    void staysControllingInFrontOfALiteAgent() {
        IceAgent answerer = IceAgent.builder(LOCAL).random(new Random(1)).full(IceRole.CONTROLLED);

        answerer.setRemoteLite(0);

        assertThat(answerer.role()).isEqualTo(IceRole.CONTROLLING);
    }

    @Test
    void failsAPairOnAnErrorThatDoesNotPass() {
        start();

        Check.deliver(agent, error(nextCheck(), 400), SERVER, 0);

        assertThat(agent.diagnosis().pairs().get(0).state()).isEqualTo("failed");
        assertThat(agent.role()).isEqualTo(IceRole.CONTROLLING);
    }

    @Test
    void checksTheBestPairFirstAndATriggeredOneBeforeAllOthers() {
        agent.setRemoteCredentials(REMOTE, 0);
        InetSocketAddress worst = new InetSocketAddress("198.51.100.6", 10000);
        agent.addRemoteCandidate(Candidate.host(worst, 1), 0);
        agent.addRemoteCandidate(Candidate.host(OTHER, 2), 0);
        agent.addRemoteCandidate(Candidate.host(SERVER, 3), 0);
        assertThat(nextDestination()).isEqualTo(SERVER);

        Check.deliver(agent, Check.bare(LOCAL, writer -> writer.role(false, 1)), worst, 0);
        Check.sent(agent);

        assertThat(nextDestination()).as("a check came from there").isEqualTo(worst);
        assertThat(nextDestination()).isEqualTo(OTHER);
    }

    @Test
    void aControlledAgentNominatesNothing() {
        IceAgent controlled = IceAgent.builder(LOCAL).random(new Random(1)).full(IceRole.CONTROLLED);
        controlled.setRemoteCredentials(REMOTE, 0);
        controlled.addRemoteCandidate(Candidate.host(SERVER, 65535), 0);
        int checks = 0;
        for (long now = 0; now < 30 * SECOND; now = controlled.nextTimeoutNanos()) {
            controlled.handleTimeout(now);
            for (byte[] datagram : Check.sent(controlled)) {
                StunMessage check = Check.read(datagram);
                assertThat(check.useCandidate()).isFalse();
                assertThat(check.isControlled()).isTrue();
                Check.deliver(controlled, Check.success(check, REMOTE), SERVER, now);
                checks++;
            }
        }

        assertThat(checks).isPositive();
        assertThat(controlled.selectedAddress())
                .as("the peer nominated nothing")
                .isNull();
    }

    @Test
    void takesTheRoleThatOfferAndAnswerGive() {
        IceAgent answerer = IceAgent.builder(LOCAL).random(new Random(1)).full(IceRole.CONTROLLING);

        answerer.takeRole(IceRole.CONTROLLED, 0);
        assertThat(answerer.role()).isEqualTo(IceRole.CONTROLLED);

        answerer.setRemoteLite(0);
        answerer.takeRole(IceRole.CONTROLLED, 0);
        assertThat(answerer.role()).isEqualTo(IceRole.CONTROLLING);
    }

    @Test
    void ignoresCandidatesThatItCannotCheck() {
        start();
        String[] useless = {
            "1 1 tcp 1 192.0.2.1 9 typ host tcptype active",
            "1 1 udp 1 3c1f.local 9000 typ host",
            "1 2 udp 1 192.0.2.1 9000 typ host",
            "1 1 udp 1 224.0.0.1 9000 typ host",
            "1 1 udp 1 0.0.0.0 9000 typ host",
            "1 1 udp 1 192.0.2.1 0 typ host",
        };

        for (String line : useless) {
            agent.addRemoteCandidate(Candidate.parse(line), 0);
        }

        assertThat(agent.diagnosis().pairs()).hasSize(1);
        assertThat(agent.diagnosis().counts().candidatesIgnored()).isEqualTo(useless.length);
    }

    @Test
    void takesAsManyRemoteCandidatesAsItsLimit() {
        int limit = IceLimits.DEFAULT.remoteCandidatesMax();
        for (int i = 1; i <= limit + 1; i++) {
            agent.addRemoteCandidate(Candidate.host(new InetSocketAddress("192.0.2.1", i), 1), 0);
        }
        assertThat(agent.diagnosis().pairs()).hasSize(limit);
        assertThat(agent.diagnosis().counts().candidatesIgnored()).isEqualTo(1);

        // Nor does an authenticated check from one more address add a pair, but it is answered.
        Check.deliver(agent, Check.bare(LOCAL, writer -> writer.role(false, 1)), SERVER, 0);
        assertThat(agent.diagnosis().pairs()).hasSize(limit);
        assertThat(Check.answer(agent).type()).isEqualTo(BINDING_SUCCESS);
    }

    @Test
    void learnsAPeerReflexiveCandidateAndChecksIt() {
        agent.setRemoteCredentials(REMOTE, 0);

        Check.deliver(agent, Check.bare(LOCAL, writer -> writer.role(false, 1).priority(77)), OTHER, 0);
        assertThat(Check.answer(agent).type()).isEqualTo(BINDING_SUCCESS);
        StunMessage triggered = nextCheck();

        assertThat(triggered.usernameBeforeColon(256)).isEqualTo("peer");
        assertThat(agent.diagnosis().pairs().get(0).type()).isEqualTo(CandidateType.PEER_REFLEXIVE);
    }

    @Test
    void consentChecksAreNewTransactionsFourToSixSecondsApart() {
        start();
        answer(nextCheck(), SERVER, REMOTE.pwd(), 0);
        StunMessage nomination = nextCheck();
        long now = lastTimeout;
        answer(nomination, SERVER, REMOTE.pwd(), now);
        long before = nomination.transactionHigh();

        for (int i = 0; i < 50; i++) {
            StunMessage consent = nextCheck();
            assertThat(lastTimeout - now).isBetween(4 * SECOND, 6 * SECOND);
            assertThat(consent.transactionHigh()).isNotEqualTo(before);
            answer(consent, SERVER, REMOTE.pwd(), lastTimeout);
            now = lastTimeout;
            before = consent.transactionHigh();
        }
    }

    @Test
    void aForgedAnswerDoesNotRenewConsent() {
        start();
        answer(nextCheck(), SERVER, REMOTE.pwd(), 0);
        answer(nextCheck(), SERVER, REMOTE.pwd(), lastTimeout);

        while (agent.nextTimeoutNanos() != IceAgent.NEVER) {
            long now = agent.nextTimeoutNanos();
            assertThat(now).isLessThan(31 * SECOND);
            agent.handleTimeout(now);
            for (byte[] datagram : Check.sent(agent)) {
                answer(Check.read(datagram), SERVER, "forgedforgedforgedforged", now);
            }
        }

        assertThat(agent.state()).isEqualTo(IceState.FAILED);
        assertThat(agent.selectedAddress()).isNull();
        assertThat(agent.diagnosis().reason()).contains("consent was lost");
    }

    @Test
    void repeatsACheckUnchangedUntilItGivesUp() {
        start();
        StunMessage first = nextCheck();
        int sends = 1;
        while (agent.state() == IceState.CHECKING) {
            agent.handleTimeout(agent.nextTimeoutNanos());
            for (byte[] datagram : Check.sent(agent)) {
                assertThat(Check.read(datagram).transactionHigh()).isEqualTo(first.transactionHigh());
                sends++;
            }
        }

        assertThat(sends).isEqualTo(IceLimits.DEFAULT.sendsMax());
        assertThat(agent.state()).isEqualTo(IceState.FAILED);
        assertThat(agent.diagnosis().pairs().get(0).state()).isEqualTo("failed");
    }

    private long lastTimeout;

    private void start() {
        agent.setRemoteCredentials(REMOTE, 0);
        agent.addRemoteCandidate(Candidate.host(SERVER, 65535), 0);
    }

    /** Lets time pass until the agent sends something. */
    private StunMessage nextCheck() {
        for (int i = 0; i < 100; i++) {
            lastTimeout = Math.max(lastTimeout, agent.nextTimeoutNanos());
            agent.handleTimeout(lastTimeout);
            List<byte[]> sent = Check.sent(agent);
            if (!sent.isEmpty()) {
                return Check.read(sent.get(0));
            }
        }
        throw new AssertionError("The agent sends nothing");
    }

    /** Lets time pass until the agent sends something, and says where to. */
    private InetSocketAddress nextDestination() {
        Transmit slot = new Transmit();
        do {
            lastTimeout = Math.max(lastTimeout, agent.nextTimeoutNanos());
            agent.handleTimeout(lastTimeout);
        } while (!agent.pollTransmit(slot));
        return slot.destination();
    }

    private void answer(StunMessage check, InetSocketAddress from, String password, long now) {
        byte[] datagram = new StunWriter()
                .begin(BINDING_SUCCESS, check.transactionHigh(), check.transactionLow())
                .xorMappedAddress(new byte[] {(byte) 192, 0, 2, 1}, 5000)
                .finish(IntegrityKey.ofPassword(password), Algorithm.SHA1)
                .copy();
        Check.deliver(agent, datagram, from, now);
    }

    private static byte[] unsignedAnswer(StunMessage check) {
        return new StunWriter()
                .begin(BINDING_SUCCESS, check.transactionHigh(), check.transactionLow())
                .xorMappedAddress(new byte[] {(byte) 192, 0, 2, 1}, 5000)
                .finish()
                .copy();
    }

    private static byte[] error(StunMessage check, int code) {
        return new StunWriter()
                .begin(BINDING_ERROR, check.transactionHigh(), check.transactionLow())
                .errorCode(code)
                .finish(IntegrityKey.ofPassword(REMOTE.pwd()), Algorithm.SHA1)
                .copy();
    }

    private List<IceEvent> events() {
        List<IceEvent> events = new ArrayList<>();
        Peers.drain(agent, events);
        return events;
    }
}
