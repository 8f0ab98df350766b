// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The messages of one channel in a {@link TrafficRun}: numbered, recognisable, sent when there is room. */
final class Flow {
    private static final int HEADER_BYTES = 5;
    private static final int PIECE_BYTES = 3_000;

    private final TrafficRun run;
    private final Node sender;
    private final int index;
    private final SendOptions options;
    private final boolean streamed;
    private final DataChannel channel;
    private final ArrayDeque<byte[]> due = new ArrayDeque<>();
    private final List<Integer> arrived = new ArrayList<>();
    private final BitSet seen = new BitSet();
    private @Nullable MessageWriter writer;
    private @Nullable ByteBuffer rest;
    private int planned;
    private int sent;

    Flow(TrafficRun run, Node sender, int index, SendOptions options, boolean streamed) {
        this.run = run;
        this.sender = sender;
        this.index = index;
        this.options = options;
        this.streamed = streamed;
        int priority = 1 << run.random().nextInt(12);
        this.channel = sender.channels.open(
                "flow " + index,
                "",
                DataChannelOptions.RELIABLE.withDelivery(options).withPriority(priority),
                run.pair().now());
    }

    boolean isOn(Node node, DataChannel other) {
        return node == sender && other == channel;
    }

    /** So many messages become due within the next seconds. */
    void plan(int count) {
        planned = count;
        int at = 0;
        for (int number = 0; number < count; number++) {
            byte[] message = anyMessage(number, number == 7 ? 65_000 : 3_000);
            at += run.random().nextInt(1_500);
            run.pair().network.after(Duration.ofMillis(at), () -> {
                due.add(message);
                pump();
            });
        }
    }

    /** Sends what is due as far as there is room. */
    void pump() {
        while (!due.isEmpty() && (streamed ? write() : send())) {
            due.remove();
            sent++;
        }
    }

    private boolean send() {
        SendStatus status =
                sender.channels.send(channel, due.element(), run.pair().now());
        assertThat(status).isIn(SendStatus.QUEUED, SendStatus.BUFFER_FULL);
        return status == SendStatus.QUEUED;
    }

    /** Returns whether the message is written whole, or no more. */
    private boolean write() {
        byte[] message = due.element();
        if (writer == null) {
            writer = sender.channels.beginMessage(
                    channel, false, message.length, run.pair().now());
            rest = ByteBuffer.wrap(message);
        }
        MessageWriter open = Objects.requireNonNull(writer);
        ByteBuffer left = Objects.requireNonNull(rest);
        while (left.hasRemaining()) {
            ByteBuffer piece = left.slice().limit(Math.min(left.remaining(), PIECE_BYTES));
            int taken = open.write(piece, run.pair().now());
            left.position(left.position() + Math.max(0, taken));
            if (taken < 0) {
                break;
            }
            if (piece.hasRemaining()) {
                return false;
            }
        }
        writer = null;
        return true;
    }

    void arrived(Node node, DataChannelEvent.Message message) {
        byte[] payload = message.payload();
        int number = ByteBuffer.wrap(payload).getInt(1);
        assertThat(node).isNotSameAs(sender);
        assertThat(Arrays.mismatch(payload, message(number, payload)))
                .as("first damaged byte of message %d of flow %d", number, index)
                .isEqualTo(-1);
        assertThat(seen.get(number))
                .as("message %d of flow %d came before", number, index)
                .isFalse();
        seen.set(number);
        arrived.add(number);
    }

    /** Whether all has come that must come. */
    boolean isComplete() {
        return options.isPartiallyReliable() ? sent == planned : arrived.size() == planned;
    }

    void assertArrival() {
        if (options.ordered()) {
            assertThat(arrived).isSorted();
        }
        if (!options.isPartiallyReliable()) {
            assertThat(arrived).hasSize(planned);
        }
    }

    @Override
    public String toString() {
        return "flow " + index + " " + options + (streamed ? " streamed" : "") + ": planned " + planned + ", due "
                + due.size() + ", sent " + sent + ", arrived " + arrived.size();
    }

    private byte[] anyMessage(int number, int bytesMax) {
        return message(number, new byte[HEADER_BYTES + run.random().nextInt(bytesMax)]);
    }

    private byte[] message(int number, byte[] sized) {
        byte[] payload = new byte[sized.length];
        for (int i = HEADER_BYTES; i < payload.length; i++) {
            payload[i] = (byte) (31 * index + 17 * number + i + i / 251);
        }
        ByteBuffer.wrap(payload).put((byte) index).putInt(number);
        return payload;
    }
}
