// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import static dev.tributary.ice.internal.wire.StunAttributes.BINDING_ERROR;
import static dev.tributary.ice.internal.wire.StunAttributes.BINDING_INDICATION;
import static dev.tributary.ice.internal.wire.StunAttributes.BINDING_REQUEST;
import static dev.tributary.ice.internal.wire.StunAttributes.BINDING_SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.core.StreamAddress;
import dev.tributary.ice.internal.wire.IntegrityKey;
import dev.tributary.ice.internal.wire.IntegrityKey.Algorithm;
import dev.tributary.ice.internal.wire.StunMessage;
import dev.tributary.ice.internal.wire.StunWriter;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a lite agent answers, and to whom it sends. */
class LiteAgentTest {
    private static final long SECOND = 1_000_000_000L;
    private static final IceCredentials LOCAL = new IceCredentials("serv", "0123456789abcdefghijkl");
    private static final IceCredentials NEXT = new IceCredentials("newx", "zzzzzzzzzzzzzzzzzzzzzz");
    private static final IceCredentials REMOTE = new IceCredentials("peer", "ABCDEFGHIJKLMNOPQRSTUV");
    private static final InetSocketAddress HOME = new InetSocketAddress("192.0.2.7", 4000);
    private static final InetSocketAddress REBOUND = new InetSocketAddress("192.0.2.7", 4001);
    private static final InetSocketAddress MOBILE = new InetSocketAddress("203.0.113.9", 6000);
    private static final InetSocketAddress SIX = new InetSocketAddress("2001:db8::9", 6000);

    private final IceAgent agent = IceAgent.builder(LOCAL).random(new Random(1)).lite();

    @BeforeEach
    void start() {
        agent.setRemoteCredentials(REMOTE, 0);
    }

    @Test
    void answersACheckWithTheAddressItCameFrom() {
        deliver(Check.plain(LOCAL), HOME, 0);

        StunMessage answer = Check.answer(agent);
        assertThat(answer.type()).isEqualTo(BINDING_SUCCESS);
        assertThat(answer.mappedAddress()).isEqualTo(HOME);
        assertThat(answer.verify(IntegrityKey.ofPassword(LOCAL.pwd()))).isTrue();
        assertThat(answer.hasFingerprint() && answer.fingerprintAgrees()).isTrue();
        assertThat(agent.isValidated(HOME)).isTrue();
        assertThat(agent.selectedAddress()).as("not nominated").isNull();
    }

    @Test
    void answersOverIpv6() {
        deliver(Check.nominating(LOCAL), SIX, 0);

        assertThat(Check.answer(agent).mappedAddress()).isEqualTo(SIX);
        assertThat(agent.selectedAddress()).isEqualTo(SIX);
    }

    @Test
    void tellsAPeerOfAConnectionItsRealAddress() {
        StreamAddress connection = new StreamAddress(7, HOME, (bytes, offset, length) -> {});

        deliver(Check.nominating(LOCAL), connection, 0);

        assertThat(Check.answer(agent).mappedAddress()).isEqualTo(HOME);
        assertThat(agent.selectedAddress()).isSameAs(connection);
        assertThat(agent.isValidated(HOME)).as("its UDP address is another one").isFalse();
        assertThat(agent.diagnosis().summary()).contains("tcp 192.0.2.");
    }

    @Test
    void answersTheAlgorithmThatWasAskedWith() {
        byte[] check = Check.begin(LOCAL)
                .useCandidate()
                .finish(IntegrityKey.ofPassword(LOCAL.pwd()), Algorithm.SHA256)
                .copy();

        deliver(check, HOME, 0);

        StunMessage answer = Check.answer(agent);
        assertThat(answer.integrityAlgorithm()).isEqualTo(Algorithm.SHA256);
        assertThat(answer.verify(IntegrityKey.ofPassword(LOCAL.pwd()))).isTrue();
    }

    @Test
    void selectsWhatIsNominatedAndTheLatestNominationWins() {
        deliver(Check.nominating(LOCAL), HOME, 0);
        deliver(Check.nominating(LOCAL), MOBILE, 1);
        answerTheQuestion(MOBILE, 2);

        assertThat(agent.selectedAddress()).isEqualTo(MOBILE);
        assertThat(events()).containsSubsequence(new IceEvent.PathSelected(HOME), new IceEvent.PathSelected(MOBILE));
        assertThat(agent.state()).isEqualTo(IceState.CONNECTED);
    }

