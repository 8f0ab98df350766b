// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

import dev.tributary.datachannel.internal.wire.DcepOpen;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The data channels of one DTLS transport (RFC 8831) with their establishment protocol (DCEP, RFC 8832), over one
 * {@link SctpAssociation}. Without sockets, threads or clocks.
 *
 * <pre>{@code
 * var channels = new DataChannels(DtlsRole.SERVER, SctpSettings.DEFAULT, new SecureRandom());
 * channels.connect(now);                                       // as soon as DTLS stands, on both sides
 * channels.handlePacket(decrypted, now);                       // what DTLS delivered
 * while (channels.pollTransmit(out)) dtls.send(out);
 * for (var event = channels.pollEvent(); event != null; event = channels.pollEvent()) {
 *     if (event instanceof DataChannelEvent.Message m && m.isText()) channels.send(m.channel(), m.text(), now);
 * }
 * timer.set(channels.nextTimeoutNanos());
 * }</pre>
 *
 * <p>The drive contract is that of {@link SctpAssociation}: mutate, then drain packets and events, then read the timeout.
 *
 * <p>A channel can be opened, and messages be sent on it, before anything is connected: they wait.
 *
 * <p>Not thread-safe: one event loop owns them.
 */
public final class DataChannels {
    private static final int PPID_DCEP = 50;
    private static final int PPID_TEXT = 51;
    private static final int PPID_BINARY = 53;
    private static final int PPID_TEXT_EMPTY = 56;
    private static final int PPID_BINARY_EMPTY = 57;

    private final DtlsRole role;
    private final Limits limits;
    private final SctpAssociation association;
    private final Map<Integer, DataChannel> channels = new TreeMap<>();
    private final ArrayDeque<DataChannelEvent> events = new ArrayDeque<>();
    private long nowNanos;

    /**
     * Channels that wait for {@link #connect} or for the peer.
     *
     * @param role which side of DTLS we are: decides who may use which identifiers
     * @param settings how the association behaves
     * @param random a {@link java.security.SecureRandom} in production
     */
    public DataChannels(DtlsRole role, SctpSettings settings, RandomGenerator random) {
        this.role = role;
        this.limits = settings.limits();
        this.association = new SctpAssociation(settings, random);
    }

    /** Begins the handshake; to be called when DTLS stands, by both sides as browsers do. */
    public void connect(long now) {
        turn(now);
        association.connect(now);
    }

    /** Takes one SCTP packet out of DTLS: the remaining bytes of an array-backed buffer, borrowed for the call. */
    public void handlePacket(ByteBuffer packet, long now) {
        turn(now);
        association.handlePacket(packet, now);
        digest();
    }

    /** Fires every timer that is due. */
    public void handleTimeout(long now) {
        turn(now);
        association.handleTimeout(now);
        digest();
    }

    /**
     * Writes the next SCTP packet to put into DTLS.
     *
     * @param out an array-backed buffer of at least {@link SctpSettings#mtuBytes} bytes; cleared, filled and flipped
     * @return {@code false} when there is nothing more to send
     */
    public boolean pollTransmit(ByteBuffer out) {
        if (association.pollTransmit(out)) {
            return true;
        }
        // What just arrived may have to be answered.
        digest();
        return association.pollTransmit(out);
    }

    /** The next event, or {@code null} when there is none. */
    public @Nullable DataChannelEvent pollEvent() {
        digest();
        return events.poll();
    }

    /** When {@link #handleTimeout} is to be called, or {@link Long#MAX_VALUE}; stale after any other call. */
    public long nextTimeoutNanos() {
        return association.nextTimeoutNanos();
    }

    /** Where the association stands. */
    public SctpState state() {
        return association.state();
    }

    /** The channels that are not closed, by identifier; a view of the moment. */
    public Collection<DataChannel> channels() {
        return Collections.unmodifiableCollection(new ArrayList<>(channels.values()));
    }

    /** What the association did so far. */
    public SctpStatistics statistics() {
        return association.statistics();
    }

