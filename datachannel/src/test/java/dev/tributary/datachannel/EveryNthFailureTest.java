// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.core.Transmit;
import dev.tributary.testkit.DatagramTap;
import dev.tributary.testkit.LinkConditions;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A whole small life (both connect, a channel opens, messages of one and of several fragments go both ways, the channel
 * closes, the association shuts down), once for each thing that can go wrong in it: every datagram in turn is lost, doubled,
 * late, damaged or cut off, every two of them are lost, every turn in turn is refused to an owner. All of it ends as if
 * nothing had happened.
 *
 * <p>Allocations that fail are not among it: nothing in here survives an {@code OutOfMemoryError}, and buffers that are full
 * have tests of their own.
 */
class EveryNthFailureTest {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    /** What becomes of one datagram. */
    enum Fate {
        LOST,
        DOUBLED,
        DOUBLED_LATE,
        LATE,
        VERY_LATE,
        DAMAGED,
        CUT_OFF
    }

    @ParameterizedTest
    @EnumSource(Fate.class)
    void endsWellWhateverBecomesOfOneDatagram(Fate fate) {
        int count = live(pair -> null, node -> {});
        assertThat(count).isBetween(30, 100);
        for (int n = 1; n <= count; n++) {
            int chosen = n;
            live(pair -> new FateOfOne(pair, fate, chosen), node -> {});
        }
    }

    @Test
    void endsWellWhicheverTwoDatagramsAreLost() {
        int count = live(pair -> null, node -> {});
        for (int n = 1; n <= count; n++) {
            for (int m = n + 1; m <= count; m++) {
                int first = n;
                int second = m;
                live(
                        pair -> {
                            int[] seen = {0};
                            return (from, to, datagram) -> ++seen[0] != first && seen[0] != second;
                        },
                        node -> {});
            }
        }
    }

    @Test
    void endsWellWhicheverTransmitIsNotPolled() {
        forEachRefusal(pair -> null, node -> node.transmitPolls, (node, n) -> node.transmitRefused = n);
    }

    @Test
    void endsWellWhicheverEventIsPolledLate() {
        forEachRefusal(pair -> null, node -> node.eventTurns, (node, n) -> node.eventsRefused = n);
    }

    @Test
    void endsWellWhicheverTimeoutIsHandledLate() {
        // Where nothing is lost there is little to wait for.
        Function<Pair, DatagramTap> everyFifthIsLost = pair -> {
            int[] seen = {0};
            return (from, to, datagram) -> ++seen[0] % 5 != 0;
        };
        forEachRefusal(everyFifthIsLost, node -> node.timeouts, (node, n) -> node.timeoutRefused = n);
    }

    private interface Refuse {
        void at(CarelessNode node, int n);
    }

    /** Runs once without, to count the calls, then once for each of them. */
    private static void forEachRefusal(
            Function<Pair, DatagramTap> trouble, ToIntFunction<CarelessNode> calls, Refuse refuse) {
        List<CarelessNode> counted = new ArrayList<>();
        live(trouble, counted::add);
        assertThat(counted.stream().mapToInt(calls).sum()).isPositive();
        for (int side = 0; side < 2; side++) {
            int count = calls.applyAsInt(counted.get(side));
            for (int n = 1; n <= count; n++) {
                int chosenSide = side;
                int chosen = n;
                int[] made = {0};
                live(trouble, node -> {
                    if (made[0]++ == chosenSide) {
                        refuse.at(node, chosen);
                    }
                });
            }
        }
    }

