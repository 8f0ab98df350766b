// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.association;

import dev.tributary.datachannel.SctpAnomaly;
import dev.tributary.datachannel.internal.wire.PacketHeader;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Control chunks that wait to be sent: alone in a packet under a tag of their own (INIT, INIT ACK, ABORT, SHUTDOWN
 * COMPLETE), or together with others. Bounded; what does not fit is dropped as if the network had lost it.
 *
 * <p>Not thread-safe.
 */
final class ControlQueue {
    private record Alone(int tag, byte[] chunk) {}

    private final ArrayDeque<Alone> alone = new ArrayDeque<>();
    private final ArrayDeque<byte[]> together = new ArrayDeque<>();
    private final int countMax;
    private final int chunkBytesMax;
    private final Anomalies anomalies;

    ControlQueue(int countMax, int chunkBytesMax, Anomalies anomalies) {
        this.countMax = countMax;
        this.chunkBytesMax = chunkBytesMax;
        this.anomalies = anomalies;
    }

    void addAlone(int tag, byte[] chunk) {
        if (hasRoom(chunk)) {
            alone.add(new Alone(tag, chunk));
        }
    }

    void add(byte[] chunk) {
        if (hasRoom(chunk)) {
            together.add(chunk);
        }
    }

    /** Forgets what would go to a peer that is no longer there. */
    void clear() {
        alone.clear();
        together.clear();
    }

    /** Writes the next packet that a chunk has for itself; false when there is none. */
    boolean writeAlone(ByteBuffer out, int localPort, int remotePort) {
        Alone next = alone.poll();
        if (next == null) {
            return false;
        }
        PacketHeader.write(out, localPort, remotePort, next.tag);
        out.put(next.chunk);
        PacketHeader.seal(out, 0);
        return true;
    }

    /** Writes as many of the other chunks as fit. */
    void writeTogether(ByteBuffer out, int limit) {
        byte @Nullable [] chunk = together.peek();
        while (chunk != null && chunk.length <= limit - out.position()) {
            out.put(chunk);
            together.remove();
            chunk = together.peek();
        }
    }

    private boolean hasRoom(byte[] chunk) {
        if (chunk.length <= chunkBytesMax && alone.size() + together.size() < countMax) {
            return true;
        }
        anomalies.count(SctpAnomaly.CONTROL_QUEUE_FULL);
        return false;
    }
}
