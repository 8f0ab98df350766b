// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.tx;

import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is: weighted fair queueing over the streams that have something to send (RFC 8831 §6.4, RFC 8260 §3.6).
 *
 * <p>Each stream has a virtual clock that advances by the bytes it sends, divided by its priority; the stream whose clock is
 * farthest behind has the turn. So a stream of twice the priority sends twice the bytes as long as both have some, streams
 * of one priority share evenly, whatever the size of their messages, and none waits for ever. A stream that was idle begins
 * at the present, which is the clock of the stream that is served: it cannot save up turns. When all were idle, nobody is
 * held responsible for what it sent before.
 *
 * <p>Not thread-safe.
 */
final class Turns {
    private static final Comparator<OutgoingStream> FARTHEST_BEHIND =
            Comparator.<OutgoingStream>comparingDouble(stream -> stream.clock).thenComparingLong(stream -> stream.turn);

    private final PriorityQueue<OutgoingStream> waiting = new PriorityQueue<>(FARTHEST_BEHIND);
    private double present;
    private double latest;
    private long turns;

    /** A stream waits for its turn. */
    void add(OutgoingStream stream) {
        stream.scheduled = true;
        stream.clock = Math.max(present, stream.clock);
        stream.turn = turns++;
        waiting.add(stream);
    }

    /** The stream whose turn it is, which no longer waits. */
    @Nullable
    OutgoingStream poll() {
        OutgoingStream stream = waiting.poll();
        if (stream == null) {
            present = latest;
            return null;
        }
        stream.scheduled = false;
        present = stream.clock;
        return stream;
    }

    /** The stream that has the turn has sent so much. */
    void used(OutgoingStream stream, int bytes) {
        stream.clock += (double) bytes / stream.priority;
        latest = Math.max(latest, stream.clock);
    }

    void clear() {
        waiting.forEach(stream -> stream.scheduled = false);
        waiting.clear();
    }
}
