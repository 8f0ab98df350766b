// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A caller-owned slot for one outgoing datagram: the bytes and where they go. One slot is reused for every datagram of a
 * loop, so that sending allocates nothing.
 *
 * <p>Not thread-safe: owned by the loop that drains a {@link DatagramProtocol}.
 */
public final class Transmit {
    /** Room for one datagram: no protocol of ours sends more than a path of 1,500 bytes carries. */
    public static final int CAPACITY_BYTES = 2048;

    private final ByteBuffer buffer = ByteBuffer.allocate(CAPACITY_BYTES);
    private @Nullable InetSocketAddress destination;

    /**
     * The array-backed buffer of this slot. Writers call {@link #clear} first, put their bytes and then {@link #ready};
     * readers take what remains.
     */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** Where the datagram goes. */
    public InetSocketAddress destination() {
        if (destination == null) {
            throw new IllegalStateException("No datagram in this slot; pollTransmit returned false or was not called");
        }
        return destination;
    }

    /** Empties the slot, so that a writer can put a datagram into {@link #buffer}. */
    public Transmit clear() {
        buffer.clear();
        destination = null;
        return this;
    }

    /** Ends writing: the bytes put since {@link #clear} become the datagram. */
    public void ready(InetSocketAddress to) {
        buffer.flip();
        destination = to;
    }
}
