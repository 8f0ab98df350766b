// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.ice.Candidate;
import dev.tributary.ice.CandidateType;
import dev.tributary.ice.IceAgent;
import dev.tributary.ice.IceCredentials;
import dev.tributary.ice.IceEvent;
import dev.tributary.ice.IceRole;
import dev.tributary.testkit.foreign.ForeignProgram;
import dev.tributary.testkit.foreign.NetworkNamespace;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Agents in a home behind a router that translates addresses, with coturn as the STUN server outside. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class BehindARouterTest {
    private final NetworkNamespace home = NetworkNamespace.create("home");
    private final Router router = Router.of(home);
    private final ForeignProgram stun = Coturn.stun(router.toUs.farAddress());

    @AfterEach
    void remove() {
        stun.close();
        router.close();
        home.close();
    }

    /** A lite agent needs no reflexive candidate of its peer; that the peer's STUN works is seen by what it tells. */
    @ParameterizedTest
    @EnumSource
    void viewersLearnTheRoutersAddressFromCoturnAndReachOurLiteAgent(ForeignAgent foreign) {
        String[] options = {"server=stun:" + router.toUs.farAddress() + ":3478"};
        try (Session session = Session.lite(router.toUs.farAddress(), foreign, home, options)) {
            session.connect();

            assertThat(session.candidates)
                    .filteredOn(candidate -> candidate.type() == CandidateType.SERVER_REFLEXIVE)
                    .extracting(Candidate::address)
                    .contains(router.toUs.nearAddress());
        }
    }

    @Test
    void ourGatheringAgentLearnsTheRoutersAddressAndMeetsOurFullAgent() {
        String[] options = {"server=stun:" + router.toUs.farAddress() + ":3478"};
        try (Session session =
                Session.full(IceRole.CONTROLLED, router.toUs.farAddress(), ForeignAgent.ICE4J, home, options)) {
            session.connect();

            assertThat(session.candidates)
                    .filteredOn(candidate -> candidate.type() == CandidateType.SERVER_REFLEXIVE)
                    .extracting(Candidate::address)
                    .containsExactly(router.toUs.nearAddress());
        }
    }

    /** Our own full agent asks coturn as well; it is outside, so it is told the address that it has. */
    @Test
    void coturnTellsOurOwnFullAgentItsAddress() {
        IceAgent agent = IceAgent.full(IceRole.CONTROLLING, IceCredentials.generate(new SecureRandom()));
        try (Endpoint endpoint = new Endpoint(router.toUs.farAddress(), agent)) {
            endpoint.tell(words ->
                    words.gatherReflexive(new InetSocketAddress(router.toUs.farAddress(), 3478), endpoint.now()));

            endpoint.await(
                    "told",
                    Session.PATIENCE,
                    words -> endpoint.events().stream()
                            .anyMatch(event -> event instanceof IceEvent.CandidateGathered gathered
                                    && endpoint.address()
                                            .equals(gathered.candidate().socketAddress())));
        }
    }
}
