// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import dev.tributary.core.DatagramProtocol;
import dev.tributary.core.rtp.RtcpWriter;

/**
 * The packets of one incoming stream that are missing, and when to ask for them (RFC 4585 section 6.2.1): shortly after
 * the gap shows, as it may be mere reordering, then once an RTT, ten times at most. Too many missing ones are given up:
 * then only a key frame helps.
 *
 * <p>Not thread-safe: owned by the publisher's loop.
 */
final class NackTracker {
    private final long[] missing = new long[ForwardLimits.NACK_MISSING_MAX];
    private final long[] dueNanos = new long[ForwardLimits.NACK_MISSING_MAX];
    private final byte[] tries = new byte[ForwardLimits.NACK_MISSING_MAX];
    private int count;
    private long nextDueNanos = DatagramProtocol.NEVER;

    /**
     * Notes that all numbers from {@code from} to before {@code to} are missing.
     *
     * @return {@code false} if they are too many: everything is given up
     */
    boolean gap(long from, long to, long nowNanos) {
        if (to - from > ForwardLimits.NACK_MISSING_MAX - count) {
            clear();
            return false;
        }
        for (long sequence = from; sequence < to; sequence++) {
            missing[count] = sequence;
            dueNanos[count] = nowNanos + ForwardLimits.NACK_GUARD_NANOS;
            tries[count] = 0;
            count++;
        }
        if (to > from) {
            nextDueNanos = Math.min(nextDueNanos, nowNanos + ForwardLimits.NACK_GUARD_NANOS);
        }
        return true;
    }

    /** Notes that a packet has come after all; whether it was being missed. */
    boolean arrived(long sequence) {
        for (int i = 0; i < count; i++) {
            if (missing[i] == sequence) {
                remove(i, 1);
                return true;
            }
        }
        return false;
    }

    /** Gives up what is older than a key frame: nobody needs it any more. */
    void giveUpBefore(long sequence) {
        int old = 0;
        while (old < count && missing[old] < sequence) {
            old++;
        }
        remove(0, old);
    }

    void clear() {
        count = 0;
        nextDueNanos = DatagramProtocol.NEVER;
    }

    int missingCount() {
        return count;
    }

    long nextDueNanos() {
        return nextDueNanos;
    }

    /**
     * Writes a NACK for everything due.
     *
     * @return how many packets were given up because they were asked for often enough
     */
    int write(RtcpWriter writer, int senderSsrc, int mediaSsrc, long roundTripNanos, long nowNanos) {
        if (nowNanos < nextDueNanos) {
            return 0;
        }
        long retryNanos = Math.max(ForwardLimits.NACK_RETRY_NANOS_MIN, roundTripNanos);
        int givenUp = 0;
        boolean open = false;
        long entry = -1;
        int bitmask = 0;
        nextDueNanos = DatagramProtocol.NEVER;
        for (int i = 0; i < count; i++) {
            if (dueNanos[i] <= nowNanos && tries[i] == ForwardLimits.NACK_TRIES_MAX) {
                remove(i--, 1);
                givenUp++;
                continue;
            }
            if (dueNanos[i] <= nowNanos && (open || writer.nack(senderSsrc, mediaSsrc))) {
                open = true;
                long distance = missing[i] - entry;
                if (entry >= 0 && distance <= 16) {
                    bitmask |= 1 << (int) distance - 1;
                } else {
                    if (entry >= 0 && !writer.nackEntry((int) entry, bitmask)) {
                        entry = -1;
                        nextDueNanos = nowNanos;
                        break;
                    }
                    entry = missing[i];
                    bitmask = 0;
                }
                tries[i]++;
                dueNanos[i] = nowNanos + retryNanos;
            }
            nextDueNanos = Math.min(nextDueNanos, dueNanos[i]);
        }
        if (entry >= 0) {
            boolean unused = writer.nackEntry((int) entry, bitmask);
        }
        return givenUp;
    }

    private void remove(int index, int removed) {
        int rest = count - index - removed;
        System.arraycopy(missing, index + removed, missing, index, rest);
        System.arraycopy(dueNanos, index + removed, dueNanos, index, rest);
        System.arraycopy(tries, index + removed, tries, index, rest);
        count -= removed;
        if (count == 0) {
            nextDueNanos = DatagramProtocol.NEVER;
        }
    }
}
