// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.tx;

import dev.tributary.datachannel.SendOptions;

/** A message on its way out. */
public final class OutgoingMessage {
    final OutgoingStream stream;
    final int ppid;
    final byte[] payload;
    final boolean unordered;
    final int maxRetransmits;
    final long deadlineNanos;
    /** Whether it is part of the buffered amount of its stream. */
    final boolean counted;

    /** SSN or MID; given when the first fragment is cut. */
    int number;

    int sentBytes;
    int fragmentCount;
    long firstTsn;
    long lastTsn;
    boolean abandoned;

    OutgoingMessage(
            OutgoingStream stream, int ppid, byte[] payload, SendOptions options, long deadlineNanos, boolean counted) {
        this.counted = counted;
        this.stream = stream;
        this.ppid = ppid;
        this.payload = payload;
        this.unordered = !options.ordered();
        this.maxRetransmits = options.maxRetransmits();
        this.deadlineNanos = deadlineNanos;
    }

    boolean isCut() {
        return fragmentCount > 0;
    }

    int unsentBytes() {
        return payload.length - sentBytes;
    }

    /** Whether it is not worth sending any more; the count looks at one fragment that would be sent once more. */
    boolean isExpired(long nowNanos) {
        return nowNanos >= deadlineNanos;
    }
}
