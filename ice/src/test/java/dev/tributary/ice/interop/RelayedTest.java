// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.testkit.foreign.ForeignProgram;
import dev.tributary.testkit.foreign.NetworkNamespace;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Viewers whose network lets them reach a TURN server only, over UDP or, where UDP is blocked, over TCP: coturn relays
 * between them and our lite agent, which needs nothing for it.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RelayedTest {
    private final NetworkNamespace network = NetworkNamespace.create("peer");
    private @Nullable Coturn coturn;

    @BeforeEach
    void lay() {
        coturn = Coturn.before(network);
    }

    @AfterEach
    void remove() {
        if (coturn != null) {
            coturn.close();
        }
        network.close();
    }

    @ParameterizedTest
    @EnumSource
    void viewersBehindTurnOverUdpReachOurLiteAgent(ForeignAgent foreign) {
        connect(foreign, "udp");
    }

    @ParameterizedTest
    @EnumSource
    void viewersBehindTurnOverTcpReachOurLiteAgentWithUdpBlocked(ForeignAgent foreign) {
        network.blockUdp();

        connect(foreign, "tcp");
    }

    @Test
    void ourGatheringAgentReachesOurLiteAgentThroughTurnOverTls() {
        network.blockUdp();

        connect(ForeignAgent.ICE4J, coturn.tlsOptions());
    }

    @Test
    void ourGatheringAgentReachesPionThroughTurn() {
        try (NetworkNamespace neighbour = coturn.neighbour();
                ForeignProgram pion = ForeignAgent.PION.start(neighbour, "controlled");
                ForeignProgram ours = ForeignAgent.ICE4J.start(network, "controlling", coturn.options("udp"))) {
            Signalling.exchange(ours, pion);

            ours.awaitLine("ECHOED", Session.PATIENCE);
            pion.awaitLine("ECHOED", Session.PATIENCE);
        }
    }

    private void connect(ForeignAgent foreign, String transport) {
        connect(foreign, coturn.options(transport));
    }

    private void connect(ForeignAgent foreign, String[] options) {
        try (Session session = Session.lite(coturn.toUs.farAddress(), foreign, network, options)) {
            session.connect();

            session.ours.tell(
                    agent -> assertThat(agent.selectedAddress().getAddress().getHostAddress())
                            .as("the relay's address")
                            .isEqualTo(coturn.toUs.nearAddress()));
        }
    }
}
