// SPDX-License-Identifier: Apache-2.0
package dev.tributary.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.core.DatagramProtocol;
import dev.tributary.core.Transmit;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class SimulatedNetworkTest {
    private static final InetSocketAddress A = address(1);
    private static final InetSocketAddress B = address(2);
    private static final InetSocketAddress C = address(3);

    @Test
    void deliversAfterTheDelayOfTheLink() {
        var network = SimulatedNetwork.seeded(1).conditions(LinkConditions.PERFECT.withDelay(Duration.ofMillis(40)));
        var a = new Node();
        var b = new Node();
        network.attach(A, a);
        network.attach(B, b);

        a.send(B, 7);
        network.run(Duration.ofMillis(39));
        assertThat(b.received).isEmpty();
        network.run(Duration.ofMillis(1));

        assertThat(b.received).containsExactly(7);
        assertThat(b.lastSource).isEqualTo(A);
        assertThat(b.lastNanos).isEqualTo(Duration.ofMillis(40).toNanos());
    }

    @Test
    void firesTimersAndActionsInTheOrderOfTheirTime() {
        var network = SimulatedNetwork.seeded(1);
        var order = new ArrayList<String>();
        var node = new Node();
        node.onTimeout = now -> order.add("timer at " + now);
        node.deadlineNanos = 2_000;
        network.attach(A, node);
        network.after(Duration.ofNanos(3_000), () -> order.add("late action"));
        network.after(Duration.ofNanos(1_000), () -> order.add("early action"));

        network.run(Duration.ofNanos(5_000));

        assertThat(order).containsExactly("early action", "timer at 2000", "late action");
        assertThat(network.nowNanos()).isEqualTo(5_000);
    }

    @Test
    void losesAboutTheShareThatTheConditionsSay() {
        var network = SimulatedNetwork.seeded(3).conditions(LinkConditions.PERFECT.withLoss(0.3));
        var b = sendMany(network, 10_000);

        assertThat(b.received).hasSizeBetween(6_700, 7_300);
        assertThat(network.statistics().lost() + b.received.size()).isEqualTo(10_000);
    }

    @Test
    void keepsTheOrderUnderJitterAlone() {
        var jittery = LinkConditions.PERFECT.withJitter(Duration.ofMillis(100));
        var b = sendMany(SimulatedNetwork.seeded(4).conditions(jittery), 1_000);

        assertThat(b.received).hasSize(1_000).isSorted();
    }

    @Test
    void reordersAndDuplicatesWhenToldTo() {
        var network = SimulatedNetwork.seeded(5)
                .conditions(LinkConditions.PERFECT.withReordering(0.1).withDuplication(0.1));
        var b = new Node();
        var a = new Node();
        network.attach(A, a);
        network.attach(B, b);
        for (int i = 0; i < 1_000; i++) {
            int number = i;
            network.after(Duration.ofMillis(i), () -> a.send(B, number));
        }
        network.run(Duration.ofSeconds(10));

        var statistics = network.statistics();
        assertThat(statistics.reordered()).isBetween(50L, 150L);
        assertThat(statistics.duplicated()).isBetween(50L, 150L);
        assertThat(b.received).hasSize((int) (1_000 + statistics.duplicated()));
        assertThat(b.received).isNotEqualTo(b.received.stream().sorted().toList());
    }

    @Test
    void turnsOverOneBitOfADamagedDatagram() {
        var network = SimulatedNetwork.seeded(6).conditions(LinkConditions.PERFECT.withCorruption(1));
        var a = new Node();
        var b = new Node();
        network.attach(A, a);
        network.attach(B, b);

        a.send(B, 0x5A5A5A5A);
        network.run(Duration.ofSeconds(1));

        assertThat(Integer.bitCount(b.received.get(0) ^ 0x5A5A5A5A)).isEqualTo(1);
        assertThat(network.statistics().corrupted()).isEqualTo(1);
    }

    @Test
    void passesNoMoreThanTheBandwidthAndDropsWhatTheQueueCannotHold() {
        // 8,000 bit/s are 1,000 bytes a second: 250 of our datagrams; the queue holds 500 more.
        var slow = LinkConditions.PERFECT.withMtu(4).withBandwidth(8_000).withQueueLimit(2_000);
        var network = SimulatedNetwork.seeded(7).conditions(slow);
        var b = sendMany(network, 1_000, Duration.ofSeconds(1));

        assertThat(b.received).hasSizeBetween(248, 250);
        assertThat(network.statistics().queueDrops()).isEqualTo(500);
    }

    @Test
    void dropsWhatIsLargerThanTheMtuOrGoesNowhere() {
        var network = SimulatedNetwork.seeded(8).conditions(LinkConditions.PERFECT.withMtu(3));
        var a = new Node();
        network.attach(A, a);

        a.send(B, 1);
        network.run(Duration.ofSeconds(1));
        network.conditions(LinkConditions.PERFECT);
        a.send(B, 2);
        network.run(Duration.ofSeconds(1));

        assertThat(network.statistics().oversize()).isEqualTo(1);
        assertThat(network.statistics().unreachable()).isEqualTo(1);
    }

    @Test
    void treatsEachDirectionByItsOwnConditions() {
        var network = SimulatedNetwork.seeded(9).conditions(A, B, LinkConditions.PERFECT.withLoss(1));
        var a = new Node();
        var b = new Node();
        network.attach(A, a);
        network.attach(B, b);

        a.send(B, 1);
        b.send(A, 2);
        network.run(Duration.ofSeconds(1));

        assertThat(b.received).isEmpty();
        assertThat(a.received).containsExactly(2);
    }

    @Test
    void rebindsAnAddressAsANatDoes() {
        var network = SimulatedNetwork.seeded(10);
        var a = new Node();
        var b = new Node();
        network.attach(A, a);
        network.attach(B, b);

        network.rebind(A, C);
        a.send(B, 1);
        b.send(A, 2);
        network.run(Duration.ofSeconds(1));

        assertThat(b.lastSource).isEqualTo(C);
        assertThat(a.received).isEmpty();
        assertThat(network.statistics().unreachable()).isEqualTo(1);
        assertThatIllegalArgumentException().isThrownBy(() -> network.rebind(A, C));
        assertThatIllegalArgumentException().isThrownBy(() -> network.rebind(B, C));
    }

    @Test
    void letsTheTapDropDatagrams() {
        var network = SimulatedNetwork.seeded(11);
        var a = new Node();
        var b = new Node();
        network.attach(A, a);
        network.attach(B, b);
        network.tap((from, to, datagram) -> datagram.getInt() != 2);

        a.send(B, 1);
        a.send(B, 2);
        network.run(Duration.ofSeconds(1));

        assertThat(b.received).containsExactly(1);
    }

    @Test
    void drainsAnotherProtocolThatAnOwnerTouched() {
        var network = SimulatedNetwork.seeded(12);
        var a = new Node();
        var b = new Node();
        var relay = new Node();
        network.attach(A, a);
        network.attach(B, b);
        network.attach(C, relay, () -> {
            if (!relay.received.isEmpty()) {
                a.send(B, relay.received.remove(0));
            }
        });

        b.send(C, 5);
        network.run(Duration.ofSeconds(1));

        assertThat(b.received).containsExactly(5);
    }

    @Test
    void isTheSameRunForTheSameSeed() {
        assertThat(sendMany(SimulatedNetwork.seeded(99).conditions(LinkConditions.LOSSY_30), 500).received)
                .isEqualTo(sendMany(SimulatedNetwork.seeded(99).conditions(LinkConditions.LOSSY_30), 500).received)
                .isNotEqualTo(sendMany(SimulatedNetwork.seeded(98).conditions(LinkConditions.LOSSY_30), 500).received);
    }

    @Test
    void namesTheSeedWhenAConditionDoesNotHold() {
        var network = SimulatedNetwork.seeded(4711);

        assertThatThrownBy(() -> network.runUntil(() -> false, Duration.ofSeconds(2)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("PT2S")
                .hasMessageContaining("-Dtributary.seed=4711");
        assertThat(network.nowNanos()).isEqualTo(Duration.ofSeconds(2).toNanos());
    }

    @Test
    void stopsAsSoonAsTheConditionHolds() {
        var network = SimulatedNetwork.seeded(1);
        var a = new Node();
        var b = new Node();
        network.attach(A, a);
        network.attach(B, b);
        a.send(B, 1);

        network.runUntil(() -> !b.received.isEmpty(), Duration.ofSeconds(5));

        assertThat(network.nowNanos()).isEqualTo(Duration.ofMillis(1).toNanos());
    }

    @Test
    void findsAProtocolThatNeverMovesItsDeadline() {
        var network = SimulatedNetwork.seeded(1);
        var stuck = new Node();
        stuck.onTimeout = now -> stuck.deadlineNanos = 5;
        stuck.deadlineNanos = 5;
        network.attach(A, stuck);

        assertThatThrownBy(() -> network.run(Duration.ofSeconds(1)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("again and again");
    }

    @Test
    void refusesConditionsThatMakeNoSense() {
        assertThatIllegalArgumentException().isThrownBy(() -> LinkConditions.GOOD.withLoss(1.01));
        assertThatIllegalArgumentException().isThrownBy(() -> LinkConditions.GOOD.withLoss(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> LinkConditions.GOOD.withDelay(Duration.ofMillis(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> LinkConditions.GOOD.withBandwidth(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> LinkConditions.GOOD.withQueueLimit(10));
        assertThatIllegalArgumentException().isThrownBy(() -> LinkConditions.GOOD.withMtu(0));
    }

    private static Node sendMany(SimulatedNetwork network, int count) {
        return sendMany(network, count, Duration.ofSeconds(10));
    }

    private static Node sendMany(SimulatedNetwork network, int count, Duration run) {
        var a = new Node();
        var b = new Node();
        network.attach(A, a);
        network.attach(B, b);
        for (int i = 0; i < count; i++) {
            a.send(B, i);
        }
        network.run(run);
        return b;
    }

    private static InetSocketAddress address(int host) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, (byte) host}), 5000);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** Sends and receives datagrams of one number each. */
    private static final class Node implements DatagramProtocol {
        private final Queue<Runnable> outgoing = new ArrayDeque<>();
        private final Transmit slot = new Transmit();
        private final List<Integer> received = new ArrayList<>();
        private InetSocketAddress lastSource = A;
        private long lastNanos;
        private long deadlineNanos = NEVER;
        private java.util.function.LongConsumer onTimeout = now -> {};
        private Transmit out = slot;

        void send(InetSocketAddress to, int number) {
            outgoing.add(() -> {
                out.clear().buffer().putInt(number);
                out.ready(to);
            });
        }

        @Override
        public void handleDatagram(ByteBuffer datagram, InetSocketAddress source, long nowNanos) {
            received.add(datagram.getInt());
            lastSource = source;
            lastNanos = nowNanos;
        }

        @Override
        public void handleTimeout(long nowNanos) {
            deadlineNanos = NEVER;
            onTimeout.accept(nowNanos);
        }

        @Override
        public boolean pollTransmit(Transmit into) {
            Runnable next = outgoing.poll();
            if (next == null) {
                return false;
            }
            out = into;
            next.run();
            return true;
        }

        @Override
        public long nextTimeoutNanos() {
            return deadlineNanos;
        }
    }
}
