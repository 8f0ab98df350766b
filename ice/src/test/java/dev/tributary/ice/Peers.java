// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import dev.tributary.testkit.LinkConditions;
import dev.tributary.testkit.SimulatedNetwork;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Two agents on a simulated network, their events and their candidates exchanged as signalling would. */
final class Peers {
    static final InetSocketAddress LEFT = new InetSocketAddress("192.0.2.1", 5001);
    static final InetSocketAddress RIGHT = new InetSocketAddress("198.51.100.2", 5002);
    static final InetSocketAddress ELSEWHERE = new InetSocketAddress("203.0.113.3", 5003);

    final SimulatedNetwork network;
    final RandomGenerator random;
    final IceAgent left;
    final IceAgent right;
    final List<IceEvent> leftEvents = new ArrayList<>();
    final List<IceEvent> rightEvents = new ArrayList<>();

    private Peers(SimulatedNetwork network, IceAgent left, IceAgent right, RandomGenerator random) {
        this.network = network;
        this.left = left;
        this.right = right;
        this.random = random;
        network.attach(LEFT, left, () -> drain(left, leftEvents));
        network.attach(RIGHT, right, () -> drain(right, rightEvents));
    }

    /** Left controls, right is lite: a client or a pipe in front of a server. */
    static Peers controllingAndLite(long seed, LinkConditions conditions) {
        SimulatedNetwork network = SimulatedNetwork.seeded(seed).conditions(conditions);
        RandomGenerator random = network.newRandom();
        IceAgent left = IceAgent.builder(IceCredentials.generate(random))
                .random(network.newRandom())
                .full(IceRole.CONTROLLING);
        IceAgent right = IceAgent.builder(IceCredentials.generate(random))
                .random(network.newRandom())
                .lite();
        left.setRemoteLite(0);
        return new Peers(network, left, right, random);
    }

    /** Two full agents in the given roles. */
    static Peers full(long seed, LinkConditions conditions, IceRole leftRole, IceRole rightRole) {
        SimulatedNetwork network = SimulatedNetwork.seeded(seed).conditions(conditions);
        RandomGenerator random = network.newRandom();
        IceAgent left = IceAgent.builder(IceCredentials.generate(random))
                .random(network.newRandom())
                .full(leftRole);
        IceAgent right = IceAgent.builder(IceCredentials.generate(random))
                .random(network.newRandom())
                .full(rightRole);
        return new Peers(network, left, right, random);
    }

    /** Exchanges credentials; left learns right's address, right learns none (it meets left by its checks). */
    Peers signal() {
        long now = network.nowNanos();
        left.setRemoteCredentials(right.localCredentials(), now);
        right.setRemoteCredentials(left.localCredentials(), now);
        left.addRemoteCandidate(Candidate.host(RIGHT, 65535), now);
        return this;
    }

    /** Both take new credentials at once. */
    void restartBoth() {
        long now = network.nowNanos();
        left.restart(IceCredentials.generate(random), now);
        right.restart(IceCredentials.generate(random), now);
        signal();
    }

    boolean connected() {
        return left.state() == IceState.CONNECTED && right.state() == IceState.CONNECTED;
    }

    Peers connect() {
        signal();
        return runUntilConnected(Duration.ofSeconds(30));
    }

    Peers runUntilConnected(Duration limit) {
        network.runUntil(this::connected, limit);
        return this;
    }

    Peers run(Duration duration) {
        network.run(duration);
        return this;
    }

    static void drain(IceAgent agent, List<IceEvent> events) {
        for (IceEvent event = agent.pollEvent(); event != null; event = agent.pollEvent()) {
            events.add(event);
        }
    }
}
