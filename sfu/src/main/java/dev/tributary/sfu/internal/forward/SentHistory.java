// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import java.util.Arrays;

/**
 * What became of incoming packets on their way out, for the last few hundred of them: enough to make any of them again
 * from the ring when the subscriber asks.
 *
 * <p>Not thread-safe.
 */
final class SentHistory {
    private final int mask;
    private final long[] outgoing;
    private final long[] incoming;
    private final long[] resentNanos;
    private final int[] timestamps;
    private final int[] projections;
    private final byte[] resends;

    SentHistory(int packets) {
        mask = packets - 1;
        outgoing = new long[packets];
        Arrays.fill(outgoing, -1);
        incoming = new long[packets];
        resentNanos = new long[packets];
        timestamps = new int[packets];
        projections = new int[packets];
        resends = new byte[packets];
    }

    void record(long outgoingSequence, long incomingSequence, int outgoingTimestamp, int projection) {
        int slot = (int) outgoingSequence & mask;
        if (outgoing[slot] > outgoingSequence) {
            return; // so late that its slot belongs to a newer one
        }
        outgoing[slot] = outgoingSequence;
        incoming[slot] = incomingSequence;
        timestamps[slot] = outgoingTimestamp;
        projections[slot] = projection;
        resends[slot] = 0;
    }

    boolean contains(long outgoingSequence) {
        return outgoingSequence >= 0 && outgoing[(int) outgoingSequence & mask] == outgoingSequence;
    }

    long incoming(long outgoingSequence) {
        return incoming[(int) outgoingSequence & mask];
    }

    int timestamp(long outgoingSequence) {
        return timestamps[(int) outgoingSequence & mask];
    }

    int projection(long outgoingSequence) {
        return projections[(int) outgoingSequence & mask];
    }

    /** Whether a packet may be sent again: not within an RTT of the last time, and not too often. */
    boolean takeResend(long outgoingSequence, long roundTripNanos, long nowNanos) {
        int slot = (int) outgoingSequence & mask;
        if (resends[slot] >= ForwardLimits.RESENDS_MAX
                || resends[slot] > 0 && nowNanos - resentNanos[slot] < roundTripNanos) {
            return false;
        }
        resends[slot]++;
        resentNanos[slot] = nowNanos;
        return true;
    }
}
