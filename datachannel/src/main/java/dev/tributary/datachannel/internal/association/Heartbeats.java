// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.association;

import dev.tributary.datachannel.internal.wire.PlainChunk;
import java.nio.ByteBuffer;

/**
 * Signs of life on an idle path (RFC 9260 §8.3): when nothing was heard for the interval, the peer is asked, and its answer
 * measures the round trip.
 *
 * <p>Not thread-safe.
 */
final class Heartbeats {
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final Association association;
    private final long intervalNanos;
    private long lastHeardNanos;
    private int nonce;
    private boolean unanswered;

    Heartbeats(Association association) {
        this.association = association;
        this.intervalNanos = association.settings.heartbeatMillis() * NANOS_PER_MILLI;
    }

    void heard(long nowNanos) {
        lastHeardNanos = nowNanos;
    }

    void schedule(long nowNanos) {
        if (intervalNanos > 0) {
            // RFC 9260 §8.3: the interval, and a time-out on top.
            association.timers.set(Timers.Kind.HEARTBEAT, nowNanos + intervalNanos + association.timeout.nanos());
        }
    }

    void handleTimer(long nowNanos) {
        if (unanswered && association.giveUpUnanswered()) {
            return;
        }
        if (unanswered || nowNanos - lastHeardNanos >= intervalNanos) {
            nonce = association.random.nextInt();
            unanswered = true;
            association.control.add(PlainChunk.heartbeat(nowNanos, nonce));
        }
        schedule(nowNanos);
    }

    void handleAck(ByteBuffer in, int offset, int lengthBytes, long nowNanos) {
        long sent = PlainChunk.heartbeatSentNanos(in, offset, lengthBytes, nonce);
        if (unanswered && sent >= 0 && sent <= nowNanos) {
            unanswered = false;
            association.timeout.measured(nowNanos - sent);
            association.answered();
        }
    }
}
