// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where an agent sends checks when a stranger wrote the candidates. */
class CandidatePolicyTest {
    private static final IceCredentials LOCAL = new IceCredentials("mine", "0123456789abcdefghijkl");
    private static final IceCredentials REMOTE = new IceCredentials("peer", "ABCDEFGHIJKLMNOPQRSTUV");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1",
                "192.168.1.1",
                "127.0.0.1",
                "169.254.169.254",
                "100.64.0.1",
                "::1",
                "fe80::1",
                "fd00::1",
                "::ffff:10.0.0.1",
                "64:ff9b::a00:1"
            })
    void aServerIsNotPointedAtItsOwnNetwork(String address) {
        IceAgent agent = start(CandidatePolicy.PUBLIC);

        agent.addRemoteCandidate(Candidate.host(new InetSocketAddress(address, 22), 1), 0);
        agent.handleTimeout(0);

        assertThat(Check.sent(agent)).isEmpty();
        assertThat(agent.diagnosis().counts().candidatesRefused()).isEqualTo(1);
        assertThat(agent.diagnosis().reason()).contains("not permitted here");
    }

    @Test
    void aPublicAddressIsCheckedUnderEveryPolicy() {
        for (CandidatePolicy policy : new CandidatePolicy[] {CandidatePolicy.PUBLIC, CandidatePolicy.ANY}) {
            IceAgent agent = start(policy);
            agent.addRemoteCandidate(Candidate.host(new InetSocketAddress("1.1.1.1", 5000), 1), 0);
            agent.handleTimeout(0);

            assertThat(Check.sent(agent)).hasSize(1);
        }
    }

    @Test
    void aCheckFromARefusedAddressIsAnsweredButNotReturned() {
        IceAgent agent = start(CandidatePolicy.PUBLIC);

        Check.deliver(
                agent, Check.bare(LOCAL, writer -> writer.role(false, 1)), new InetSocketAddress("10.0.0.9", 9), 0);
        agent.handleTimeout(0);

        assertThat(Check.sent(agent)).as("the answer and nothing else").hasSize(1);
        assertThat(agent.diagnosis().counts().candidatesRefused()).isEqualTo(1);
    }

    @Test
    void rangesAreAddedAndTakenAway() throws Exception {
        CandidatePolicy policy = CandidatePolicy.PUBLIC
                .or(CandidatePolicy.range("10.1.0.0/16"))
                .except(CandidatePolicy.range("10.1.2.0/24"));

        assertThat(policy.permits(InetAddress.getByName("1.1.1.1"))).isTrue();
        assertThat(policy.permits(InetAddress.getByName("10.1.255.255"))).isTrue();
        assertThat(policy.permits(InetAddress.getByName("10.1.2.3"))).isFalse();
        assertThat(policy.permits(InetAddress.getByName("10.2.0.0"))).isFalse();
    }

    private static IceAgent start(CandidatePolicy policy) {
        IceAgent agent =
                IceAgent.builder(LOCAL).policy(policy).random(new Random(1)).full(IceRole.CONTROLLING);
        agent.setRemoteCredentials(REMOTE, 0);
        return agent;
    }
}
