// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.ice4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.core.StreamAddress;
import dev.tributary.ice.Candidate;
import dev.tributary.ice.CandidatePolicy;
import dev.tributary.ice.IceEvent;
import dev.tributary.ice.IceLimits;
import dev.tributary.ice.IceRole;
import dev.tributary.ice.IceState;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the agent makes of what ice4j tells: in virtual time, and the threads of ice4j never start. */
class Ice4jAgentTest {
    private static final long SECOND = 1_000_000_000L;
    private static final InetSocketAddress PEER = new InetSocketAddress("192.0.2.7", 4_000);
    private static final InetSocketAddress ELSEWHERE = new InetSocketAddress("192.0.2.8", 4_000);

    private final Ice4jAgent agent = new Ice4jAgent(
            IceRole.CONTROLLING,
            new Ice4jSettings(
                    List.of(),
                    CandidatePolicy.ANY,
                    IceLimits.DEFAULT,
                    null,
                    (SSLSocketFactory) SSLSocketFactory.getDefault(),
                    task -> new Thread(() -> {})),
            (datagram, source) -> {},
            () -> {});

    @AfterEach
    void close() {
        agent.close();
    }

    private List<IceEvent> events() {
        List<IceEvent> events = new ArrayList<>();
        for (IceEvent event; (event = agent.pollEvent()) != null; ) {
            events.add(event);
        }
        return events;
    }

    private void connect(long now) {
        agent.handleTimeout(now);
        agent.connected(agent.current(), PEER);
        assertThat(events()).hasAtLeastOneElementOfType(IceEvent.PathSelected.class);
    }

    @Test
    void theSelectedAddressStandsForTheSessionAndNamesThePeer() {
        connect(SECOND);

        assertThat(agent.state()).isEqualTo(IceState.CONNECTED);
        assertThat(agent.selectedAddress())
                .isInstanceOfSatisfying(
                        StreamAddress.class,
                        address -> assertThat(address.remote()).isEqualTo(PEER));
        assertThat(agent.isValidated(agent.selectedAddress())).isTrue();
        assertThat(agent.isValidated(PEER)).isFalse();
    }

    @Test
    void consentEndsThirtySecondsAfterTheLastAnswer() {
        connect(SECOND);
        agent.handleTimeout(20 * SECOND);
        assertThat(agent.state()).isEqualTo(IceState.DISCONNECTED);
        agent.consented(agent.current());
        agent.handleTimeout(21 * SECOND);
        assertThat(agent.state()).as("an answer came").isEqualTo(IceState.CONNECTED);

        agent.handleTimeout(51 * SECOND - 1);
        assertThat(agent.selectedAddress()).isNotNull();
        agent.handleTimeout(51 * SECOND);

        assertThat(agent.selectedAddress()).isNull();
        assertThat(events())
                .hasAtLeastOneElementOfType(IceEvent.ConsentLost.class)
                .hasAtLeastOneElementOfType(IceEvent.Failed.class);
        assertThat(agent.diagnosis().advice()).contains("ICE restart");
    }

    @Test
    void keepsTheOldPathUntilARestartHasSelectedANewOne() {
        connect(SECOND);
        Ice4jSession before = agent.current();
        agent.restart(agent.localCredentials(), 2 * SECOND);

        assertThat(agent.localUfrags()).hasSize(2);
        assertThat(agent.selectedAddress()).isNotNull();
        agent.connected(agent.current(), ELSEWHERE);

        assertThat(events())
                .contains(new IceEvent.UfragRetired(before.credentials().ufrag()))
                .hasAtLeastOneElementOfType(IceEvent.PathSelected.class);
        assertThat(StreamAddress.visible(agent.selectedAddress())).isEqualTo(ELSEWHERE);
        assertThat(agent.localUfrags()).hasSize(1);
    }

    @Test
    void aRestartThatFailsDoesNotEndThePathBefore() {
        connect(SECOND);
        agent.restart(agent.localCredentials(), 2 * SECOND);

        agent.failed(agent.current());

        assertThat(events()).doesNotHaveAnyElementsOfTypes(IceEvent.Failed.class);
        assertThat(agent.selectedAddress()).isNotNull();
    }

    @Test
    void whatTheGenerationBeforeTellsLateIsIgnored() {
        Ice4jSession before = agent.current();
        agent.restart(agent.localCredentials(), SECOND);

        agent.gathered(before, Candidate.host(PEER, 1));
        agent.gatheringEnded(before);
        agent.connected(before, PEER);
        agent.failed(before);

        assertThat(events())
                .doesNotHaveAnyElementsOfTypes(
                        IceEvent.CandidateGathered.class,
                        IceEvent.GatheringEnded.class,
                        IceEvent.PathSelected.class,
                        IceEvent.Failed.class);
        assertThat(agent.localCandidates()).isEmpty();
    }

    @Test
    void tellsCandidatesAsTheyComeBestFirst() {
        Candidate worse = Candidate.host(PEER, 1);
        Candidate better = Candidate.host(ELSEWHERE, 2);

        agent.gathered(agent.current(), worse);
        agent.gathered(agent.current(), better);
        agent.gatheringEnded(agent.current());

        assertThat(events())
                .containsExactly(
                        new IceEvent.CandidateGathered(worse, true),
                        new IceEvent.CandidateGathered(better, true),
                        new IceEvent.GatheringEnded());
        assertThat(agent.localCandidates()).containsExactly(better, worse);
    }

    @Test
    void saysWhenNoPairWorks() {
        agent.setRemoteCredentials(agent.localCredentials(), SECOND);
        agent.addRemoteCandidate(Candidate.host(PEER, 1), SECOND);

        agent.failed(agent.current());

        assertThat(events()).hasAtLeastOneElementOfType(IceEvent.Failed.class);
        assertThat(agent.state()).isEqualTo(IceState.FAILED);
        assertThat(agent.diagnosis().reason()).contains("no pair of addresses works");
    }
}
