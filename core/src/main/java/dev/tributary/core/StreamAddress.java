// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * Where datagrams come from and go to that travel over a TCP connection (RFC 4571), so that everything above sees nothing
 * but addresses: one that belongs to this connection alone, out of the block that leads nowhere (100::/64, RFC 6666).
 * A peer's UDP address that happens to have the same numbers is therefore another one. Immutable; equal to no other
 * connection's address.
 */
public final class StreamAddress extends InetSocketAddress {
    private static final long serialVersionUID = 1L;
    private static final byte[] DISCARD_PREFIX = {1, 0, 0, 0, 0, 0, 0, 0};

    /** RFC 863: the port of discard; no datagram is ever sent there. */
    private static final int DISCARD_PORT = 9;

    private final InetSocketAddress remote;
    private final transient Outlet outlet;

    /** Writes a datagram to the connection. Thread-safe, and does not block. */
    @FunctionalInterface
    public interface Outlet {
        /** Sends; the bytes are read before the call returns. What cannot be sent now is dropped, as a network would. */
        void send(byte[] bytes, int offset, int length);
    }

    /**
     * The address of a connection.
     *
     * @param connection a number that no other connection of this process has or had
     * @param remote the other end, as TCP knows it
     * @param outlet writes to the connection
     */
    public StreamAddress(long connection, InetSocketAddress remote, Outlet outlet) {
        super(discard(connection), DISCARD_PORT);
        this.remote = remote;
        this.outlet = outlet;
    }

    private static InetAddress discard(long connection) {
        byte[] address =
                ByteBuffer.allocate(16).put(DISCARD_PREFIX).putLong(connection).array();
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("Sixteen bytes are an address", e);
        }
    }

    /** The other end of the connection. */
    public InetSocketAddress remote() {
        return remote;
    }

    /** Sends a datagram over the connection. */
    public void send(byte[] bytes, int offset, int length) {
        outlet.send(bytes, offset, length);
    }

    /** How an address looks to its owner: the other end of the connection for streams, the address itself otherwise. */
    public static InetSocketAddress visible(InetSocketAddress address) {
        return address instanceof StreamAddress stream ? stream.remote : address;
    }
}
