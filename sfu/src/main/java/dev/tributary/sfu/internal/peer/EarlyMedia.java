// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.peer;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Media that came before its keys. A sender may send as soon as its own handshake is done, and its first picture is the one
 * that the receiver cannot do without; our handshake ends a moment later, on another thread. Bounded: what does not fit is
 * dropped, the newest first, since a picture is of use from its beginning only.
 */
final class EarlyMedia {
    /** A key frame of 200 kB. */
    static final int PACKETS_MAX = 256;

    private final ArrayDeque<Packet> packets = new ArrayDeque<>();

    /** A packet, and where it came from. */
    record Packet(byte[] bytes, InetSocketAddress source) {}

    /** Keeps a copy; {@code false} when too many wait. */
    boolean keep(byte[] bytes, int offset, int length, InetSocketAddress source) {
        if (packets.size() >= PACKETS_MAX) {
            return false;
        }
        return packets.add(new Packet(Arrays.copyOfRange(bytes, offset, offset + length), source));
    }

    /** The next packet in the order of their coming, or null. */
    @Nullable
    Packet poll() {
        return packets.poll();
    }
}
