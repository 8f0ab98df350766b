// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * A protocol endpoint without sockets, threads or clocks. ICE agents, data channel associations and whole peers are all
 * driven in the same way, by a media loop in production and by a simulated network in tests.
 *
 * <p><b>Drive contract: mutate, then drain.</b> After any call that changes the endpoint (a {@code handle…} method or an
 * application verb of the concrete type), call {@link #pollTransmit} until it returns {@code false}, then the concrete
 * type's {@code pollEvent} until it returns {@code null}, then read {@link #nextTimeoutNanos} once. The returned
 * deadline is stale after the next mutation.
 *
 * <p><b>Time</b> is monotonic, in nanoseconds, non-negative and starts near zero. One reading is taken for each turn of
 * the loop and handed down. Time that goes backwards is treated as no time passed.
 *
 * <p><b>Hostile input</b> never throws: a datagram that makes no sense is dropped and counted.
 *
 * <p>Implementations are not thread-safe: one event loop owns an endpoint.
 */
public interface DatagramProtocol {
    /** The deadline of an endpoint that waits for nothing. */
    long NEVER = Long.MAX_VALUE;

    /**
     * Takes one received datagram.
     *
     * @param datagram an array-backed buffer whose remaining bytes are the datagram; borrowed for the duration of the
     *     call, and its bytes may be changed (media is decrypted in place)
     * @param source where the datagram came from
     * @param nowNanos the time of this turn of the loop
     */
    void handleDatagram(ByteBuffer datagram, InetSocketAddress source, long nowNanos);

    /**
     * Fires everything that is due.
     *
     * @param nowNanos the time of this turn of the loop
     */
    void handleTimeout(long nowNanos);

    /**
     * Writes the next datagram to send into the caller's slot.
     *
     * @param out cleared and filled when there is something to send
     * @return {@code false} when there is nothing more to send
     */
    boolean pollTransmit(Transmit out);

    /**
     * The time at which {@link #handleTimeout} wants to be called.
     *
     * @return a deadline on the clock of {@code nowNanos}, or {@link #NEVER}
     */
    long nextTimeoutNanos();
}
