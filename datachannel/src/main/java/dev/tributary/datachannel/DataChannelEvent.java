// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

import java.nio.charset.StandardCharsets;

/** What {@link DataChannels} tell their owner. */
public sealed interface DataChannelEvent {
    /** The association stands; messages flow. */
    record Connected() implements DataChannelEvent {}

    /** A channel is open: the peer opened it ({@link DataChannel#isRemote}), or it acknowledged ours. */
    record ChannelOpened(DataChannel channel) implements DataChannelEvent {}

    /**
     * A message arrived.
     *
     * @param isText whether the peer sent it as text
     * @param payload the bytes, UTF-8 when it is text; they are the receiver's own from now on
     */
    record Message(DataChannel channel, boolean isText, byte[] payload) implements DataChannelEvent {
        /** The payload as text; bytes that are no UTF-8 become replacement characters. */
        public String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }
    }

    /** A channel is closed, by either side; no more messages will come on it. */
    record ChannelClosed(DataChannel channel) implements DataChannelEvent {}

    /** What waits to be sent on a channel has sunk to its threshold. */
    record BufferedAmountLow(DataChannel channel) implements DataChannelEvent {}

    /**
     * A channel has room again: told once after {@link SendStatus#BUFFER_FULL}, and after a {@link MessageWriter} took less
     * than it was given.
     */
    record Writable(DataChannel channel) implements DataChannelEvent {}

    /** The association is over, and every channel with it. The last event. */
    record Closed(CloseReason reason) implements DataChannelEvent {}
}
