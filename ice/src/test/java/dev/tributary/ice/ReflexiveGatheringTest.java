// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import static dev.tributary.ice.internal.wire.StunAttributes.BINDING_ERROR;
import static dev.tributary.ice.internal.wire.StunAttributes.BINDING_SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ice.internal.wire.StunMessage;
import dev.tributary.ice.internal.wire.StunWriter;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a STUN server tells about our socket, and what does not count. */
class ReflexiveGatheringTest {
    private static final IceCredentials LOCAL = new IceCredentials("mine", "0123456789abcdefghijkl");
    private static final InetSocketAddress HOST = new InetSocketAddress("10.0.0.2", 5000);
    private static final InetSocketAddress OUTSIDE = new InetSocketAddress("203.0.113.9", 40000);
    private static final InetSocketAddress STUN = new InetSocketAddress("192.0.2.53", 3478);
    private static final InetSocketAddress LIAR = new InetSocketAddress("192.0.2.54", 3478);

    private final IceAgent agent = IceAgent.builder(LOCAL).random(new Random(1)).full(IceRole.CONTROLLING);

    @Test
    void theAnswerBecomesACandidate() {
        agent.addLocalCandidate(Candidate.host(HOST, 65535));
        StunMessage question = ask();
        assertThat(agent.awaits(STUN)).isTrue();

        Check.deliver(agent, mapped(question, OUTSIDE), STUN, 1);

        Candidate candidate = Candidate.of(CandidateType.SERVER_REFLEXIVE, OUTSIDE, 65535, HOST);
        assertThat(agent.localCandidates()).contains(candidate);
        assertThat(events()).containsExactly(new IceEvent.CandidateGathered(candidate, true));
        assertThat(agent.awaits(STUN)).isFalse();
        assertThat(agent.nextTimeoutNanos()).isEqualTo(IceAgent.NEVER);
    }

    @Test
    void anAddressThatIsKnownIsNoNewCandidate() {
        agent.addLocalCandidate(Candidate.host(OUTSIDE, 65535));

        Check.deliver(agent, mapped(ask(), OUTSIDE), STUN, 1);

        assertThat(agent.localCandidates()).hasSize(1);
        assertThat(events()).extracting(Object::getClass).containsExactly(IceEvent.CandidateGathered.class);
    }

    @Test
    void anAnswerFromElsewhereOrToAnotherQuestionIsNotBelieved() {
        StunMessage question = ask();

        Check.deliver(agent, mapped(question, OUTSIDE), LIAR, 1);
        Check.deliver(
                agent,
                new StunWriter()
                        .begin(BINDING_SUCCESS, 1, 2)
                        .xorMappedAddress(new byte[] {1, 2, 3, 4}, 5)
                        .finish()
                        .copy(),
                STUN,
                1);

        assertThat(agent.localCandidates()).isEmpty();
        assertThat(events()).isEmpty();
        assertThat(agent.awaits(STUN)).as("still asking").isTrue();
    }

    @Test
    void anErrorIsTheEndOfIt() {
        StunMessage question = ask();

        Check.deliver(
                agent,
                new StunWriter()
                        .begin(BINDING_ERROR, question.transactionHigh(), question.transactionLow())
                        .errorCode(500)
                        .finish()
                        .copy(),
                STUN,
                1);

        assertThat(events()).containsExactly(new IceEvent.GatheringFailed(STUN));
    }

    @Test
    void aServerThatIsSilentIsAskedAsOftenAsTheLimitSays() {
        ask();
        int sent = 1;
        while (agent.nextTimeoutNanos() != IceAgent.NEVER) {
            agent.handleTimeout(agent.nextTimeoutNanos());
            sent += Check.sent(agent).size();
        }

        assertThat(sent).isEqualTo(IceLimits.DEFAULT.gatheringSendsMax());
        assertThat(events()).containsExactly(new IceEvent.GatheringFailed(STUN));
    }

    @Test
    void asksNoMoreServersThanTheLimit() {
        for (int i = 1; i <= IceLimits.DEFAULT.stunServersMax() + 1; i++) {
            agent.gatherReflexive(new InetSocketAddress("192.0.2." + i, 3478), 0);
        }

        assertThat(Check.sent(agent)).hasSize(IceLimits.DEFAULT.stunServersMax());
        assertThat(events()).hasSize(1).hasOnlyElementsOfType(IceEvent.GatheringFailed.class);
    }

    @Test
    void aLiteAgentHasNothingToAsk() {
        assertThatThrownBy(() -> IceAgent.lite(LOCAL).gatherReflexive(STUN, 0))
                .isInstanceOf(IllegalStateException.class);
    }

    private StunMessage ask() {
        agent.gatherReflexive(STUN, 0);
        return Check.answer(agent);
    }

    private static byte[] mapped(StunMessage question, InetSocketAddress address) {
        return new StunWriter()
                .begin(BINDING_SUCCESS, question.transactionHigh(), question.transactionLow())
                .xorMappedAddress(address.getAddress().getAddress(), address.getPort())
                .finish()
                .copy();
    }

    private List<IceEvent> events() {
        List<IceEvent> events = new ArrayList<>();
        Peers.drain(agent, events);
        return events;
    }
}
