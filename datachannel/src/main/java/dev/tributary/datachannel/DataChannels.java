// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
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
    private static final int PPID_TEXT = 51;
    private static final int PPID_BINARY = 53;
    private static final int PPID_TEXT_EMPTY = 56;
    private static final int PPID_BINARY_EMPTY = 57;

    private final SctpAssociation association;
    private final ChannelTable table;
    private final Establishment establishment;
    private final Closing closing;
    private long nowNanos;

    /**
     * Channels that wait for {@link #connect} or for the peer.
     *
     * @param role which side of DTLS we are: decides who may use which identifiers
     * @param settings how the association behaves
     * @param random a {@link java.security.SecureRandom} in production
     */
    public DataChannels(DtlsRole role, SctpSettings settings, RandomGenerator random) {
        this.association = new SctpAssociation(settings, random);
        this.table = new ChannelTable(role, settings.limits().channelsMax());
        this.closing = new Closing(association, table);
        this.establishment =
                new Establishment(association, table, settings.limits().labelBytesMax());
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
        return table.pollEvent();
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
        return table.all();
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
        return establishment.open(label, protocol, options, now);
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

    private static boolean isSendable(DataChannel channel) {
        return channel.state() == DataChannelState.OPEN || channel.state() == DataChannelState.CONNECTING;
    }

    private SendStatus send(DataChannel channel, byte[] bytes, int ppid, long now) {
        turn(now);
        if (!isSendable(channel)) {
            return SendStatus.NOT_OPEN;
        }
        // RFC 8831 §6.6: an empty message is one zero byte under an identifier of its own.
        byte[] payload = bytes.length == 0 ? new byte[1] : bytes;
        return association.send(channel.id(), ppid, payload, channel.deliveryNow(), now);
    }

    /**
     * Begins a message whose bytes are written later, in pieces: for one that is too large to be held whole.
     *
     * @param sizeBytes its whole size, 1.. and within {@link SctpSettings#remoteMessageBytesMax}
     * @return {@code null} when the channel is closing or closed
     * @throws IllegalArgumentException if the size is out of range
     */
    public @Nullable MessageWriter beginMessage(DataChannel channel, boolean isText, int sizeBytes, long now) {
        turn(now);
        return isSendable(channel)
                ? association.beginMessage(
                        channel.id(), isText ? PPID_TEXT : PPID_BINARY, sizeBytes, channel.deliveryNow(), now)
                : null;
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
        if (isSendable(channel)) {
            closing.begin(channel, nowNanos);
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
        while (table.hasNoEvents()) {
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
            closing.handleReset(reset.streams(), nowNanos);
        } else if (event instanceof SctpEvent.ResetCompleted completed) {
            closing.outgoingReset(completed.streams());
        } else if (event instanceof SctpEvent.BufferedAmountLow low) {
            DataChannel channel = table.get(low.stream());
            if (channel != null) {
                table.tell(new DataChannelEvent.BufferedAmountLow(channel));
            }
        } else if (event instanceof SctpEvent.Writable writable) {
            DataChannel channel = table.get(writable.stream());
            if (channel != null) {
                table.tell(new DataChannelEvent.Writable(channel));
            }
        } else if (event instanceof SctpEvent.Connected) {
            handleConnected();
        } else if (event instanceof SctpEvent.Restarted) {
            table.closeAll();
        } else if (event instanceof SctpEvent.Closed closed) {
            table.closeAll();
            table.tell(new DataChannelEvent.Closed(closed.reason()));
        }
    }

    private void handleConnected() {
        table.tell(new DataChannelEvent.Connected());
        for (DataChannel channel : table.all()) {
            if (channel.id() >= association.outboundStreams()) {
                // The peer takes fewer streams than we wanted.
                table.closed(channel);
            } else if (channel.state() == DataChannelState.OPEN) {
                table.tell(new DataChannelEvent.ChannelOpened(channel));
            }
        }
    }

    private void handleMessage(SctpEvent.MessageReceived message) {
        if (message.ppid() == Establishment.PPID) {
            establishment.handle(message.stream(), message.payload(), nowNanos);
            return;
        }
        DataChannel channel = table.get(message.stream());
        if (channel == null) {
            association.count(SctpAnomaly.MESSAGE_WITHOUT_CHANNEL);
            return;
        }
        switch (message.ppid()) {
            case PPID_TEXT -> table.tell(new DataChannelEvent.Message(channel, true, message.payload()));
            case PPID_BINARY -> table.tell(new DataChannelEvent.Message(channel, false, message.payload()));
            case PPID_TEXT_EMPTY -> table.tell(new DataChannelEvent.Message(channel, true, new byte[0]));
            case PPID_BINARY_EMPTY -> table.tell(new DataChannelEvent.Message(channel, false, new byte[0]));
            default -> association.count(SctpAnomaly.UNKNOWN_PPID);
        }
    }
}
