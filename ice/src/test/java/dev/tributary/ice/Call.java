// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import dev.tributary.testkit.LinkConditions;
import dev.tributary.testkit.NatBox;
import dev.tributary.testkit.SimulatedNetwork;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Two callers, a STUN server, and signalling that takes a tenth of a second, played as a scenario says. */
final class Call {
    private static final InetSocketAddress STUN = new InetSocketAddress("192.0.2.53", 3478);
    /** A pace that is no pace: this side sends nothing. */
    static final Duration SILENCE = Duration.ofDays(1);

    private static final Duration SIGNALLING = Duration.ofMillis(100);

    final SimulatedNetwork network;
    final Caller left;
    final Caller right;
    private final RandomGenerator random;

    /** What a side stands behind. */
    enum Nat {
        NONE(address -> null),
        FULL_CONE(NatBox::fullCone),
        ADDRESS_RESTRICTED(NatBox::addressRestricted),
        PORT_RESTRICTED(NatBox::portRestricted),
        SYMMETRIC(NatBox::symmetric);

        private final Function<String, @Nullable NatBox> box;

        Nat(Function<String, @Nullable NatBox> box) {
            this.box = box;
        }

        boolean isSymmetric() {
            return this == SYMMETRIC;
        }

        boolean filtersPorts() {
            return this == SYMMETRIC || this == PORT_RESTRICTED;
        }
    }

    /** One side: its agent and where it is. */
    record Side(boolean isLite, IceRole role, Nat nat) {
        static final Side SERVER = new Side(true, IceRole.CONTROLLED, Nat.NONE);

        static Side offers(Nat nat) {
            return new Side(false, IceRole.CONTROLLING, nat);
        }

        static Side answers(Nat nat) {
            return new Side(false, IceRole.CONTROLLED, nat);
        }
    }

    Call(long seed, LinkConditions conditions, Side leftSide, Side rightSide) {
        network = SimulatedNetwork.seeded(seed).conditions(conditions);
        random = network.newRandom();
        network.attach(STUN, new StunServer());
        left = caller(leftSide, "10.1.0.2", "203.0.113.1", "198.51.100.1");
        right = caller(rightSide, "10.2.0.2", "203.0.113.2", "198.51.100.2");
        left.onCandidate = candidate -> trickle(candidate, right);
        right.onCandidate = candidate -> trickle(candidate, left);
        if (rightSide.isLite()) {
            left.agent.setRemoteLite(0);
        }
    }

    private Caller caller(Side side, String inside, String outside, String open) {
        NatBox nat = side.nat().box.apply(outside);
        IceAgent.Builder builder =
                IceAgent.builder(IceCredentials.generate(random)).random(network.newRandom());
        IceAgent agent = side.isLite() ? builder.lite() : builder.full(side.role());
        return new Caller(network, agent, new InetSocketAddress(nat == null ? open : inside, 5000), nat);
    }

    /** Exchanges descriptions; those behind a NAT gather and trickle. */
    void signal() {
        for (Caller caller : new Caller[] {left, right}) {
            if (caller.nat != null) {
                caller.agent.gatherReflexive(STUN, network.nowNanos());
            }
        }
        network.after(SIGNALLING, () -> describe(left, right));
        network.after(SIGNALLING.multipliedBy(2), () -> describe(right, left));
    }

    private void describe(Caller from, Caller to) {
        to.agent.setRemoteCredentials(from.agent.localCredentials(), network.nowNanos());
        for (Candidate candidate : from.agent.localCandidates()) {
            to.agent.addRemoteCandidate(candidate, network.nowNanos());
        }
    }

    private void trickle(Candidate candidate, Caller to) {
        network.after(SIGNALLING, () -> to.agent.addRemoteCandidate(candidate, network.nowNanos()));
    }

    /** Both sides take new credentials at the same moment, before either has heard of the other's. */
    void restartBoth() {
        left.agent.restart(IceCredentials.generate(random), network.nowNanos());
        right.agent.restart(IceCredentials.generate(random), network.nowNanos());
        signal();
    }

    boolean isConnected() {
        return left.agent.state() == IceState.CONNECTED && right.agent.state() == IceState.CONNECTED;
    }

    /** Everybody hears whoever talks. */
    boolean isTalking() {
        return (left.hears() || right.isSilent()) && (right.hears() || left.isSilent());
    }

    void listenAnew() {
        left.listenAnew();
        right.listenAnew();
    }

    void talk(Duration pause) {
        left.talk(pause);
        right.talk(pause);
    }

    String diagnosis() {
        return "\nleft  " + left.agent.diagnosis() + "\nright " + right.agent.diagnosis();
    }
}
