// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import dev.tributary.core.DatagramProtocol;

/**
 * When to ask a publisher for a key frame of one layer: the first request at once, all that come within the next moments
 * with it, and again after a second for as long as none has come. Many viewers that join together cost one key frame.
 *
 * <p>Not thread-safe: owned by the publisher's loop.
 */
final class KeyFrameRequests {
    private long lastSentNanos = Long.MIN_VALUE / 2;
    private long dueNanos = DatagramProtocol.NEVER;
    private int retries;
    private int firSequence = -1;

    /** Somebody needs a key frame. */
    void request(long roundTripNanos, long nowNanos) {
        long earliest = lastSentNanos + Math.max(ForwardLimits.KEY_FRAME_REQUEST_NANOS_MIN, roundTripNanos);
        dueNanos = Math.min(dueNanos, Math.max(nowNanos, earliest));
        retries = 0;
    }

    /** A key frame has begun to arrive: nothing more to ask for. */
    void keyFrameArrived() {
        dueNanos = DatagramProtocol.NEVER;
        retries = 0;
    }

    long nextDueNanos() {
        return dueNanos;
    }

    /** Whether the request is to be sent now; if so, the next repetition is planned. */
    boolean take(long nowNanos) {
        if (nowNanos < dueNanos) {
            return false;
        }
        lastSentNanos = nowNanos;
        retries++;
        dueNanos = retries > ForwardLimits.KEY_FRAME_RETRIES_MAX
                ? DatagramProtocol.NEVER
                : nowNanos + ForwardLimits.KEY_FRAME_RETRY_NANOS;
        return true;
    }

    /** RFC 5104 section 4.3.1.1: a new command has a new number. */
    int nextFirSequence() {
        firSequence = firSequence + 1 & 0xFF;
        return firSequence;
    }
}