    /** The whole life. Returns how many datagrams were sent. */
    private static int live(Function<Pair, DatagramTap> trouble, Consumer<CarelessNode> prepare) {
        CarelessNode a = new CarelessNode(DtlsRole.CLIENT, 1, Pair.ADDRESS_Z);
        CarelessNode z = new CarelessNode(DtlsRole.SERVER, 2, Pair.ADDRESS_A);
        prepare.accept(a);
        prepare.accept(z);
        Pair pair = Pair.of(1, LinkConditions.PERFECT.withDelay(Duration.ofMillis(10)), a, z);
        int[] datagrams = {0};
        DatagramTap tap = trouble.apply(pair);
        pair.network.tap((from, to, datagram) -> {
            datagrams[0]++;
            return tap == null || tap.pass(from, to, datagram);
        });
        z.onEvent = event -> {
            if (event instanceof DataChannelEvent.Message message) {
                z.channels.send(message.channel(), "echo " + message.text(), pair.now());
            }
        };
        pair.connected();
        DataChannel channel = pair.opened("x", DataChannelOptions.RELIABLE);
        List<String> texts = List.of("one", "two " + "x".repeat(5_000), "three", "four " + "x".repeat(2_000));
        texts.forEach(text -> pair.a.channels.send(channel, text, pair.now()));
        List<String> echoes = texts.stream().map(text -> "echo " + text).toList();
        pair.network.runUntil(() -> a.messages().size() >= texts.size(), LIMIT);
        pair.a.channels.close(channel, pair.now());
        pair.network.runUntil(
                () -> channel.state() == DataChannelState.CLOSED
                        && z.channels.channels().isEmpty(),
                LIMIT);
        pair.a.channels.shutdown(pair.now());
        pair.network.runUntil(() -> isClosed(a) && isClosed(z), LIMIT);
        pair.network.run(Duration.ofMinutes(1));

        assertThat(z.texts()).isEqualTo(texts);
        assertThat(a.texts()).isEqualTo(echoes);
        for (Node node : List.of(a, z)) {
            assertThat(node.events(DataChannelEvent.Connected.class)).hasSize(1);
            assertThat(node.events(DataChannelEvent.ChannelOpened.class)).hasSize(1);
            assertThat(node.events(DataChannelEvent.ChannelClosed.class)).hasSize(1);
            assertThat(node.events(DataChannelEvent.Closed.class))
                    .extracting(event -> event.reason().kind())
                    .containsExactly(CloseReason.Kind.SHUTDOWN);
        }
        return datagrams[0];
    }

    private static boolean isClosed(Node node) {
        return node.channels.state() == SctpState.CLOSED;
    }

    /** Does something to the n-th datagram. */
    private static final class FateOfOne implements DatagramTap {
        private final Pair pair;
        private final Fate fate;
        private final int chosen;
        private int seen;

        FateOfOne(Pair pair, Fate fate, int chosen) {
            this.pair = pair;
            this.fate = fate;
            this.chosen = chosen;
        }

        @Override
        public boolean pass(InetSocketAddress from, InetSocketAddress to, ByteBuffer datagram) {
            if (++seen != chosen) {
                return true;
            }
            byte[] copy = new byte[datagram.remaining()];
            datagram.duplicate().get(copy);
            switch (fate) {
                case LOST -> {}
                case DOUBLED -> deliver(from, to, copy, 15);
                case DOUBLED_LATE -> deliver(from, to, copy, 5_000);
                case LATE -> deliver(from, to, copy, 35);
                case VERY_LATE -> deliver(from, to, copy, 2_500);
                case DAMAGED -> {
                    copy[copy.length - 1] ^= 0x10;
                    deliver(from, to, copy, 10);
                }
                case CUT_OFF -> deliver(from, to, Arrays.copyOf(copy, copy.length - 3), 10);
            }
            return fate == Fate.DOUBLED || fate == Fate.DOUBLED_LATE;
        }

        private void deliver(InetSocketAddress from, InetSocketAddress to, byte[] datagram, int millis) {
            Node target = to.equals(Pair.ADDRESS_A) ? pair.a : pair.z;
            pair.network.after(
                    Duration.ofMillis(millis),
                    () -> target.handleDatagram(ByteBuffer.wrap(datagram), from, pair.now()));
        }
    }

    /** An end whose owner leaves out one turn. */
    private static final class CarelessNode extends Node {
        private int transmitPolls;
        private int transmitRefused;
        private int eventTurns;
        private int eventsRefused;
        private int timeouts;
        private int timeoutRefused;

        CarelessNode(DtlsRole role, long seed, InetSocketAddress peer) {
            super(role, SctpSettings.DEFAULT, new SplittableRandom(seed), peer);
        }

        @Override
        public boolean pollTransmit(Transmit out) {
            return ++transmitPolls != transmitRefused && super.pollTransmit(out);
        }

        @Override
        void pollEvents() {
            if (++eventTurns != eventsRefused) {
                super.pollEvents();
            }
        }

        @Override
        public void handleTimeout(long nowNanos) {
            // Too late is: at the next time that somebody asks.
            if (++timeouts != timeoutRefused) {
                super.handleTimeout(nowNanos);
            }
        }
    }
}
