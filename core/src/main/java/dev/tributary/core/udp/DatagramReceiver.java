// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.udp;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * What a media loop hands its datagrams to. One receiver belongs to one loop and is called on its thread only. It must
 * not block. What it throws is caught, counted and logged (rarely), and the next datagram goes on.
 */
public interface DatagramReceiver {
    /**
     * Takes one datagram.
     *
     * @param datagram an array-backed buffer whose remaining bytes are the datagram; borrowed for the duration of the
     *     call, and its bytes may be changed
     * @param source where it came from
     * @param nowNanos the time of this turn of the loop
     */
    void receive(ByteBuffer datagram, InetSocketAddress source, long nowNanos);

    /**
     * Told when a batch of datagrams is through, before what has been sent meanwhile is flushed: the moment to drain what
     * the batch has made ready, so that all packets for one destination leave together.
     */
    default void batchEnded(long nowNanos) {}
}