    @Test
    void toleratesAnEncoderThatSendsNeitherPriorityNorRole() {
        deliver(Check.bare(LOCAL, StunWriter::useCandidate), HOME, 0);

        assertThat(Check.answer(agent).type()).isEqualTo(BINDING_SUCCESS);
        assertThat(agent.selectedAddress()).isEqualTo(HOME);
    }

    @Test
    void answersNothingToAForger() {
        IceCredentials guess = new IceCredentials(LOCAL.ufrag(), "aaaaaaaaaaaaaaaaaaaaaa");
        byte[] unsigned = Check.begin(LOCAL).useCandidate().finish().copy();
        byte[] nameless = new StunWriter()
                .begin(1, 5, 5)
                .useCandidate()
                .finish(IntegrityKey.ofPassword(LOCAL.pwd()), Algorithm.SHA1)
                .copy();

        deliver(Check.nominating(guess), HOME, 0);
        deliver(Check.nominating(new IceCredentials("othr", LOCAL.pwd())), HOME, 0);
        deliver(unsigned, HOME, 0);
        deliver(nameless, HOME, 0);

        assertThat(Check.sent(agent)).isEmpty();
        assertThat(agent.selectedAddress()).isNull();
        assertThat(agent.isValidated(HOME)).isFalse();
        assertThat(agent.diagnosis().pairs()).isEmpty();
        Diagnosis.Counts counts = agent.diagnosis().counts();
        assertThat(counts.wrongIntegrity()).isEqualTo(1);
        assertThat(counts.wrongUfrag()).isEqualTo(1);
        assertThat(counts.unauthenticated()).isEqualTo(2);
        assertThat(agent.diagnosis().reason()).contains("wrong password");
    }

    @Test
    void dropsACheckWhoseFingerprintDisagrees() {
        byte[] check = Check.nominating(LOCAL);
        check[check.length - 1] ^= 1;

        deliver(check, HOME, 0);

        assertThat(Check.sent(agent)).isEmpty();
        assertThat(agent.diagnosis().counts().wrongFingerprint()).isEqualTo(1);
    }

    @Test
    void refusesAPeerThatSaysItIsControlled() {
        deliver(Check.bare(LOCAL, writer -> writer.role(false, -1).useCandidate()), HOME, 0);

        StunMessage answer = Check.answer(agent);
        assertThat(answer.type()).isEqualTo(BINDING_ERROR);
        assertThat(answer.errorCode()).isEqualTo(487);
        assertThat(answer.verify(IntegrityKey.ofPassword(LOCAL.pwd()))).isTrue();
        assertThat(agent.selectedAddress()).isNull();
    }

    @Test
    void refusesAttributesThatHaveToBeUnderstood() {
        deliver(Check.to(LOCAL, writer -> writer.attribute(0x7FFF, "?").useCandidate()), HOME, 0);

        StunMessage answer = Check.answer(agent);
        assertThat(answer.errorCode()).isEqualTo(420);
        assertThat(agent.selectedAddress()).isNull();
        deliver(Check.to(LOCAL, writer -> writer.attribute(0xC070, "?").useCandidate()), HOME, 1);
        assertThat(Check.answer(agent).type()).isEqualTo(BINDING_SUCCESS);
    }

    @Test
    void ignoresIndicationsAndResponses() {
        IntegrityKey key = IntegrityKey.ofPassword(LOCAL.pwd());
        deliver(new StunWriter().begin(BINDING_INDICATION, 1, 1).finish().copy(), HOME, 0);
        deliver(
                new StunWriter()
                        .begin(BINDING_SUCCESS, 1, 1)
                        .finish(key, Algorithm.SHA1)
                        .copy(),
                HOME,
                0);

        assertThat(Check.sent(agent)).isEmpty();
        assertThat(agent.isValidated(HOME)).isFalse();
        assertThat(agent.diagnosis().counts().unmatchedResponses()).isEqualTo(1);
    }

    @Test
    void believesNoCopyOfACheckFromAnotherAddress() {
        byte[] check = Check.nominating(LOCAL);
        deliver(check, HOME, 0);
        Check.sent(agent);

        deliver(check, MOBILE, SECOND);

        assertThat(Check.sent(agent)).isEmpty();
        assertThat(agent.selectedAddress()).isEqualTo(HOME);
        assertThat(agent.isValidated(MOBILE)).isFalse();
        assertThat(agent.diagnosis().counts().replayed()).isEqualTo(1);
        deliver(check, HOME, SECOND);
        assertThat(Check.sent(agent)).as("a retransmission is answered").hasSize(1);
    }

