// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an application may rely on, in the simplest words: a channel is a pair of lists, what was sent and what has arrived.
 *
 * <p>Every channel has a label of its own and every message a number of its own, so that each event names what it is about.
 * A channel is <em>lost</em> when one of its ends was replaced by a fresh one: then what was under way may be missing, but
 * nothing may arrive where it does not belong.
 */
final class ChannelModel {
    private final Map<String, ModelChannel> channels = new HashMap<>();

    /** Who an end is, whatever process is there at the time. */
    enum Side {
        A,
        Z;

        Side other() {
            return this == A ? Z : A;
        }
    }

    /** One channel between a sender's and a receiver's end; both ends send. */
    static final class ModelChannel {
        final String label;
        final SendOptions options;
        final Map<Side, List<Integer>> sent = new HashMap<>();
        final Map<Side, List<Integer>> arrived = new HashMap<>();
        final Set<Side> opened = new HashSet<>();
        final Set<Side> closed = new HashSet<>();
        boolean closing;
        boolean lost;

        ModelChannel(String label, SendOptions options) {
            this.label = label;
            this.options = options;
        }
    }

    ModelChannel open(String label, SendOptions options) {
        ModelChannel channel = new ModelChannel(label, options);
        channels.put(label, channel);
        return channel;
    }

    void sent(Side by, DataChannel on, int number) {
        of(on).sent.computeIfAbsent(by, each -> new ArrayList<>()).add(number);
    }

    void closing(DataChannel channel) {
        of(channel).closing = true;
    }

    /** One end is replaced, or the association is cut off: no promise holds for what there was. */
    void lost() {
        channels.values().forEach(channel -> channel.lost = true);
    }

    /** Checks an event that an end was told, against what the other end did. */
    void check(Side at, DataChannelEvent event) {
        if (event instanceof DataChannelEvent.ChannelOpened opened) {
            ModelChannel channel = of(opened.channel());
            assertThat(channel.opened.add(at))
                    .as("%s opens once", channel.label)
                    .isTrue();
            assertThat(opened.channel().options().delivery()).isEqualTo(channel.options);
        } else if (event instanceof DataChannelEvent.ChannelClosed closed) {
            ModelChannel channel = of(closed.channel());
            assertThat(channel.closed.add(at))
                    .as("%s closes once", channel.label)
                    .isTrue();
            assertThat(channel.closing || channel.lost)
                    .as("%s, which closed at %s, was to be closed", channel.label, at)
                    .isTrue();
        } else if (event instanceof DataChannelEvent.Message message) {
            checkMessage(at, message);
        }
    }

    private void checkMessage(Side at, DataChannelEvent.Message message) {
        ModelChannel channel = of(message.channel());
        int number = Integer.parseInt(message.text().strip());
        assertThat(channel.closed)
                .as("%s is not closed for whom it has messages", channel.label)
                .doesNotContain(at);
        List<Integer> arrived = channel.arrived.computeIfAbsent(at, each -> new ArrayList<>());
        assertThat(channel.sent.getOrDefault(at.other(), List.of()))
                .as("what was sent on %s", channel.label)
                .contains(number);
        assertThat(arrived).as("what arrived on %s before", channel.label).doesNotContain(number);
        if (channel.options.ordered() && !arrived.isEmpty()) {
            assertThat(number).isGreaterThan(arrived.get(arrived.size() - 1));
        }
        arrived.add(number);
    }

    /** Checks what must be so when nothing is under way any more. */
    void checkAtRest(Node a, Node z) {
        for (ModelChannel channel : channels.values()) {
            if (channel.lost) {
                assertThat(isOpenAt(a, channel) || isOpenAt(z, channel)).isFalse();
                continue;
            }
            if (!channel.options.isPartiallyReliable()) {
                assertArrived(channel, Side.A);
                assertArrived(channel, Side.Z);
            }
            assertThat(isOpenAt(a, channel)).as("%s at A", channel.label).isEqualTo(!channel.closing);
            assertThat(isOpenAt(z, channel)).as("%s at Z", channel.label).isEqualTo(!channel.closing);
        }
    }

    private static void assertArrived(ModelChannel channel, Side from) {
        assertThat(channel.arrived.getOrDefault(from.other(), List.of()))
                .as("all that was sent on %s", channel.label)
                .containsExactlyInAnyOrderElementsOf(channel.sent.getOrDefault(from, List.of()));
    }

    private static boolean isOpenAt(Node node, ModelChannel channel) {
        return node.channels.channels().stream().anyMatch(each -> each.label().equals(channel.label));
    }

    private ModelChannel of(DataChannel channel) {
        ModelChannel known = channels.get(channel.label());
        assertThat(known).as("somebody opened %s", channel).isNotNull();
        return known;
    }
}
