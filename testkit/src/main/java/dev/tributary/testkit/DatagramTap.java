// SPDX-License-Identifier: Apache-2.0
package dev.tributary.testkit;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** Sees every datagram that a protocol sends, before the link touches it, and may drop it. */
@FunctionalInterface
public interface DatagramTap {
    /**
     * Looks at one datagram.
     *
     * @param from the sender's address
     * @param to the destination
     * @param datagram a read-only view of the bytes, borrowed for the call
     * @return {@code false} to drop the datagram
     */
    boolean pass(InetSocketAddress from, InetSocketAddress to, ByteBuffer datagram);
}