    @Test
    void followsANewAddressOnceTheOldOneIsSilent() {
        deliver(Check.nominating(LOCAL), HOME, 0);

        deliver(Check.plain(LOCAL), REBOUND, SECOND);
        assertThat(agent.selectedAddress())
                .as("the old path was heard a second ago")
                .isEqualTo(HOME);
        deliver(Check.plain(LOCAL), MOBILE, 2 * SECOND);
        answerTheQuestion(MOBILE, 2 * SECOND);

        assertThat(agent.selectedAddress()).isEqualTo(MOBILE);
    }

    @Test
    void fallsBackToAKnownAddressOnlyAfterAMissedConsentCheck() {
        deliver(Check.plain(LOCAL), MOBILE, 0);
        deliver(Check.nominating(LOCAL), HOME, 0);

        deliver(Check.plain(LOCAL), MOBILE, 6 * SECOND);
        assertThat(agent.selectedAddress()).isEqualTo(HOME);
        deliver(Check.plain(LOCAL), MOBILE, 7 * SECOND);
        answerTheQuestion(MOBILE, 7 * SECOND);

        assertThat(agent.selectedAddress()).isEqualTo(MOBILE);
    }

    @Test
    void aSessionThatNobodyKeepsAliveIsDisconnectedAndThenFailed() {
        deliver(Check.nominating(LOCAL), HOME, 0);
        Check.sent(agent);

        runTo(10 * SECOND - 1);
        assertThat(agent.state()).isEqualTo(IceState.CONNECTED);
        runTo(10 * SECOND);
        assertThat(agent.state()).isEqualTo(IceState.DISCONNECTED);
        runTo(30 * SECOND - 1);
        assertThat(agent.selectedAddress()).isEqualTo(HOME);
        runTo(30 * SECOND);

        assertThat(agent.state()).isEqualTo(IceState.FAILED);
        assertThat(agent.selectedAddress()).isNull();
        assertThat(events()).contains(new IceEvent.ConsentLost(HOME));
        assertThat(agent.nextTimeoutNanos()).isEqualTo(IceAgent.NEVER);
        deliver(Check.nominating(LOCAL), HOME, 31 * SECOND);
        assertThat(Check.sent(agent)).as("failed until a restart").isEmpty();
    }

    @Test
    void waitsLongerWhileChecksArriveWithoutNomination() {
        deliver(Check.plain(LOCAL), HOME, 30 * SECOND);

        runTo(69 * SECOND);
        assertThat(agent.state()).isEqualTo(IceState.CHECKING);
        runTo(70 * SECOND);

        assertThat(agent.state()).isEqualTo(IceState.FAILED);
        assertThat(agent.diagnosis().reason()).contains("nominated none");
    }

    @Test
    void bothGenerationsAreValidUntilTheHandOverAndALittleLonger() {
        deliver(Check.nominating(LOCAL), HOME, 0);
        agent.restart(NEXT, SECOND);
        assertThat(agent.localUfrags()).containsExactly("newx", "serv");

        // The old path lives, and does not move any more, while the new generation has nothing.
        deliver(Check.nominating(LOCAL), REBOUND, 2 * SECOND);
        assertThat(agent.selectedAddress()).isEqualTo(HOME);
        deliver(Check.nominating(NEXT), MOBILE, 2 * SECOND);
        assertThat(agent.selectedAddress())
                .as("the peer's new password is not known yet")
                .isEqualTo(HOME);
        agent.setRemoteCredentials(REMOTE, 3 * SECOND);
        Check.sent(agent);
        deliver(Check.nominating(NEXT), MOBILE, 3 * SECOND);
        answerTheQuestion(MOBILE, 3 * SECOND);
        assertThat(agent.selectedAddress()).isEqualTo(MOBILE);

        // A straggler is answered, and changes nothing.
        Check.sent(agent);
        deliver(Check.nominating(LOCAL), HOME, 4 * SECOND);
        assertThat(Check.answer(agent).type()).isEqualTo(BINDING_SUCCESS);
        assertThat(agent.selectedAddress()).isEqualTo(MOBILE);

        runTo(8 * SECOND);
        assertThat(agent.localUfrags()).containsExactly("newx");
        deliver(Check.nominating(LOCAL), HOME, 9 * SECOND);
        assertThat(Check.sent(agent)).isEmpty();
        assertThat(events()).contains(new IceEvent.UfragRetired("serv"));
    }

