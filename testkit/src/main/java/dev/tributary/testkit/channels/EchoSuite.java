// SPDX-License-Identifier: Apache-2.0
package dev.tributary.testkit.channels;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * Runs scenarios on a connected {@link ChannelEnd}: opens, sends, compares what comes back byte by byte, closes. What is
 * reliable has to come back once and, when ordered, in order; of what is not, at least half, each once at most.
 *
 * <p>Not thread-safe.
 */
public final class EchoSuite {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration STEP = Duration.ofMillis(50);

    /** So much may be under way without having come back, lest two senders wait for each other. */
    private static final int OUTSTANDING_BYTES_MAX = 512 * 1024;

    private final ChannelEnd end;
    private final SplittableRandom random;
    private final Map<Integer, Conversation> byId = new HashMap<>();
    private final Map<String, Conversation> byLabel = new HashMap<>();
    private final int control;
    private boolean controlOpen;
    private String ended = "";
    private int labels;
    private boolean closes = true;
    private int smallestBytes;
    private int largestBytes = Integer.MAX_VALUE;

    /**
     * A suite on an end; opens the control channel.
     *
     * @param seed of the contents of the messages
     */
    public EchoSuite(ChannelEnd end, long seed) {
        this.end = end;
        this.random = new SplittableRandom(seed);
        this.control = end.open("control", ChannelShape.RELIABLE);
        await("the control channel is open", () -> controlOpen);
    }

    /**
     * Leaves out messages that the far end cannot echo.
     *
     * @param smallest 1 when it has no empty messages
     * @param largest the largest that it can read or write
     */
    public EchoSuite onlySizes(int smallest, int largest) {
        smallestBytes = smallest;
        largestBytes = largest;
        return this;
    }

    /** Leaves channels open after use: for a far end that does not close reliably on a lossy path. */
    public EchoSuite withoutClosing() {
        closes = false;
        return this;
    }

    /**
     * Runs a scenario to its end.
     *
     * @throws AssertionError when something does not come back, comes back changed, or does not end
     */
    public void run(EchoScenario scenario) {
        for (int round = 0; round < scenario.rounds(); round++) {
            List<Conversation> conversations = new ArrayList<>();
            for (int i = 0; i < scenario.channels(); i++) {
                conversations.add(open(scenario));
            }
            await(scenario + ": channels open", () -> conversations.stream().allMatch(each -> each.id >= 0));
            exchange(conversations);
            if (!closes) {
                continue;
            }
            for (int i = 0; i < conversations.size(); i++) {
                close(conversations.get(i), (round + i) % 2 == 0);
            }
            await(scenario + ": channels closed", () -> conversations.stream().allMatch(each -> each.closed));
        }
    }

    private Conversation open(EchoScenario scenario) {
        List<byte[]> messages = new ArrayList<>();
        for (int size : scenario.sizesBytes()) {
            if (size >= smallestBytes && size <= Math.min(largestBytes, end.messageBytesMax())) {
                messages.add(content(size, messages.size()));
            }
        }
        Conversation conversation = new Conversation(scenario, scenario.name() + "-" + labels++, messages);
        byLabel.put(conversation.label, conversation);
        ChannelShape shape = scenario.shape();
        if (scenario.isOpenedByUs()) {
            int unused = end.open(conversation.label, shape);
        } else {
            command("open " + conversation.label + (shape.ordered() ? " 1 " : " 0 ") + shape.maxRetransmits() + " "
                    + shape.maxLifetimeMillis());
        }
        return conversation;
    }

    /** Printable bytes, so that they are good as text too; the first ones number the message. */
    private byte[] content(int size, int index) {
        byte[] content = new byte[size];
        for (int i = 0; i < size; i++) {
            content[i] = (byte) (i < 4 ? '0' + (index >> (4 * i) & 15) : 'a' + random.nextInt(26));
        }
        return content;
    }

    private void exchange(List<Conversation> conversations) {
        long quiet = 0;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!conversations.stream().allMatch(Conversation::isComplete)) {
            boolean moved = false;
            for (Conversation each : conversations) {
                moved |= sendSome(each);
            }
            moved |= drain(moved ? Duration.ZERO : STEP);
            long now = System.nanoTime();
            quiet = moved ? 0 : quiet == 0 ? now : quiet;
            boolean canLose = conversations.stream()
                    .noneMatch(each -> each.scenario.shape().isReliable());
            boolean silent = quiet != 0 && now - quiet > Duration.ofMillis(800).toNanos();
            if (canLose && silent && conversations.stream().allMatch(Conversation::isEnough)) {
                return;
            }
            if (now > deadline) {
                throw new AssertionError("Not within " + PATIENCE + ": " + conversations + "; " + end.describe());
            }
        }
    }

    private boolean sendSome(Conversation conversation) {
        boolean moved = false;
        while (conversation.next < conversation.messages.size()
                && conversation.outstandingBytes < OUTSTANDING_BYTES_MAX / conversation.scenario.channels()) {
            byte[] payload = conversation.messages.get(conversation.next);
            if (!end.send(conversation.id, conversation.isText(conversation.next), payload.clone())) {
                return moved;
            }
            conversation.outstandingBytes += payload.length;
            conversation.next++;
            moved = true;
        }
        return moved;
    }

    private void close(Conversation conversation, boolean byUs) {
        if (byUs) {
            end.close(conversation.id);
        } else {
            command("close " + conversation.label);
        }
    }

    private void command(String text) {
        if (!end.send(control, true, text.getBytes(StandardCharsets.UTF_8))) {
            throw new AssertionError("The control channel does not take " + text + "; " + end.describe());
        }
    }

    /** Waits for something, taking events meanwhile. */
    private void await(String what, BooleanSupplier done) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!done.getAsBoolean()) {
            drain(STEP);
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        "Not within " + PATIENCE + ": " + what + "; " + byLabel.values() + "; " + end.describe());
            }
        }
    }

    private boolean drain(Duration limit) {
        end.step(limit);
        boolean any = false;
        for (ChannelEvent event; (event = end.poll()) != null; ) {
            any = true;
            handle(event);
        }
        if (!ended.isEmpty()) {
            throw new AssertionError("The association ended: " + ended + "; " + end.describe());
        }
        return any;
    }

    private void handle(ChannelEvent event) {
        if (event instanceof ChannelEvent.Opened opened) {
            controlOpen |= opened.channel() == control;
            Conversation conversation = byLabel.get(opened.label());
            if (conversation != null) {
                conversation.opened(opened);
                byId.put(opened.channel(), conversation);
            }
        } else if (event instanceof ChannelEvent.Message message) {
            Conversation conversation = byId.get(message.channel());
            if (conversation == null) {
                throw new AssertionError("A message of " + message.payload().length + " bytes on channel "
                        + message.channel() + ", which is not open");
            }
            conversation.received(message);
        } else if (event instanceof ChannelEvent.Closed closed) {
            Conversation conversation = byId.remove(closed.channel());
            if (conversation != null) {
                conversation.closed = true;
                byLabel.remove(conversation.label);
            }
        } else if (event instanceof ChannelEvent.Ended over) {
            ended = over.why();
        }
    }
}
