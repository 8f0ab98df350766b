// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.testkit.LinkConditions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A run of random commands: open, send, write in pieces, close, replace an end by a fresh one, lose everything for a while,
 * stop polling, let time pass. After each, all that the ends were told is checked against the model; after the last, what
 * must be so at rest.
 */
final class CommandRun {
    private static final int COMMANDS = 60;
    private static final Duration LIMIT = Duration.ofMinutes(30);

    private final SplittableRandom random;
    private final ChannelModel model = new ChannelModel();
    private final Pair pair;
    private final List<String> log = new ArrayList<>();
    private LinkConditions conditions = LinkConditions.PERFECT;
    private int channelCount;
    private int messageCount;
    private int restarts;

    CommandRun(long seed) {
        random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L);
        var settings = SctpSettings.builder().interleaving(random.nextBoolean()).build();
        pair = Pair.of(seed, conditions, settings, settings);
        watch(pair.a);
        watch(pair.z);
    }

    void play() {
        try {
            pair.a.channels.connect(0);
            pair.z.channels.connect(0);
            for (int i = 0; i < COMMANDS; i++) {
                command(random.nextInt(100));
                pair.network.run(Duration.ofNanos(random.nextLong(200_000_000)));
            }
            rest();
        } catch (AssertionError failure) {
            throw new AssertionError("after " + String.join(", ", log) + ": " + failure.getMessage(), failure);
        }
    }

    private void command(int which) {
        Node node = random.nextBoolean() ? pair.a : pair.z;
        if (which < 15) {
            open(node);
        } else if (which < 60) {
            send(node);
        } else if (which < 68) {
            write(node);
        } else if (which < 78) {
            close(node);
        } else if (which < 82) {
            replace(node);
        } else if (which < 90) {
            change();
        } else if (which < 95) {
            blackout();
        } else {
            log.add("pause " + name(node));
            node.polls = !node.polls;
        }
    }

    private void open(Node node) {
        SendOptions options = switch (random.nextInt(4)) {
            case 0 -> SendOptions.UNORDERED;
            case 1 -> new SendOptions(random.nextBoolean(), random.nextInt(3), SendOptions.UNLIMITED);
            case 2 -> new SendOptions(random.nextBoolean(), SendOptions.UNLIMITED, random.nextInt(1_000));
            default -> SendOptions.RELIABLE;
        };
        String label = "c" + channelCount++;
        log.add(name(node) + " opens " + label);
        model.open(label, options);
        node.channels.open(label, "", DataChannelOptions.RELIABLE.withDelivery(options), pair.now());
    }

    private void send(Node node) {
        DataChannel channel = anyChannel(node);
        if (channel != null) {
            for (int i = random.nextInt(4); i >= 0; i--) {
                String text = nextText(node, channel);
                SendStatus status = node.channels.send(channel, text, pair.now());
                assertThat(status).isEqualTo(isSendable(channel) ? SendStatus.QUEUED : SendStatus.NOT_OPEN);
                if (status == SendStatus.QUEUED) {
                    model.sent(side(node), channel, Integer.parseInt(text.strip()));
                }
            }
        }
    }

    /** Writes a message in two pieces, or gives it up between them. */
    private void write(Node node) {
        DataChannel channel = anyChannel(node);
        if (channel == null) {
            return;
        }
        byte[] text = nextText(node, channel).getBytes(StandardCharsets.UTF_8);
        MessageWriter writer = node.channels.beginMessage(channel, true, text.length, pair.now());
        assertThat(writer != null).isEqualTo(isSendable(channel));
        if (writer == null) {
            return;
        }
        int first = random.nextInt(text.length);
        assertThat(writer.write(ByteBuffer.wrap(text, 0, first), pair.now())).isEqualTo(first);
        boolean cancelled = random.nextInt(3) == 0;
        int number = Integer.parseInt(new String(text, StandardCharsets.UTF_8).strip());
        if (!cancelled) {
            model.sent(side(node), channel, number);
        }
        pair.network.after(Duration.ofMillis(random.nextInt(300)), () -> {
            if (cancelled) {
                assertThat(writer.cancel(pair.now())).isTrue();
            } else {
                writer.write(ByteBuffer.wrap(text, first, text.length - first), pair.now());
            }
        });
    }

    private void close(Node node) {
        DataChannel channel = anyChannel(node);
        if (channel != null) {
            log.add(name(node) + " closes " + channel.label());
            model.closing(channel);
            node.channels.close(channel, pair.now());
        }
    }

    /** The process at this end dies and comes back: all that it knew is gone. */
    private void replace(Node node) {
        if (!isEstablished(pair.a) || !isEstablished(pair.z)) {
            // Then nobody would be missed.
            return;
        }
        log.add(name(node) + " restarts");
        model.lost();
        restarts++;
        boolean isA = node == pair.a;
        var address = isA ? Pair.ADDRESS_A : Pair.ADDRESS_Z;
        Node fresh = Node.of(
                isA ? DtlsRole.CLIENT : DtlsRole.SERVER,
                node.settings(),
                random.nextLong(),
                isA ? Pair.ADDRESS_Z : Pair.ADDRESS_A);
        pair.network.detach(address);
        pair.network.attach(address, fresh, fresh::pollEvents);
        if (isA) {
            pair.a = fresh;
        } else {
            pair.z = fresh;
        }
        watch(fresh);
        fresh.channels.connect(pair.now());
        // It has to be noticed before the ends may rely on anything again.
        conditions = LinkConditions.PERFECT;
        pair.network.conditions(conditions);
        pair.a.polls = true;
        pair.z.polls = true;
        node.onEvent = event -> {};
        pair.network.run(Duration.ofSeconds(20));
        assertThat(pair.a.channels.channels()).isEmpty();
        assertThat(pair.z.channels.channels()).isEmpty();
    }

    private void change() {
        conditions = LinkConditions.PERFECT
                .withDelay(Duration.ofMillis(1 + random.nextInt(150)))
                .withLoss(random.nextDouble() * 0.3)
                .withReordering(random.nextDouble() * 0.3)
                .withDuplication(random.nextDouble() * 0.2);
        log.add("network changes");
        pair.network.conditions(conditions);
    }

    private void blackout() {
        log.add("blackout");
        pair.network.conditions(conditions.withLoss(1));
        pair.network.after(Duration.ofMillis(random.nextInt(3_000)), () -> pair.network.conditions(conditions));
    }

    private void rest() {
        log.add("rest");
        pair.a.polls = true;
        pair.z.polls = true;
        pair.network.run(Duration.ofSeconds(4));
        pair.network.runUntil(() -> isQuiet(pair.a) && isQuiet(pair.z), LIMIT);
        pair.network.run(Duration.ofSeconds(30));
        model.checkAtRest(pair.a, pair.z);
        // An ABORT is sent once: it must not get lost.
        pair.network.conditions(LinkConditions.PERFECT);
        if (random.nextBoolean()) {
            pair.a.channels.shutdown(pair.now());
        } else {
            pair.z.channels.abort("over", pair.now());
        }
        model.lost();
        pair.network.run(Duration.ofSeconds(30));
        for (Node node : List.of(pair.a, pair.z)) {
            assertThat(node.events(DataChannelEvent.Closed.class)).hasSize(1);
            assertThat(node.events.get(node.events.size() - 1)).isInstanceOf(DataChannelEvent.Closed.class);
        }
    }

    private void watch(Node node) {
        node.onEvent = event -> model.check(side(node), event);
    }

    private String nextText(Node node, DataChannel channel) {
        int size = random.nextInt(10) == 0 ? random.nextInt(40_000) : random.nextInt(2_000);
        log.add(name(node) + " sends " + messageCount + " on " + channel.label());
        return messageCount++ + " ".repeat(1 + size);
    }

    private @Nullable DataChannel anyChannel(Node node) {
        List<DataChannel> all = List.copyOf(node.channels.channels());
        return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
    }

    private static boolean isSendable(DataChannel channel) {
        return channel.state() == DataChannelState.OPEN || channel.state() == DataChannelState.CONNECTING;
    }

    private ChannelModel.Side side(Node node) {
        return node == pair.a ? ChannelModel.Side.A : ChannelModel.Side.Z;
    }

    private String name(Node node) {
        return side(node) + (restarts == 0 ? "" : "." + restarts);
    }

    private static boolean isEstablished(Node node) {
        return node.channels.state() == SctpState.ESTABLISHED;
    }

    private static boolean isQuiet(Node node) {
        SctpStatistics statistics = node.channels.statistics();
        return statistics.chunksOutstanding() == 0 && statistics.bytesBuffered() == 0 && statistics.bytesWaiting() == 0;
    }
}
