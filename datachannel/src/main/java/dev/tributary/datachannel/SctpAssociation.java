// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

import dev.tributary.datachannel.internal.association.Association;
import dev.tributary.datachannel.internal.tx.OutgoingMessage;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One SCTP association (RFC 9260) over any transport that carries packets: streams of messages, ordered or not, reliable or
 * not. Without sockets, threads or clocks.
 *
 * <pre>{@code
 * var association = new SctpAssociation(SctpSettings.DEFAULT, new SecureRandom());
 * association.connect(now);                                  // both sides may
 * association.handlePacket(packet, now);                     // what the transport received
 * while (association.pollTransmit(out)) transport.send(out); // then drain packets,
 * while ((event = association.pollEvent()) != null) …        // then events,
 * timer.set(association.nextTimeoutNanos());                 // then arm the one timer
 * }</pre>
 *
 * <p><b>Drive contract: mutate, then drain.</b> After each call of a method that takes a time, poll the packets until
 * {@code false}, the events until {@code null}, and read {@link #nextTimeoutNanos} once. Events that are not polled count
 * against the receive window: that is the back-pressure.
 *
 * <p><b>Hostile input</b> never throws; it is counted by kind in {@link #statistics}.
 *
 * <p>Implements, beside RFC 9260: partial reliability (RFC 3758), immediate SACKs (RFC 7053), stream reset (RFC 6525),
 * interleaving (RFC 8260) and zero checksums (RFC 9653) when both sides offer them. Not: multihoming, ECN, authentication,
 * adding streams, path MTU discovery.
 *
 * <p>Not thread-safe: one event loop owns an association.
 */
public final class SctpAssociation {
    private final Association association;

    /**
     * An association that waits for {@link #connect} or for the peer's INIT.
     *
     * @param settings how it behaves
     * @param random where verification tags, initial TSNs and the key of the state cookie come from: a
     *     {@link java.security.SecureRandom} in production
     */
    public SctpAssociation(SctpSettings settings, RandomGenerator random) {
        this.association = new Association(settings, random);
    }

    /** Where it stands. */
    public SctpState state() {
        return association.state();
    }

    /** Begins the handshake, unless it has begun. Both sides may call it: the collision leads to one association. */
    public void connect(long nowNanos) {
        association.connect(nowNanos);
    }

    /**
     * Takes one received packet.
     *
     * @param packet an array-backed buffer whose remaining bytes are the packet; borrowed for the duration of the call
     */
    public void handlePacket(ByteBuffer packet, long nowNanos) {
        association.handlePacket(packet, nowNanos);
    }

    /** Fires every timer that is due. */
    public void handleTimeout(long nowNanos) {
        association.handleTimeout(nowNanos);
    }

    /**
     * Writes the next packet to send.
     *
     * @param out an array-backed buffer of at least {@link SctpSettings#mtuBytes} bytes; cleared, filled and flipped when
     *     there is something to send
     * @return {@code false} when there is nothing more to send
     */
    public boolean pollTransmit(ByteBuffer out) {
        return association.pollTransmit(out);
    }

    /** The next event, or {@code null} when there is none. */
    public @Nullable SctpEvent pollEvent() {
        return association.pollEvent();
    }

    /** When {@link #handleTimeout} is to be called, or {@link Long#MAX_VALUE}; stale after any other call. */
    public long nextTimeoutNanos() {
        return association.nextTimeoutNanos();
    }

    /**
     * Queues a message. Before the handshake is done it waits.
     *
     * @param stream 0..65534
     * @param ppid the payload protocol identifier, handed to the peer as it is
     * @param payload at least one byte; the association's own from now on
     * @throws IllegalArgumentException if the payload is empty, which SCTP cannot carry, or the stream out of range
     */
    public SendStatus send(int stream, int ppid, byte[] payload, SendOptions options, long nowNanos) {
        if (payload.length == 0) {
            throw new IllegalArgumentException("SCTP carries no empty message; RFC 8831 §6.6 has a way around it");
        }
        requireStream(stream);
        return association.send(stream, ppid, payload, options, true, nowNanos);
    }

    /**
     * Begins a message whose bytes are written later, in pieces. It has its place among the messages of its stream from now
     * on.
     *
     * @param sizeBytes its whole size, 1.. and within {@link SctpSettings#remoteMessageBytesMax}
     * @return {@code null} when the stream is closing, is closed, or does not exist
     * @throws IllegalArgumentException if the size or the stream is out of range
     */
    public @Nullable MessageWriter beginMessage(
            int stream, int ppid, int sizeBytes, SendOptions options, long nowNanos) {
        requireStream(stream);
        int max = association.remoteMessageBytesMax();
        if (sizeBytes < 1 || (max > 0 && sizeBytes > max)) {
            throw new IllegalArgumentException(
                    "sizeBytes must be 1.." + (max == 0 ? "" : max) + " (a=max-message-size), got " + sizeBytes);
        }
        OutgoingMessage message = association.begin(stream, ppid, sizeBytes, options, nowNanos);
        return message == null ? null : new MessageWriter(association, message);
    }

    /**
     * Sets how much of the bandwidth a stream gets when several have something to send (RFC 8831 §6.4): one of twice the
     * priority sends twice the bytes. It holds until the stream is reset.
     *
     * @param priority 1..65535; 256 is what a stream has that was not told
     * @throws IllegalArgumentException if the stream or the priority is out of range
     */
    public void streamPriority(int stream, int priority) {
        requireStream(stream);
        if (priority < 1 || priority > 65_535) {
            throw new IllegalArgumentException("priority must be 1..65535, got " + priority);
        }
        association.priority(stream, priority);
    }

    /**
     * Resets outgoing streams (RFC 6525): when what waits on them is sent, the peer is told that no more will come, and
     * {@link SctpEvent.ResetCompleted} follows. Until then {@link #send} on them is refused.
     *
     * @throws IllegalArgumentException if a stream is out of range
     */
    public void resetStreams(List<Integer> streams, long nowNanos) {
        streams.forEach(SctpAssociation::requireStream);
        association.resetStreams(streams, nowNanos);
    }

    /** Whether the peer takes part in stream resets; true as long as that is not known. */
    public boolean supportsStreamReset() {
        return association.supportsStreamReset();
    }

    /** How many streams there are to send on, 1..65535; what we want as long as the peer has not answered. */
    public int outboundStreams() {
        return association.outboundStreams();
    }

    /** Payload bytes that wait on a stream and were never sent. */
    public long bufferedAmountBytes(int stream) {
        return association.bufferedBytes(stream);
    }

    /** Sets the amount at which {@link SctpEvent.BufferedAmountLow} is told, when it is reached from above. */
    public void bufferedAmountLowThreshold(int stream, long bytes) {
        requireStream(stream);
        association.lowThreshold(stream, bytes);
    }

    /** Ends the association when everything that waits is acknowledged; {@link SctpEvent.Closed} follows. */
    public void shutdown(long nowNanos) {
        association.shutdown(nowNanos);
    }

    /** Ends the association at once: what waits is lost. The peer gets the text. */
    public void abort(String text, long nowNanos) {
        association.abort(text, nowNanos);
    }

    /** What happened so far. */
    public SctpStatistics statistics() {
        return association.statistics();
    }

    /** Queues a message of a protocol between us and the application, which has no part in the buffered amount. */
    void sendUncounted(int stream, int ppid, byte[] payload, long nowNanos) {
        association.send(stream, ppid, payload, SendOptions.RELIABLE, false, nowNanos);
    }

    void count(SctpAnomaly anomaly) {
        association.count(anomaly);
    }

    private static void requireStream(int stream) {
        if (stream < 0 || stream > 65_534) {
            throw new IllegalArgumentException("stream must be 0..65534, got " + stream);
        }
    }
}