    @Test
    void aSecondRestartReplacesTheUnfinishedOne() {
        deliver(Check.nominating(LOCAL), HOME, 0);
        agent.restart(NEXT, 1);
        agent.restart(new IceCredentials("third", "tttttttttttttttttttttttt"), 2);

        assertThat(agent.localUfrags()).containsExactly("third", "serv");
        assertThat(agent.selectedAddress()).isEqualTo(HOME);
    }

    @Test
    void remembersAsManyPathsAsItsLimitAndNeverForgetsTheSelectedOne() {
        int limit = IceLimits.DEFAULT.pathsMax();
        deliver(Check.nominating(LOCAL), HOME, 0);
        for (int i = 1; i < limit; i++) {
            deliver(Check.plain(LOCAL), new InetSocketAddress("198.51.100.1", i), i);
        }
        assertThat(agent.diagnosis().pairs()).hasSize(limit);

        deliver(Check.plain(LOCAL), MOBILE, limit);

        assertThat(agent.diagnosis().pairs()).hasSize(limit);
        assertThat(agent.isValidated(HOME)).isTrue();
        assertThat(agent.isValidated(MOBILE)).isTrue();
        assertThat(agent.isValidated(new InetSocketAddress("198.51.100.1", 1))).isFalse();
    }

    @Test
    void dropsAnswersBeyondTheLimitOfItsQueue() {
        int limit = IceLimits.DEFAULT.transmitsMax();
        for (int i = 0; i <= limit; i++) {
            deliver(Check.plain(LOCAL), HOME, 0);
        }

        assertThat(Check.sent(agent)).hasSize(limit);
        assertThat(agent.diagnosis().counts().transmitsDropped()).isEqualTo(1);
    }

    @Test
    void keepsTheLatestEventsOfAnOwnerThatDoesNotPoll() {
        int limit = IceLimits.DEFAULT.eventsMax();
        for (int i = 0; i <= limit; i++) {
            InetSocketAddress address = i % 2 == 0 ? HOME : MOBILE;
            deliver(Check.nominating(LOCAL), address, i);
            answerTheQuestion(address, i);
        }

        assertThat(events()).hasSize(limit).endsWith(new IceEvent.PathSelected(HOME));
    }

    @Test
    void answersNothingAfterClose() {
        agent.close();
        agent.close();

        deliver(Check.nominating(LOCAL), HOME, 0);

        assertThat(Check.sent(agent)).isEmpty();
        assertThat(agent.selectedAddress()).isNull();
        assertThat(agent.state()).isEqualTo(IceState.CLOSED);
        assertThat(agent.nextTimeoutNanos()).isEqualTo(IceAgent.NEVER);
    }

    @Test
    void refusesToFaceAnotherLiteAgent() {
        assertThatThrownBy(() -> agent.setRemoteLite(0)).hasMessageContaining("full agent");
    }

    @Test
    void timeThatGoesBackwardsIsNoTimePassed() {
        deliver(Check.nominating(LOCAL), HOME, 20 * SECOND);
        deliver(Check.plain(LOCAL), HOME, SECOND);

        assertThat(agent.nextTimeoutNanos()).isEqualTo(30 * SECOND);
    }

    /** The peer answers what it was asked at an address. */
    private void answerTheQuestion(InetSocketAddress address, long now) {
        for (byte[] datagram : Check.sent(agent)) {
            StunMessage message = Check.read(datagram);
            if (message.type() == BINDING_REQUEST) {
                deliver(Check.success(message, REMOTE), address, now);
            }
        }
    }

    private void deliver(byte[] datagram, InetSocketAddress source, long now) {
        Check.deliver(agent, datagram, source, now);
    }

    private void runTo(long now) {
        while (agent.nextTimeoutNanos() <= now) {
            agent.handleTimeout(agent.nextTimeoutNanos());
        }
    }

    private List<IceEvent> events() {
        List<IceEvent> events = new ArrayList<>();
        Peers.drain(agent, events);
        return events;
    }
}