    /**
     * Opens a channel. Messages can be sent at once; {@link DataChannelEvent.ChannelOpened} follows when the peer has
     * acknowledged it, and for a negotiated one when the association stands.
     *
     * @param label what the channel is called; at most {@link Limits#labelBytesMax} bytes of UTF-8
     * @param protocol the name of the protocol spoken on it, empty for none; at most as long
     * @throws IllegalArgumentException if label or protocol are too long
     * @throws IllegalStateException if the association is over, no identifier is free, or the negotiated one is in use
     */
    public DataChannel open(String label, String protocol, DataChannelOptions options, long now) {
        turn(now);
        requireShort("label", label);
        requireShort("protocol", protocol);
        if (association.state().compareTo(SctpState.ESTABLISHED) > 0) {
            throw new IllegalStateException("The association is " + association.state() + "; no channel can be opened");
        }
        boolean negotiated = options.negotiatedId() != DataChannelOptions.IN_BAND;
        int id = negotiated ? options.negotiatedId() : freeId();
        if (channels.containsKey(id)
                || id >= association.outboundStreams()
                || channels.size() >= limits.channelsMax()) {
            throw new IllegalStateException("No channel can have identifier " + id + ": " + channels.size()
                    + " channels, " + association.outboundStreams() + " streams");
        }
        DataChannelState state = negotiated ? DataChannelState.OPEN : DataChannelState.CONNECTING;
        DataChannel channel = new DataChannel(id, label, protocol, options, false, state);
        channels.put(id, channel);
        if (!negotiated) {
            DcepOpen open = new DcepOpen(
                    channelType(options.delivery()),
                    options.priority(),
                    reliability(options.delivery()),
                    label,
                    protocol);
            association.sendUncounted(id, PPID_DCEP, open.encode(), now);
        } else if (association.state() == SctpState.ESTABLISHED) {
            events.add(new DataChannelEvent.ChannelOpened(channel));
        }
        return channel;
    }

