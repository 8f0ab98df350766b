// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.udp;

/**
 * One more socket of a media loop, on a port of its own: the same thread, clock and rules, another pair of addresses. For
 * sessions that we begin: two of them to one server would share both addresses on the loop's own socket, and no datagram
 * could be told apart.
 */
public interface MediaSocket extends MediaLoop, AutoCloseable {
    /** The UDP port. */
    int port();

    /** Closes the socket; what was sent in this turn still leaves. Idempotent. For the loop's own thread. */
    @Override
    void close();
}
