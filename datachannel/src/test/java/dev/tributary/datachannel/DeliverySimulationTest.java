// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.datachannel.internal.wire.ChunkType;
import dev.tributary.testkit.LinkConditions;
import dev.tributary.testkit.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Whole associations over bad networks, one seed each: what is reliable arrives once and in order, nothing is left over,
 * and every run ends. {@code -Dtributary.seeds=2000} runs more of them.
 */
class DeliverySimulationTest {
    private static final Duration LIMIT = Duration.ofMinutes(30);

    @Test
    void deliversEverythingOnceAndInOrderOverAnyNetwork() {
        Seeds.forEach(60, seed -> {
            var random = new SplittableRandom(seed * 31);
            Pair pair = Pair.of(seed, anyNetwork(random), anySettings(random), anySettings(random))
                    .connected();
            exchange(pair, random);
            assertNothingLeft(pair);
        });
    }

    @Test
    void deliversFullSizedMessagesUnderLoss() {
        var settings = SctpSettings.builder().remoteMessageBytesMax(262_144).build();
        for (boolean interleaving : new boolean[] {true, false}) {
            for (boolean ordered : new boolean[] {true, false}) {
                var both = settings.toBuilder().interleaving(interleaving).build();
                var lossy = LinkConditions.GOOD.withLoss(0.05);
                Pair pair = Pair.of(5, lossy, both, both).connected();
                DataChannel channel =
                        pair.opened("big", DataChannelOptions.RELIABLE.withDelivery(new SendOptions(ordered, -1, -1)));
                for (int size : new int[] {1, 1_160, 1_161, 65_536, 262_143, 262_144}) {
                    byte[] payload = new byte[size];
                    new SplittableRandom(size).nextBytes(payload);
                    assertThat(pair.a.channels.send(channel, payload, pair.now()))
                            .isEqualTo(SendStatus.QUEUED);
                }
                pair.network.runUntil(() -> pair.z.messages().size() == 6, LIMIT);
                for (DataChannelEvent.Message message : pair.z.messages()) {
                    byte[] expected = new byte[message.payload().length];
                    new SplittableRandom(expected.length).nextBytes(expected);
                    assertThat(message.payload()).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void survivesTheWrapAroundOfTransmissionAndStreamSequenceNumbers() {
        // Every number that the ends draw, so also their initial TSN, is 500 before the wrap-around of 32 bits.
        Node a = new Node(
                DtlsRole.CLIENT, SctpSettings.builder().interleaving(false).build(), () -> -500L << 32, Pair.ADDRESS_Z);
        Node z = new Node(DtlsRole.SERVER, SctpSettings.DEFAULT, () -> -500L << 32, Pair.ADDRESS_A);
        Pair pair = Pair.of(9, LinkConditions.PERFECT.withLoss(0.01).withReordering(0.01), a, z)
                .connected();
        DataChannel channel = pair.opened("wrap", DataChannelOptions.RELIABLE);
        int count = 70_000;
        a.channels.bufferedAmountLowThreshold(channel, 1_000);
        int[] sent = {0};
        Runnable fill = () -> {
            while (sent[0] < count && a.channels.bufferedAmountBytes(channel) < 8_000) {
                a.channels.send(channel, Integer.toString(sent[0]++), pair.now());
            }
        };
        a.onEvent = event -> {
            if (event instanceof DataChannelEvent.BufferedAmountLow) {
                fill.run();
            }
        };
        fill.run();
        pair.network.runUntil(() -> z.events.size() >= count + 2, LIMIT);

        assertThat(z.texts())
                .isEqualTo(IntStream.range(0, count).mapToObj(Integer::toString).toList());
    }

    @Test
    void givesUpOnlyWhatMayBeGivenUp() {
        Seeds.forEach(40, seed -> {
            var random = new SplittableRandom(seed);
            var settings =
                    SctpSettings.builder().interleaving(random.nextBoolean()).build();
            var network = LinkConditions.PERFECT
                    .withDelay(Duration.ofMillis(1 + random.nextInt(100)))
                    .withReordering(random.nextDouble() * 0.1)
                    .withLoss(random.nextDouble() * 0.4);
            Pair pair = Pair.of(seed, network, settings, settings).connected();
            boolean ordered = random.nextBoolean();
            var limited = random.nextBoolean()
                    ? new SendOptions(ordered, random.nextInt(3), SendOptions.UNLIMITED)
                    : new SendOptions(ordered, SendOptions.UNLIMITED, random.nextInt(500));
            DataChannel lossy = pair.opened("lossy", DataChannelOptions.RELIABLE.withDelivery(limited));
            DataChannel safe = pair.opened("safe", DataChannelOptions.RELIABLE);
            for (int i = 0; i < 200; i++) {
                int number = i;
                pair.network.after(Duration.ofMillis(5L * i), () -> {
                    String padding = "x".repeat(random.nextInt(5_000));
                    pair.a.channels.send(lossy, number + ":" + padding, pair.now());
                    pair.a.channels.send(safe, "safe " + number, pair.now());
                });
            }
            pair.network.run(Duration.ofSeconds(1));
            pair.network.runUntil(
                    () -> pair.z.texts().stream()
                                    .filter(t -> t.startsWith("safe"))
                                    .count()
                            == 200,
                    LIMIT);
            pair.network.runUntil(() -> pair.a.channels.statistics().bytesInFlight() == 0, LIMIT);
            pair.a.channels.send(lossy, "last", pair.now());
            pair.network.run(Duration.ofMinutes(1));

            List<String> arrived = pair.z.texts();
            assertThat(arrived.stream().filter(t -> t.startsWith("safe")))
                    .isEqualTo(
                            IntStream.range(0, 200).mapToObj(i -> "safe " + i).toList());
            List<Integer> numbers = arrived.stream()
                    .filter(t -> t.contains(":"))
                    .map(t -> Integer.parseInt(t.substring(0, t.indexOf(':'))))
                    .toList();
            assertThat(numbers).doesNotHaveDuplicates();
            if (ordered) {
                assertThat(numbers).isSorted();
            }
            assertNothingLeft(pair);
        });
    }

    @Test
    void isQuietSoonAfterGivingUpMessagesAtFortyPercentLoss() {
        Seeds.forEach(20, seed -> {
            Pair pair = Pair.of(
                            seed,
                            LinkConditions.PERFECT
                                    .withDelay(Duration.ofMillis(5))
                                    .withLoss(0.4))
                    .connected();
            DataChannel lossy =
                    pair.opened("lossy", DataChannelOptions.RELIABLE.withDelivery(new SendOptions(true, 0, -1)));
            long[] lastDataNanos = {0};
            pair.network.tap((from, to, datagram) -> {
                if (from.equals(Pair.ADDRESS_A) && datagram.get(12) == ChunkType.I_DATA) {
                    lastDataNanos[0] = pair.now();
                }
                return true;
            });
            for (int i = 0; i < 200; i++) {
                pair.network.after(
                        Duration.ofMillis(5L * i), () -> pair.a.channels.send(lossy, new byte[900], pair.now()));
            }
            pair.network.run(Duration.ofSeconds(1));
            pair.network.runUntil(
                    () -> pair.a.channels.statistics().chunksOutstanding() == 0
                            && pair.a.channels.bufferedAmountBytes(lossy) == 0,
                    LIMIT);

            // Each stretch that is given up needs a FORWARD TSN and its answer, of which 64 % get lost.
            assertThat(Duration.ofNanos(pair.now() - lastDataNanos[0])).isLessThan(Duration.ofSeconds(7));
        });
    }

    @Test
    void losesNothingOverAPerfectNetworkEvenWithoutRetransmissions() {
        Pair pair = Pair.of(3).connected();
        DataChannel channel = pair.opened("x", DataChannelOptions.RELIABLE.withDelivery(new SendOptions(true, 0, -1)));
        IntStream.range(0, 500).forEach(i -> pair.a.channels.send(channel, "m" + i, pair.now()));
        pair.network.run(Duration.ofSeconds(5));

        assertThat(pair.z.texts()).hasSize(500);
    }

    @Test
    void fillsAPathOfTenMegabitsDespiteLoss() {
        var path = LinkConditions.PERFECT
                .withDelay(Duration.ofMillis(25))
                .withLoss(0.01)
                .withBandwidth(10_000_000);
        // Reno's square root law allows about 1.2 * MSS / (RTT * sqrt(loss)) = 2.3 Mbit/s here.
        assertThat(throughputBps(path)).isGreaterThan(1_800_000);
        assertThat(throughputBps(path.withLoss(0))).isGreaterThan(7_500_000);
    }

    @Test
    void keepsTheMemoryOfTheReceiverWithinItsWindowWhenItsOwnerIsSlow() {
        Pair pair = Pair.of(12).connected();
        DataChannel channel = pair.opened("x", DataChannelOptions.RELIABLE);
        for (int i = 0; i < 200; i++) {
            pair.a.channels.send(channel, new byte[20_000], pair.now());
        }
        pair.z.polls = false;
        pair.network.run(Duration.ofSeconds(30));

        assertThat(pair.z.channels.statistics().bytesWaiting())
                .isBetween(900_000L, (long) Limits.DEFAULT.receiveWindowBytes());
        assertThat(pair.z.channels.state()).isEqualTo(SctpState.ESTABLISHED);

        pair.z.polls = true;
        pair.network.runUntil(() -> pair.z.messages().size() == 200, LIMIT);
    }

    private static double throughputBps(LinkConditions path) {
        Pair pair = Pair.of(1, path).connected();
        DataChannel channel = pair.opened("x", DataChannelOptions.RELIABLE);
        pair.a.channels.bufferedAmountLowThreshold(channel, 500_000);
        Runnable fill = () -> {
            while (pair.a.channels.bufferedAmountBytes(channel) < 1_000_000) {
                pair.a.channels.send(channel, new byte[16_384], pair.now());
            }
        };
        pair.a.onEvent = event -> {
            if (event instanceof DataChannelEvent.BufferedAmountLow) {
                fill.run();
            }
        };
        fill.run();
        long[] bytes = {0};
        pair.z.onEvent = event -> {
            if (event instanceof DataChannelEvent.Message message) {
                bytes[0] += message.payload().length;
            }
        };
        pair.network.run(Duration.ofSeconds(10));
        return bytes[0] * 8.0 / 10;
    }

    private static LinkConditions anyNetwork(SplittableRandom random) {
        LinkConditions conditions = LinkConditions.PERFECT
                .withDelay(Duration.ofNanos(500_000 + random.nextLong(299_500_000)))
                .withJitter(Duration.ofMillis(random.nextInt(50)))
                .withLoss(random.nextInt(4) == 0 ? 0 : random.nextDouble() * 0.4)
                .withReordering(random.nextDouble() * 0.2)
                .withDuplication(random.nextDouble() * 0.1)
                .withCorruption(random.nextInt(3) == 0 ? 0.01 : 0);
        return random.nextBoolean() ? conditions : conditions.withBandwidth(500_000 + random.nextInt(20_000_000));
    }

    private static SctpSettings anySettings(SplittableRandom random) {
        return SctpSettings.builder().interleaving(random.nextInt(3) > 0).build();
    }

    /** Both ends send on several channels, some ordered and some not, messages of many sizes. */
    private static void exchange(Pair pair, SplittableRandom random) {
        Map<Integer, List<String>> sent = new HashMap<>();
        int total = 0;
        for (Node node : List.of(pair.a, pair.z)) {
            for (int i = 0; i < 3; i++) {
                boolean ordered = i != 2;
                DataChannel channel = node.channels.open(
                        "c",
                        "",
                        DataChannelOptions.RELIABLE.withDelivery(
                                ordered ? SendOptions.RELIABLE : SendOptions.UNORDERED),
                        pair.now());
                List<String> texts = new ArrayList<>();
                for (int m = 0; m < 15; m++) {
                    String text = channel.id() + "/" + m + "/" + "x".repeat(random.nextInt(m == 7 ? 60_000 : 3_000));
                    texts.add(text);
                    int at = random.nextInt(2_000);
                    pair.network.after(
                            Duration.ofMillis(m * 2_000L + at), () -> node.channels.send(channel, text, pair.now()));
                    total++;
                }
                sent.put(channel.id(), texts);
            }
        }
        int all = total;
        pair.network.runUntil(() -> pair.a.messages().size() + pair.z.messages().size() >= all, LIMIT);
        pair.network.run(Duration.ofSeconds(20));
        sent.forEach((id, texts) -> {
            Node receiver = id % 2 == 0 ? pair.z : pair.a;
            List<String> arrived = receiver.messages().stream()
                    .filter(message -> message.channel().id() == id)
                    .map(DataChannelEvent.Message::text)
                    .toList();
            if (id / 2 != 2) {
                assertThat(arrived).isEqualTo(texts);
            } else {
                assertThat(arrived).containsExactlyInAnyOrderElementsOf(texts);
            }
        });
    }

    private static void assertNothingLeft(Pair pair) {
        // What is given up is skipped stretch by stretch (RFC 3758 §3.5 C2), each with a round trip that may get lost.
        pair.network.runUntil(() -> isQuiet(pair.a) && isQuiet(pair.z), LIMIT);
        for (Node node : List.of(pair.a, pair.z)) {
            assertThat(node.events(DataChannelEvent.Connected.class)).hasSize(1);
            assertThat(node.channels.state()).isEqualTo(SctpState.ESTABLISHED);
        }
    }

    private static boolean isQuiet(Node node) {
        SctpStatistics statistics = node.channels.statistics();
        return statistics.bytesInFlight() == 0 && statistics.bytesWaiting() == 0;
    }
}