    /** Sends text. */
    public SendStatus send(DataChannel channel, String text, long now) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return send(channel, bytes, bytes.length == 0 ? PPID_TEXT_EMPTY : PPID_TEXT, now);
    }

    /** Sends bytes; the array is the association's own from now on. */
    public SendStatus send(DataChannel channel, byte[] binary, long now) {
        return send(channel, binary, binary.length == 0 ? PPID_BINARY_EMPTY : PPID_BINARY, now);
    }

    /** Sends the remaining bytes of a buffer, which are copied. */
    public SendStatus send(DataChannel channel, ByteBuffer binary, long now) {
        byte[] bytes = new byte[binary.remaining()];
        binary.get(bytes);
        return send(channel, bytes, now);
    }

    private SendStatus send(DataChannel channel, byte[] bytes, int ppid, long now) {
        turn(now);
        boolean sendable = channel.state() == DataChannelState.OPEN || channel.state() == DataChannelState.CONNECTING;
        if (!sendable) {
            return SendStatus.NOT_OPEN;
        }
        // RFC 8831 §6.6: an empty message is one zero byte under an identifier of its own.
        byte[] payload = bytes.length == 0 ? new byte[1] : bytes;
        return association.send(channel.id(), ppid, payload, channel.deliveryNow(), now);
    }

    /** Bytes of a channel that wait and were never sent. */
    public long bufferedAmountBytes(DataChannel channel) {
        return association.bufferedAmountBytes(channel.id());
    }

    /** Sets the amount at which {@link DataChannelEvent.BufferedAmountLow} is told, when it is reached from above. */
    public void bufferedAmountLowThreshold(DataChannel channel, long bytes) {
        association.bufferedAmountLowThreshold(channel.id(), bytes);
    }

    /**
     * Closes a channel: what waits on it is still sent, then its stream is reset (RFC 8831 §6.7).
     * {@link DataChannelEvent.ChannelClosed} follows when the peer has done the same. Nothing happens when it is closing or
     * closed.
     */
    public void close(DataChannel channel, long now) {
        turn(now);
        if (channel.state() == DataChannelState.OPEN || channel.state() == DataChannelState.CONNECTING) {
            beginClosing(channel);
        }
    }

    /** Ends the association and all channels at once, as browsers do; {@link DataChannelEvent.Closed} follows. */
    public void abort(String text, long now) {
        turn(now);
        association.abort(text, now);
        digest();
    }

    /** Ends the association when everything is delivered; {@link DataChannelEvent.Closed} follows. */
    public void shutdown(long now) {
        turn(now);
        association.shutdown(now);
        digest();
    }

    private void turn(long now) {
        nowNanos = Math.max(nowNanos, now);
    }

    // ------------------------------------------------------------------ events of the association

    private void digest() {
        // Only as far as the owner polls: what it does not poll counts against the receive window.
        while (events.isEmpty()) {
            SctpEvent event = association.pollEvent();
            if (event == null) {
                return;
            }
            handle(event);
        }
    }

    private void handle(SctpEvent event) {
        if (event instanceof SctpEvent.MessageReceived message) {
            handleMessage(message);
        } else if (event instanceof SctpEvent.StreamsReset reset) {
            handleReset(reset.streams());
        } else if (event instanceof SctpEvent.ResetCompleted completed) {
            completed.streams().forEach(this::outgoingReset);
        } else if (event instanceof SctpEvent.BufferedAmountLow low) {
            DataChannel channel = channels.get(low.stream());
            if (channel != null) {
                events.add(new DataChannelEvent.BufferedAmountLow(channel));
            }
        } else if (event instanceof SctpEvent.Connected) {
            handleConnected();
        } else if (event instanceof SctpEvent.Restarted) {
            closeAll();
        } else if (event instanceof SctpEvent.Closed closed) {
            closeAll();
            events.add(new DataChannelEvent.Closed(closed.reason()));
        }
    }

    private void handleConnected() {
        events.add(new DataChannelEvent.Connected());
        for (DataChannel channel : new ArrayList<>(channels.values())) {
            if (channel.id() >= association.outboundStreams()) {
                // The peer takes fewer streams than we wanted.
                closed(channel);
            } else if (channel.state() == DataChannelState.OPEN) {
                events.add(new DataChannelEvent.ChannelOpened(channel));
            }
        }
    }

    private void closeAll() {
        new ArrayList<>(channels.values()).forEach(this::closed);
    }

    private void closed(DataChannel channel) {
        channel.enter(DataChannelState.CLOSED);
        channels.remove(channel.id());
        events.add(new DataChannelEvent.ChannelClosed(channel));
    }

    private void beginClosing(DataChannel channel) {
        channel.enter(DataChannelState.CLOSING);
        association.resetStreams(List.of(channel.id()), nowNanos);
        if (!association.supportsStreamReset()) {
            closed(channel);
        }
    }

    private void handleReset(List<Integer> streams) {
        // RFC 6525 §4.1: no streams means all.
        List<Integer> affected = streams.isEmpty() ? List.copyOf(channels.keySet()) : streams;
        for (int id : affected) {
            DataChannel channel = channels.get(id);
            if (channel != null) {
                channel.incomingReset();
                if (channel.state() != DataChannelState.CLOSING) {
                    // RFC 8831 §6.7: the answer to a reset is a reset.
                    beginClosing(channel);
                }
                closeWhenReset(channel);
            }
        }
    }

    private void outgoingReset(int id) {
        DataChannel channel = channels.get(id);
        if (channel != null && channel.state() == DataChannelState.CLOSING) {
            channel.outgoingReset();
            closeWhenReset(channel);
        }
    }

    private void closeWhenReset(DataChannel channel) {
        if (channel.isResetBothWays() && channel.state() == DataChannelState.CLOSING) {
            closed(channel);
        }
    }

    // ------------------------------------------------------------------ messages

    private void handleMessage(SctpEvent.MessageReceived message) {
        if (message.ppid() == PPID_DCEP) {
            handleDcep(message);
            return;
        }
        DataChannel channel = channels.get(message.stream());
        if (channel == null || channel.state() == DataChannelState.CLOSED) {
            association.count(SctpAnomaly.MESSAGE_WITHOUT_CHANNEL);
            return;
        }
        switch (message.ppid()) {
            case PPID_TEXT -> events.add(new DataChannelEvent.Message(channel, true, message.payload()));
            case PPID_BINARY -> events.add(new DataChannelEvent.Message(channel, false, message.payload()));
            case PPID_TEXT_EMPTY -> events.add(new DataChannelEvent.Message(channel, true, new byte[0]));
            case PPID_BINARY_EMPTY -> events.add(new DataChannelEvent.Message(channel, false, new byte[0]));
            default -> association.count(SctpAnomaly.UNKNOWN_PPID);
        }
    }

    private void handleDcep(SctpEvent.MessageReceived message) {
        byte[] payload = message.payload();
        DataChannel channel = channels.get(message.stream());
        if (payload[0] == DcepOpen.MESSAGE_ACK) {
            handleAck(channel);
            return;
        }
        DcepOpen open = DcepOpen.decode(payload);
        if (open == null) {
            association.count(SctpAnomaly.BAD_DCEP_MESSAGE);
        } else if (channel != null && channel.isResetByPeer()) {
            // The peer has closed the old channel on both sides already and uses the stream anew.
            closed(channel);
            acceptOrRefuse(open, message.stream());
        } else if (channel != null) {
            // RFC 8832 §6: an OPEN for a stream in use is a violation; the channel is not touched by it.
            association.count(SctpAnomaly.BAD_DCEP_MESSAGE);
        } else {
            acceptOrRefuse(open, message.stream());
        }
    }

    private void handleAck(@Nullable DataChannel channel) {
        if (channel == null || channel.isRemote() || channel.state() == DataChannelState.CLOSED) {
            association.count(SctpAnomaly.BAD_DCEP_MESSAGE);
            return;
        }
        channel.acknowledge();
        if (channel.state() == DataChannelState.CONNECTING) {
            channel.enter(DataChannelState.OPEN);
            events.add(new DataChannelEvent.ChannelOpened(channel));
        }
    }

    private void acceptOrRefuse(DcepOpen open, int id) {
        // RFC 8832 §6: the DTLS client opens on even identifiers.
        boolean peersParity = (id % 2 == 0) == (role == DtlsRole.SERVER);
        if (!peersParity
                || id >= association.outboundStreams()
                || channels.size() >= limits.channelsMax()
                || isTooLong(open.label())
                || isTooLong(open.protocol())) {
            association.count(SctpAnomaly.CHANNEL_REFUSED);
            // RFC 8832 §6: refused by a reset of the stream.
            if (id < association.outboundStreams()) {
                association.resetStreams(List.of(id), nowNanos);
            }
            return;
        }
        DataChannelOptions options =
                new DataChannelOptions(delivery(open), open.priority(), DataChannelOptions.IN_BAND);
        DataChannel channel = new DataChannel(id, open.label(), open.protocol(), options, true, DataChannelState.OPEN);
        channels.put(id, channel);
        association.sendUncounted(id, PPID_DCEP, new byte[] {DcepOpen.MESSAGE_ACK}, nowNanos);
        events.add(new DataChannelEvent.ChannelOpened(channel));
    }

    private int freeId() {
        int id = role == DtlsRole.CLIENT ? 0 : 1;
        while (channels.containsKey(id)) {
            id += 2;
        }
        return id;
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
        return text.getBytes(StandardCharsets.UTF_8).length > limits.labelBytesMax();
    }

    private void requireShort(String name, String text) {
        if (isTooLong(text)) {
            throw new IllegalArgumentException(name + " must have at most " + limits.labelBytesMax()
                    + " bytes of UTF-8, got " + text.getBytes(StandardCharsets.UTF_8).length);
        }
    }
}
