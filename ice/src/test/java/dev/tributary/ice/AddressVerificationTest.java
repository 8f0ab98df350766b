// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import static dev.tributary.ice.internal.wire.StunAttributes.BINDING_REQUEST;
import static dev.tributary.ice.internal.wire.StunAttributes.BINDING_SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.ice.internal.wire.IntegrityKey;
import dev.tributary.ice.internal.wire.IntegrityKey.Algorithm;
import dev.tributary.ice.internal.wire.StunMessage;
import dev.tributary.ice.internal.wire.StunWriter;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a lite agent asks an address whether the peer is there, and what it believes. */
class AddressVerificationTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MILLI = 1_000_000L;
    private static final int REMEMBERED_CHECKS = 32;
    private static final IceCredentials LOCAL = new IceCredentials("serv", "0123456789abcdefghijkl");
    private static final IceCredentials PEER = new IceCredentials("peer", "ABCDEFGHIJKLMNOPQRSTUV");
    private static final InetSocketAddress HOME = new InetSocketAddress("192.0.2.7", 4000);
    private static final InetSocketAddress REBOUND = new InetSocketAddress("192.0.2.7", 4001);
    private static final InetSocketAddress VICTIM = new InetSocketAddress("198.51.100.66", 53);

    private final IceAgent agent = IceAgent.builder(LOCAL).random(new Random(1)).lite();

    @BeforeEach
    void connect() {
        agent.setRemoteCredentials(PEER, 0);
        Check.deliver(agent, Check.nominating(LOCAL), HOME, 0);
        Check.sent(agent);
    }

    @Test
    void asksWhereDataComesFromAndMovesWithTheAnswer() {
        agent.handleAuthenticatedData(REBOUND, SECOND);

        List<byte[]> sent = Check.sent(agent);
        assertThat(sent).hasSize(1);
        StunMessage question = Check.read(sent.get(0));
        assertThat(question.type()).isEqualTo(BINDING_REQUEST);
        assertThat(question.usernameBeforeColon(256)).isEqualTo("peer");
        assertThat(question.isControlled()).as("a lite agent never controls").isTrue();
        assertThat(question.verify(IntegrityKey.ofPassword(PEER.pwd()))).isTrue();
        assertThat(agent.selectedAddress()).as("not before the answer").isEqualTo(HOME);
        assertThat(agent.awaits(REBOUND)).isTrue();

        answer(question, PEER, REBOUND, SECOND + 30 * MILLI);

        assertThat(agent.selectedAddress()).isEqualTo(REBOUND);
        assertThat(agent.isValidated(REBOUND)).isTrue();
        assertThat(agent.awaits(REBOUND)).isFalse();
    }

    @Test
    void staysWhereItIsWhenTheAnswerIsForgedOrComesFromElsewhere() {
        agent.handleAuthenticatedData(REBOUND, SECOND);
        StunMessage question = Check.read(Check.sent(agent).get(0));

        answer(question, new IceCredentials("peer", "ZZZZZZZZZZZZZZZZZZZZZZZ"), REBOUND, SECOND);
        assertThat(agent.selectedAddress()).isEqualTo(HOME);
        answer(question, PEER, VICTIM, SECOND);

        assertThat(agent.selectedAddress()).isEqualTo(HOME);
        assertThat(agent.isValidated(VICTIM)).isFalse();
    }

    @Test
    void asksNobodyWhileTheSelectedAddressIsAlive() {
        agent.handleAuthenticatedData(HOME, SECOND);
        agent.handleAuthenticatedData(REBOUND, SECOND + 199 * MILLI);
        assertThat(Check.sent(agent)).isEmpty();

        agent.handleAuthenticatedData(REBOUND, SECOND + 200 * MILLI);

        assertThat(Check.sent(agent)).hasSize(1);
    }

    @Test
    void sendsTwoQuestionsASecondHoweverMuchDataComes() {
        long sent = 0;
        for (long now = SECOND; now < SECOND + 10 * SECOND; now += MILLI) {
            agent.handleAuthenticatedData(VICTIM, now);
            agent.handleAuthenticatedData(
                    new InetSocketAddress("198.51.100.67", (int) (now / MILLI) & 0x3FFF | 1), now);
            if (agent.nextTimeoutNanos() <= now) {
                agent.handleTimeout(now);
            }
            sent += Check.sent(agent).size();
        }

        assertThat(sent).as("20,000 forged sources in ten seconds").isLessThanOrEqualTo(20);
        assertThat(agent.selectedAddress()).isEqualTo(HOME);
    }

    @Test
    void givesUpAfterTheLastQuestion() {
        agent.handleAuthenticatedData(REBOUND, SECOND);

        int sent = Check.sent(agent).size();
        for (long due = agent.nextTimeoutNanos(); agent.awaits(REBOUND); due = agent.nextTimeoutNanos()) {
            agent.handleTimeout(due);
            sent += Check.sent(agent).size();
        }

        assertThat(sent).isEqualTo(IceLimits.DEFAULT.verificationSendsMax());
        assertThat(agent.selectedAddress()).isEqualTo(HOME);
    }

    @Test
    void anOldCopyOfACheckDrawsNoMediaToAnotherAddress() {
        byte[] old = Check.nominating(LOCAL);
        Check.deliver(agent, old, HOME, SECOND);
        for (int i = 0; i < REMEMBERED_CHECKS; i++) {
            Check.deliver(agent, Check.nominating(LOCAL), HOME, (2 + i) * SECOND);
        }
        Check.sent(agent);

        Check.deliver(agent, old, VICTIM, 40 * SECOND);

        assertThat(agent.selectedAddress())
                .as("the memory of 32 checks is over")
                .isEqualTo(HOME);
        List<byte[]> sent = Check.sent(agent);
        assertThat(sent).as("the answer and the question").hasSize(2);
        assertThat(Check.read(sent.get(1)).type()).isEqualTo(BINDING_REQUEST);
    }

    /** The attack of a viewer: it knows the password, and writes its victim's address as the source of its checks. */
    @Test
    void theOwnerOfThePasswordCannotAimMediaAtSomebodyElse() {
        for (long now = SECOND; now <= 60 * SECOND; now += 100 * MILLI) {
            Check.deliver(agent, Check.nominating(LOCAL), VICTIM, now);
            agent.handleAuthenticatedData(VICTIM, now);
            if (agent.nextTimeoutNanos() <= now) {
                agent.handleTimeout(now);
            }
            InetSocketAddress target = agent.selectedAddress();
            assertThat(target == null || target.equals(HOME))
                    .as("media goes to %s", target)
                    .isTrue();
        }

        assertThat(agent.state()).as("its own address said nothing for 30 s").isEqualTo(IceState.FAILED);
    }

    @Test
    void anAddressThatMediaWentToBeforeIsAskedAgain() {
        Check.deliver(agent, Check.nominating(LOCAL), REBOUND, SECOND);
        answer(Check.read(Check.sent(agent).get(1)), PEER, REBOUND, SECOND);
        assertThat(agent.selectedAddress()).isEqualTo(REBOUND);

        Check.deliver(agent, Check.nominating(LOCAL), HOME, 2 * SECOND);

        assertThat(agent.selectedAddress()).as("it may be another's by now").isEqualTo(REBOUND);
        answer(Check.read(Check.sent(agent).get(1)), PEER, HOME, 2 * SECOND);
        assertThat(agent.selectedAddress()).isEqualTo(HOME);
    }

    @Test
    void checksOfManyForgedSourcesAreAnsweredAndMakeTwoQuestionsASecond() {
        long questions = 0;
        for (long now = SECOND; now < 11 * SECOND; now += 10 * MILLI) {
            byte[] check = Check.nominating(LOCAL);
            Check.deliver(agent, check, new InetSocketAddress("198.51.100.67", (int) (now / MILLI)), now);
            if (agent.nextTimeoutNanos() <= now) {
                agent.handleTimeout(now);
            }
            for (byte[] datagram : Check.sent(agent)) {
                boolean isQuestion = Check.read(datagram).type() == BINDING_REQUEST;
                questions += isQuestion ? 1 : 0;
                assertThat(isQuestion || datagram.length <= check.length)
                        .as("an answer is no larger than its check")
                        .isTrue();
            }
        }

        assertThat(questions).as("1,000 checks in ten seconds").isBetween(10L, 20L);
    }

    @Test
    void theLatestNominationIsAskedAboutWhenTheOneBeforeDoesNotAnswer() {
        Check.deliver(agent, Check.nominating(LOCAL), VICTIM, SECOND);
        Check.sent(agent);

        Check.deliver(agent, Check.nominating(LOCAL), REBOUND, SECOND + 499 * MILLI);
        assertThat(Check.sent(agent)).as("the answer alone").hasSize(1);
        Check.deliver(agent, Check.nominating(LOCAL), REBOUND, SECOND + 500 * MILLI);
        answer(Check.read(Check.sent(agent).get(1)), PEER, REBOUND, SECOND + 530 * MILLI);

        assertThat(agent.selectedAddress()).isEqualTo(REBOUND);
    }

    @Test
    void aNominationOfWhereItIsEndsTheQuestion() {
        Check.deliver(agent, Check.nominating(LOCAL), REBOUND, SECOND);
        StunMessage question = Check.read(Check.sent(agent).get(1));

        Check.deliver(agent, Check.nominating(LOCAL), HOME, SECOND + 10 * MILLI);
        answer(question, PEER, REBOUND, SECOND + 20 * MILLI);

        assertThat(agent.selectedAddress()).isEqualTo(HOME);
    }

    @Test
    void dataIsNoConsent() {
        for (long now = SECOND; now <= 29 * SECOND; now += SECOND) {
            agent.handleAuthenticatedData(HOME, now);
        }

        agent.handleTimeout(30 * SECOND);

        assertThat(agent.state()).isEqualTo(IceState.FAILED);
    }

    private void answer(StunMessage question, IceCredentials signer, InetSocketAddress source, long now) {
        byte[] answer = new StunWriter()
                .begin(BINDING_SUCCESS, question.transactionHigh(), question.transactionLow())
                .xorMappedAddress(new byte[] {(byte) 203, 0, 113, 1}, 10000)
                .finish(IntegrityKey.ofPassword(signer.pwd()), Algorithm.SHA1)
                .copy();
        Check.deliver(agent, answer, source, now);
    }
}
