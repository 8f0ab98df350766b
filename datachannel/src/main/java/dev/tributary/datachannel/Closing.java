// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

import java.util.Collection;
import java.util.List;

/**
 * How a channel ends (RFC 8831 §6.7): each side resets its own stream, the second one in answer to the first.
 *
 * <p>Not thread-safe.
 */
final class Closing {
    private final SctpAssociation association;
    private final ChannelTable table;

    Closing(SctpAssociation association, ChannelTable table) {
        this.association = association;
        this.table = table;
    }

    void begin(DataChannel channel, long nowNanos) {
        channel.enter(DataChannelState.CLOSING);
        association.resetStreams(List.of(channel.id()), nowNanos);
        if (!association.supportsStreamReset()) {
            table.closed(channel);
        }
    }

    /** The peer has reset its streams. */
    void handleReset(List<Integer> streams, long nowNanos) {
        // RFC 6525 §4.1: no streams means all.
        Collection<Integer> affected =
                streams.isEmpty() ? table.all().stream().map(DataChannel::id).toList() : streams;
        for (int id : affected) {
            table.refusedReset(id, true);
            DataChannel channel = table.get(id);
            if (channel != null) {
                channel.incomingReset();
                if (channel.state() != DataChannelState.CLOSING) {
                    // RFC 8831 §6.7: the answer to a reset is a reset.
                    begin(channel, nowNanos);
                }
                closeWhenReset(channel);
            }
        }
    }

    /** Our streams are reset. */
    void outgoingReset(List<Integer> streams) {
        for (int id : streams) {
            table.refusedReset(id, false);
            DataChannel channel = table.get(id);
            if (channel != null && channel.state() == DataChannelState.CLOSING) {
                channel.outgoingReset();
                closeWhenReset(channel);
            }
        }
    }

    private void closeWhenReset(DataChannel channel) {
        if (channel.isResetBothWays() && channel.state() == DataChannelState.CLOSING) {
            table.closed(channel);
        }
    }
}
