// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

import dev.tributary.datachannel.internal.wire.DcepOpen;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a channel begins: in band by DCEP (RFC 8832), or by what both sides know beforehand (RFC 8831 §6.5).
 *
 * <p>Not thread-safe.
 */
final class Establishment {
    /** RFC 8832 §8.1: WebRTC DCEP. */
    static final int PPID = 50;

    private final SctpAssociation association;
    private final ChannelTable table;
    private final int labelBytesMax;

    Establishment(SctpAssociation association, ChannelTable table, int labelBytesMax) {
        this.association = association;
        this.table = table;
        this.labelBytesMax = labelBytesMax;
    }

    DataChannel open(String label, String protocol, DataChannelOptions options, long nowNanos) {
        requireShort("label", label);
        requireShort("protocol", protocol);
        if (association.state().compareTo(SctpState.ESTABLISHED) > 0) {
            throw new IllegalStateException("The association is " + association.state() + "; no channel can be opened");
        }
        boolean negotiated = options.negotiatedId() != DataChannelOptions.IN_BAND;
        int id = negotiated ? options.negotiatedId() : table.freeId(association.outboundStreams());
        if (table.get(id) != null || id >= association.outboundStreams() || table.isFull()) {
            throw new IllegalStateException("No channel can have identifier " + id + ": " + table.count()
                    + " channels, " + association.outboundStreams() + " streams");
        }
        DataChannelState state = negotiated ? DataChannelState.OPEN : DataChannelState.CONNECTING;
        DataChannel channel = new DataChannel(id, label, protocol, options, false, state);
        table.add(channel);
        association.streamPriority(id, weight(options.priority()));
        if (!negotiated) {
            DcepOpen open = new DcepOpen(
                    channelType(options.delivery()),
                    options.priority(),
                    reliability(options.delivery()),
                    label,
                    protocol);
            association.sendUncounted(id, PPID, open.encode(), nowNanos);
        } else if (association.state() == SctpState.ESTABLISHED) {
            table.tell(new DataChannelEvent.ChannelOpened(channel));
        }
        return channel;
    }

    /** Takes a DCEP message of the peer. */
    void handle(int stream, byte[] payload, long nowNanos) {
        DataChannel channel = table.get(stream);
        if (payload[0] == DcepOpen.MESSAGE_ACK) {
            handleAck(channel);
            return;
        }
        DcepOpen open = DcepOpen.decode(payload);
        if (open == null) {
            association.count(SctpAnomaly.BAD_DCEP_MESSAGE);
        } else if (channel != null && channel.isResetByPeer()) {
            // The peer has closed the old channel on both sides already and uses the stream anew.
            table.closed(channel);
            acceptOrRefuse(open, stream, nowNanos);
        } else if (channel != null) {
            // RFC 8832 §6: an OPEN for a stream in use is a violation; the channel is not touched by it.
            association.count(SctpAnomaly.BAD_DCEP_MESSAGE);
        } else {
            acceptOrRefuse(open, stream, nowNanos);
        }
    }

    private void handleAck(@Nullable DataChannel channel) {
        if (channel == null || channel.isRemote()) {
            association.count(SctpAnomaly.BAD_DCEP_MESSAGE);
            return;
        }
        channel.acknowledge();
        if (channel.state() == DataChannelState.CONNECTING) {
            channel.enter(DataChannelState.OPEN);
            table.tell(new DataChannelEvent.ChannelOpened(channel));
        }
    }

    private void acceptOrRefuse(DcepOpen open, int id, long nowNanos) {
        if (!table.isPeersChoice(id)
                || id >= association.outboundStreams()
                || table.isFull()
                || isTooLong(open.label())
                || isTooLong(open.protocol())) {
            association.count(SctpAnomaly.CHANNEL_REFUSED);
            // RFC 8832 §6: refused by a reset of the stream.
            if (id < association.outboundStreams()) {
                table.refuse(id);
                association.resetStreams(List.of(id), nowNanos);
            }
            return;
        }
        DataChannelOptions options =
                new DataChannelOptions(delivery(open), open.priority(), DataChannelOptions.IN_BAND);
        DataChannel channel = new DataChannel(id, open.label(), open.protocol(), options, true, DataChannelState.OPEN);
        table.add(channel);
        association.streamPriority(id, weight(open.priority()));
        association.sendUncounted(id, PPID, new byte[] {DcepOpen.MESSAGE_ACK}, nowNanos);
        table.tell(new DataChannelEvent.ChannelOpened(channel));
    }

    /** Firefox announces every channel with a priority of zero, which means that it has no opinion. */
    private static int weight(int priority) {
        return priority == 0 ? DataChannelOptions.PRIORITY_NORMAL : priority;
    }

    private static int channelType(SendOptions delivery) {
        int reliability = delivery.maxRetransmits() != SendOptions.UNLIMITED
                ? DcepOpen.LIMITED_RETRANSMISSIONS
                : delivery.maxLifetimeMillis() != SendOptions.UNLIMITED ? DcepOpen.LIMITED_LIFETIME : DcepOpen.RELIABLE;
        return reliability | (delivery.ordered() ? 0 : DcepOpen.UNORDERED);
    }

    private static long reliability(SendOptions delivery) {
        return Math.max(0, Math.max(delivery.maxRetransmits(), delivery.maxLifetimeMillis()));
    }

    private static SendOptions delivery(DcepOpen open) {
        int parameter = (int) Math.min(open.reliabilityParameter(), Integer.MAX_VALUE);
        boolean ordered = (open.channelType() & DcepOpen.UNORDERED) == 0;
        return switch (open.channelType() & ~DcepOpen.UNORDERED) {
            case DcepOpen.LIMITED_RETRANSMISSIONS -> new SendOptions(ordered, parameter, SendOptions.UNLIMITED);
            case DcepOpen.LIMITED_LIFETIME -> new SendOptions(ordered, SendOptions.UNLIMITED, parameter);
            default -> new SendOptions(ordered, SendOptions.UNLIMITED, SendOptions.UNLIMITED);
        };
    }

    private boolean isTooLong(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length > labelBytesMax;
    }

    private void requireShort(String name, String text) {
        if (isTooLong(text)) {
            throw new IllegalArgumentException(name + " must have at most " + labelBytesMax + " bytes of UTF-8, got "
                    + text.getBytes(StandardCharsets.UTF_8).length);
        }
    }
}
