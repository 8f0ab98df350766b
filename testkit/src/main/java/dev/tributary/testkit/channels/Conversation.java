// SPDX-License-Identifier: Apache-2.0
package dev.tributary.testkit.channels;

import java.util.Arrays;
import java.util.List;

/** One channel of a scenario: what went out on it, what came back. Not thread-safe. */
final class Conversation {
    final EchoScenario scenario;
    final String label;
    final List<byte[]> messages;
    int id = -1;
    int next;
    long outstandingBytes;
    boolean closed;
    private final boolean[] back;
    private int backCount;
    private int lastBack = -1;

    Conversation(EchoScenario scenario, String label, List<byte[]> messages) {
        this.scenario = scenario;
        this.label = label;
        this.messages = messages;
        this.back = new boolean[messages.size()];
    }

    boolean isText(int index) {
        return index % 2 == 0;
    }

    void opened(ChannelEvent.Opened event) {
        if (!event.shape().equals(scenario.shape())) {
            throw new AssertionError(label + " was opened as " + event.shape());
        }
        id = event.channel();
    }

    boolean isComplete() {
        return backCount == messages.size();
    }

    /** All is sent, and of what may be lost more than half came back. */
    boolean isEnough() {
        return next == messages.size() && 2 * backCount >= messages.size();
    }

    void received(ChannelEvent.Message message) {
        boolean inOrder = scenario.shape().ordered();
        // An ordered channel goes on after what came last; an unordered one takes the first that fits.
        for (int i = inOrder ? lastBack + 1 : 0; i < next; i++) {
            if (!back[i] && isText(i) == message.isText() && Arrays.equals(messages.get(i), message.payload())) {
                if (inOrder && scenario.shape().isReliable() && i != lastBack + 1) {
                    break;
                }
                back[i] = true;
                backCount++;
                lastBack = i;
                outstandingBytes -= message.payload().length;
                return;
            }
        }
        throw new AssertionError(this + ": got " + (message.isText() ? "text" : "bytes") + " of length "
                + message.payload().length + " that was not due, after number " + lastBack);
    }

    @Override
    public String toString() {
        return label + "[channel " + id + ", sent " + next + " of " + messages.size() + ", back " + backCount + "]";
    }
}
