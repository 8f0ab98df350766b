// SPDX-License-Identifier: Apache-2.0
package dev.tributary.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.core.DatagramProtocol;
import dev.tributary.core.Transmit;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an inside address looks like from outside, and who reaches it. */
class NatBoxTest {
    private static final InetSocketAddress INSIDE = new InetSocketAddress("10.0.0.2", 5000);
    private static final InetSocketAddress NEIGHBOUR = new InetSocketAddress("10.0.0.3", 5000);
    private static final InetSocketAddress FRIEND = new InetSocketAddress("192.0.2.1", 1000);
    private static final InetSocketAddress FRIENDS_OTHER_PORT = new InetSocketAddress("192.0.2.1", 1001);
    private static final InetSocketAddress STRANGER = new InetSocketAddress("192.0.2.2", 1000);
    private static final String OUTSIDE = "203.0.113.1";

    private final SimulatedNetwork network = SimulatedNetwork.seeded(1);
    private final Mailbox inside = new Mailbox();
    private final Mailbox friend = new Mailbox();
    private final Mailbox friendsOtherPort = new Mailbox();
    private final Mailbox stranger = new Mailbox();

    @Test
    void aFullConeLetsEverybodyIn() {
        InetSocketAddress seen = friendOf(NatBox.fullCone(OUTSIDE));

        everybodyAnswers(seen);

        assertThat(inside.sources).containsExactlyInAnyOrder(FRIEND, FRIENDS_OTHER_PORT, STRANGER);
    }

    @Test
    void anAddressRestrictedConeLetsKnownHostsIn() {
        InetSocketAddress seen = friendOf(NatBox.addressRestricted(OUTSIDE));

        everybodyAnswers(seen);

        assertThat(inside.sources).containsExactlyInAnyOrder(FRIEND, FRIENDS_OTHER_PORT);
        assertThat(network.statistics().filtered()).isEqualTo(1);
    }

    @Test
    void aPortRestrictedConeLetsKnownAddressesAndPortsIn() {
        InetSocketAddress seen = friendOf(NatBox.portRestricted(OUTSIDE));

        everybodyAnswers(seen);

        assertThat(inside.sources).containsExactly(FRIEND);
    }

    @Test
    void onlyASymmetricNatLooksDifferentToEverybody() {
        for (boolean symmetric : new boolean[] {true, false}) {
            NatBox nat = symmetric ? NatBox.symmetric(OUTSIDE) : NatBox.portRestricted(OUTSIDE);

            InetSocketAddress one = nat.translate(INSIDE, FRIEND, 0);
            InetSocketAddress other = nat.translate(INSIDE, FRIENDS_OTHER_PORT, 0);
            InetSocketAddress again = nat.translate(INSIDE, FRIEND, 0);

            assertThat(other.equals(one)).isEqualTo(!symmetric);
            assertThat(again).isEqualTo(one);
        }
    }

    @Test
    void whatIsForgottenIsReachedNoMoreAndLooksDifferentAfterwards() {
        NatBox nat = NatBox.fullCone(OUTSIDE);
        InetSocketAddress seen = friendOf(nat);

        nat.forget();
        everybodyAnswers(seen);
        inside.send(FRIEND);
        network.run(Duration.ofSeconds(1));

        assertThat(inside.sources).isEmpty();
        assertThat(friend.sources.get(1)).isNotEqualTo(seen);
    }

    @Test
    void anUnusedBindingIsForgottenAfterItsLifetime() {
        NatBox nat = NatBox.fullCone(OUTSIDE).forgetsAfter(Duration.ofSeconds(30));
        InetSocketAddress seen = friendOf(nat);

        network.run(Duration.ofSeconds(28));
        friend.send(seen);
        network.run(Duration.ofSeconds(3));
        friend.send(seen);
        network.run(Duration.ofSeconds(1));

        assertThat(inside.sources).containsExactly(FRIEND);
    }

    @Test
    void neighboursReachEachOtherAtTheirOwnAddressesAndNobodyElseDoes() {
        NatBox nat = NatBox.portRestricted(OUTSIDE);
        Mailbox neighbour = new Mailbox();
        network.attachBehind(nat, INSIDE, inside, () -> {});
        network.attachBehind(nat, NEIGHBOUR, neighbour, () -> {});
        network.attach(STRANGER, stranger);

        inside.send(NEIGHBOUR);
        stranger.send(INSIDE);
        network.run(Duration.ofSeconds(1));

        assertThat(neighbour.sources).containsExactly(INSIDE);
        assertThat(inside.sources).isEmpty();
        assertThat(network.statistics().unreachable()).isEqualTo(1);
    }

    /** Sends a datagram out, so that the friend knows where it came from. */
    private InetSocketAddress friendOf(NatBox nat) {
        network.attachBehind(nat, INSIDE, inside, () -> {});
        network.attach(FRIEND, friend);
        network.attach(FRIENDS_OTHER_PORT, friendsOtherPort);
        network.attach(STRANGER, stranger);
        inside.send(FRIEND);
        network.run(Duration.ofSeconds(1));
        assertThat(friend.sources).hasSize(1);
        assertThat(friend.sources.get(0).getAddress()).isEqualTo(nat.outside());
        return friend.sources.get(0);
    }

    private void everybodyAnswers(InetSocketAddress seen) {
        friend.send(seen);
        friendsOtherPort.send(seen);
        stranger.send(seen);
        network.run(Duration.ofSeconds(1));
    }

    /** Sends empty letters and remembers where letters came from. */
    private static final class Mailbox implements DatagramProtocol {
        final List<InetSocketAddress> sources = new ArrayList<>();
        private final ArrayDeque<InetSocketAddress> letters = new ArrayDeque<>();

        void send(InetSocketAddress destination) {
            letters.add(destination);
        }

        @Override
        public void handleDatagram(ByteBuffer datagram, InetSocketAddress source, long nowNanos) {
            sources.add(source);
        }

        @Override
        public void handleTimeout(long nowNanos) {}

        @Override
        public boolean pollTransmit(Transmit out) {
            InetSocketAddress destination = letters.poll();
            if (destination == null) {
                return false;
            }
            out.clear().buffer().put((byte) 1);
            out.ready(destination);
            return true;
        }

        @Override
        public long nextTimeoutNanos() {
            return NEVER;
        }
    }
}
