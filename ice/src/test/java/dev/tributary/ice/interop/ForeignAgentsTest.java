// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.core.StreamAddress;
import dev.tributary.ice.Candidate;
import dev.tributary.ice.IceRole;
import dev.tributary.ice.IceState;
import dev.tributary.testkit.foreign.NetworkCable;
import dev.tributary.testkit.foreign.NetworkNamespace;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pion, aioice, libnice and libwebrtc on the other end of a cable: they connect to each of our agents, and media flows. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ForeignAgentsTest {
    private NetworkNamespace network;
    private NetworkCable cable;

    @BeforeEach
    void lay() {
        network = NetworkNamespace.create("peer");
        cable = network.connectToHost();
    }

    @AfterEach
    void remove() {
        network.close();
    }

    @ParameterizedTest
    @EnumSource
    void connectToOurLiteAgent(ForeignAgent foreign) {
        try (Session session = Session.lite(cable.farAddress(), foreign, network)) {
            session.connect();

            assertThat(session.ours.media()).isPositive();
        }
    }

    /** The one of libwebrtc is an offerer here and controls as well: a role conflict that has to be resolved. */
    @ParameterizedTest
    @EnumSource
    void areCheckedByOurControllingAgent(ForeignAgent foreign) {
        try (Session session = Session.full(IceRole.CONTROLLING, cable.farAddress(), foreign, network)) {
            session.connect();
        }
    }

    @ParameterizedTest
    @EnumSource
    void nominateInFrontOfOurControlledAgent(ForeignAgent foreign) {
        try (Session session = Session.full(IceRole.CONTROLLED, cable.farAddress(), foreign, network)) {
            session.connect();
        }
    }

    @ParameterizedTest
    @EnumSource
    void connectOverIpv6Alone(ForeignAgent foreign) {
        cable.routeEverything(1); // Chromium looks for the way out, and has no address without one
        cable.removeIpv4();
        try (Session session = Session.lite(cable.farAddress6(), foreign, network, "ipv6")) {
            session.connect();
        }
    }

    /** Those that open connections: ice4j, this Pion and aioice do not. */
    @ParameterizedTest
    @EnumSource(names = {"LIBNICE", "LIBWEBRTC", "CHROMIUM"})
    void connectOverTcpWhereUdpIsBlocked(ForeignAgent foreign) {
        cable.routeEverything(1);
        network.blockUdp();
        try (Session session =
                Session.lite(cable.farAddress(), foreign, network, "tcp").overTcp()) {
            session.connect();

            session.ours.tell(agent -> assertThat(agent.selectedAddress()).isInstanceOf(StreamAddress.class));
        }
    }

    @Test
    void ourGatheringAgentTakesCandidatesThatComeLate() {
        Candidate ofNobody = Candidate.host(new InetSocketAddress("198.51.100.1", 9), 1);
        try (Session session = Session.lite(cable.farAddress(), ForeignAgent.ICE4J, network)) {
            session.telling(ofNobody).signal();
            session.theirs.awaitLine("CHECKING", Session.PATIENCE);

            session.trickle();

            session.ours.await("connected", Session.PATIENCE, agent -> agent.state() == IceState.CONNECTED);
            session.awaitMedia();
        }
    }
}
