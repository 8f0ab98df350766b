// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.core.StreamAddress;
import dev.tributary.testkit.foreign.ForeignProgram;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the agent through ice4j does without a network; with one, see the package {@code interop}. */
@Timeout(30)
class GatheringAgentTest {
    private static final String INTEGRITY = "org.ice4j.REQUIRE_MESSAGE_INTEGRITY";
    private static final String NAME = "1 1 udp 2122260223 0b2f0b2c-1111-2222-3333-444455556666.local 50000 typ host";

    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    private @Nullable IceAgent agent;

    @AfterEach
    void close() {
        if (agent != null) {
            agent.close();
        }
    }

    private static GatheringAgent.Builder builder() {
        return GatheringAgent.builder(IceRole.CONTROLLING, (datagram, source) -> {}, () -> {});
    }

    @Test
    void ignoresNamesAndAsksNobodyForThem() {
        agent = builder().build();

        agent.addRemoteCandidate(Candidate.parse(NAME), 0);

        assertThat(agent.diagnosis().counts().candidatesIgnored()).isEqualTo(1);
        assertThat(agent.diagnosis().reason()).contains("names");
    }

    @Test
    void resolvesNamesByTheResolverThatItIsGiven() throws Exception {
        agent = builder()
                .resolveNames(name -> {
                    asked.add(name);
                    return null;
                })
                .build();

        agent.addRemoteCandidate(Candidate.parse(NAME), 0);

        assertThat(asked.poll(10, TimeUnit.SECONDS)).isEqualTo("0b2f0b2c-1111-2222-3333-444455556666.local");
        while (agent.diagnosis().counts().candidatesIgnored() == 0) {
            agent.pollEvent();
        }
    }

    @Test
    void anAddressOfANameIsHeldAgainstThePolicyToo() {
        agent = builder()
                .resolveNames(name -> InetAddress.getLoopbackAddress())
                .policy(CandidatePolicy.PUBLIC)
                .build();

        agent.addRemoteCandidate(Candidate.parse(NAME), 0);

        while (agent.diagnosis().counts().candidatesRefused() == 0) {
            agent.pollEvent();
        }
        assertThat(agent.state()).isEqualTo(IceState.NEW);
    }

    @Test
    void takesAsManyRemoteCandidatesAsItsLimit() {
        agent = builder().policy(CandidatePolicy.PUBLIC).build();
        int limit = IceLimits.DEFAULT.remoteCandidatesMax();
        for (int i = 0; i < limit; i++) {
            agent.addRemoteCandidate(Candidate.host(new InetSocketAddress("127.0.0.1", 1 + i), 1), 0);
        }
        assertThat(agent.diagnosis().counts().candidatesIgnored()).isZero();

        agent.addRemoteCandidate(Candidate.host(new InetSocketAddress("127.0.0.1", 1 + limit), 1), 0);

        assertThat(agent.diagnosis().counts().candidatesIgnored()).isEqualTo(1);
    }

    @Test
    void saysWhichServerItCannotUse() {
        agent = builder().server(IceServer.stun("stuns:192.0.2.1:5349")).build();

        IceEvent event;
        do {
            event = agent.pollEvent();
        } while (!(event instanceof IceEvent.GatheringFailed));

        assertThat(((IceEvent.GatheringFailed) event).server().getHostString()).isEqualTo("192.0.2.1");
    }

    @Test
    void hasOtherCredentialsAfterARestart() {
        agent = builder().build();
        IceCredentials before = agent.localCredentials();

        agent.restart(before, 1);

        assertThat(agent.localCredentials().ufrag()).isNotEqualTo(before.ufrag());
        assertThat(agent.localUfrags()).containsExactly(agent.localCredentials().ufrag());
        assertThat(agent.state()).isEqualTo(IceState.CHECKING);
    }

    @Test
    void oneAddressStandsForTheSession() {
        agent = builder().build();

        assertThat(agent.selectedAddress()).isNull();
        assertThat(agent.isValidated(new StreamAddress(1, new InetSocketAddress("192.0.2.1", 1), (b, o, l) -> {})))
                .as("a TCP connection is another's")
                .isFalse();
    }

    @Test
    void isNotMadeWhereTheHostSwitchedIntegrityOff() {
        String before = System.setProperty(INTEGRITY, "false");
        try {
            assertThatThrownBy(() -> builder().build())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(INTEGRITY);
        } finally {
            System.setProperty(INTEGRITY, before == null ? "true" : before);
        }
    }

    @Test
    void doesNothingAfterClose() {
        agent = builder().build();
        agent.close();
        agent.close();

        agent.restart(agent.localCredentials(), 1);
        agent.addRemoteCandidate(Candidate.host(new InetSocketAddress("192.0.2.1", 9), 1), 1);

        assertThat(agent.state()).isEqualTo(IceState.CLOSED);
        assertThat(agent.selectedAddress()).isNull();
        assertThat(agent.nextTimeoutNanos()).isEqualTo(IceAgent.NEVER);
    }

    /** In a process of its own, for the properties of this one are set already. */
    @Test
    void leavesTheConfigurationOfItsHostAlone() {
        List<String> command = List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Dorg.ice4j.SOFTWARE=of-the-host",
                "-cp",
                System.getProperty("java.class.path"),
                HostOfIce4j.class.getName());
        try (ForeignProgram host = ForeignProgram.start("host", command)) {
            host.awaitLine("DONE", Duration.ofSeconds(20));

            assertThat(host.lines())
                    .filteredOn(line -> line.startsWith("CHANGED"))
                    .isEmpty();
        }
    }
}
