// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.testkit.LinkConditions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One association over a bad network, all of it drawn from one seed: loss up to 40 %, round trips of 1 to 600 ms, reordering,
 * duplicates, damage, bandwidth that changes and goes away, owners that do not poll for a while, small and large buffers,
 * both ends sending on channels of every kind.
 *
 * <p>While it runs: nothing arrives twice, out of order or damaged, no buffer is larger than its limit, something is
 * delivered every few minutes. In the end: all that is reliable has arrived, and nothing is left anywhere.
 */
final class TrafficRun {
    private static final Duration LIMIT = Duration.ofMinutes(60);
    private static final Duration STALL = Duration.ofMinutes(3);
    private static final Duration WATCH = Duration.ofMillis(100);
    private static final int MESSAGES = 15;

    private final SplittableRandom random;
    private final boolean checksums;
    private final Pair pair;
    private final List<Flow> flows = new ArrayList<>();
    private int delivered;
    private int deliveredBefore;
    private long progressNanos;
    private boolean over;

    TrafficRun(long seed) {
        random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L);
        // Without checksums nothing below DTLS notices damage.
        checksums = random.nextInt(8) > 0;
        pair = Pair.of(seed, LinkConditions.PERFECT, anySettings(), anySettings());
        changeNetwork();
    }

    void play() {
        pair.connected();
        for (Node node : List.of(pair.a, pair.z)) {
            node.onEvent = event -> handle(node, event);
            flows.add(new Flow(this, node, flows.size(), SendOptions.RELIABLE, false));
            flows.add(new Flow(this, node, flows.size(), SendOptions.UNORDERED, false));
            flows.add(new Flow(this, node, flows.size(), SendOptions.RELIABLE, true));
            flows.add(new Flow(this, node, flows.size(), anyLimitedReliability(), random.nextBoolean()));
        }
        flows.forEach(flow -> flow.plan(MESSAGES));
        for (int i = 0; i < 6; i++) {
            pair.network.after(Duration.ofMillis(random.nextInt(20_000)), this::changeNetwork);
        }
        sleepOften(pair.a);
        sleepOften(pair.z);
        watch();

        pair.network.runUntil(() -> flows.stream().allMatch(Flow::isComplete), LIMIT);
        pair.network.runUntil(() -> isQuiet(pair.a) && isQuiet(pair.z), LIMIT);
        over = true;
        pair.network.run(Duration.ofSeconds(10));
        flows.forEach(Flow::assertArrival);
        for (Node node : List.of(pair.a, pair.z)) {
            assertThat(node.events(DataChannelEvent.Connected.class)).hasSize(1);
            assertThat(node.channels.state()).isEqualTo(SctpState.ESTABLISHED);
        }
    }

    SplittableRandom random() {
        return random;
    }

    Pair pair() {
        return pair;
    }

    private void handle(Node node, DataChannelEvent event) {
        if (event instanceof DataChannelEvent.Message message) {
            delivered++;
            flows.get(message.payload()[0]).arrived(node, message);
        } else if (event instanceof DataChannelEvent.Writable writable) {
            flows.stream().filter(flow -> flow.isOn(node, writable.channel())).forEach(Flow::pump);
        }
    }

    private void changeNetwork() {
        pair.network.conditions(Pair.ADDRESS_A, Pair.ADDRESS_Z, anyNetwork());
        pair.network.conditions(Pair.ADDRESS_Z, Pair.ADDRESS_A, anyNetwork());
    }

    private LinkConditions anyNetwork() {
        LinkConditions conditions = LinkConditions.PERFECT
                .withDelay(Duration.ofNanos(500_000 + random.nextLong(299_500_000)))
                .withJitter(Duration.ofMillis(random.nextInt(50)))
                .withLoss(random.nextInt(4) == 0 ? 0 : random.nextDouble() * 0.4)
                .withReordering(random.nextDouble() * 0.2)
                .withDuplication(random.nextDouble() * 0.1)
                .withCorruption(checksums && random.nextInt(3) == 0 ? 0.01 : 0);
        return switch (random.nextInt(3)) {
            case 0 -> conditions;
            case 1 -> conditions.withBandwidth(100_000 + random.nextInt(1_000_000));
            default -> conditions.withBandwidth(1_000_000 + random.nextInt(50_000_000));
        };
    }

    private SctpSettings anySettings() {
        Limits limits = switch (random.nextInt(3)) {
            case 0 ->
                Limits.builder()
                        .receivedMessageBytesMax(70_000)
                        .receiveWindowBytes(100_000)
                        .sendBufferBytes(100_000)
                        .writtenAheadBytes(5_000)
                        .build();
            case 1 -> Limits.builder().writtenAheadBytes(1_000).build();
            default -> Limits.DEFAULT;
        };
        return SctpSettings.builder()
                .interleaving(random.nextInt(3) > 0)
                .zeroChecksum(!checksums)
                .limits(limits)
                .build();
    }

    private SendOptions anyLimitedReliability() {
        return random.nextBoolean()
                ? new SendOptions(random.nextBoolean(), random.nextInt(3), SendOptions.UNLIMITED)
                : new SendOptions(random.nextBoolean(), SendOptions.UNLIMITED, 1 + random.nextInt(2_000));
    }

    /** Its owner is busy now and then. */
    private void sleepOften(Node node) {
        pair.network.after(Duration.ofMillis(500 + random.nextInt(5_000)), () -> {
            node.polls = over || !node.polls;
            if (!over) {
                sleepOften(node);
            }
        });
    }

    private void watch() {
        for (Node node : List.of(pair.a, pair.z)) {
            SctpStatistics statistics = node.channels.statistics();
            Limits limits = node.settings().limits();
            assertThat(statistics.bytesBuffered())
                    .isLessThanOrEqualTo((long) limits.sendBufferBytes() + limits.writtenAheadBytes());
            assertThat(statistics.bytesWaiting())
                    .isLessThanOrEqualTo((long) limits.receiveWindowBytes() + limits.receivedMessageBytesMax());
        }
        if (delivered > deliveredBefore) {
            deliveredBefore = delivered;
            progressNanos = pair.now();
        }
        boolean complete = flows.stream().allMatch(Flow::isComplete);
        assertThat(complete || pair.now() - progressNanos < STALL.toNanos())
                .as("delivered something within %s: %s, A %s, Z %s", STALL, flows, pair.a, pair.z)
                .isTrue();
        if (!over) {
            pair.network.after(WATCH, this::watch);
        }
    }

    private static boolean isQuiet(Node node) {
        SctpStatistics statistics = node.channels.statistics();
        return statistics.chunksOutstanding() == 0 && statistics.bytesBuffered() == 0 && statistics.bytesWaiting() == 0;
    }
}
