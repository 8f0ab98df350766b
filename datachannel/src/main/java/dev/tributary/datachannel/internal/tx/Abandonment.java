// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.tx;

import dev.tributary.datachannel.SendOptions;
import dev.tributary.datachannel.internal.tx.OutgoingChunk.State;
import dev.tributary.datachannel.internal.wire.ForwardTsnChunk;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Partial reliability on the sender's side (RFC 3758 §3.5): which messages are given up, and the FORWARD TSN that tells
 * the peer not to wait for them.
 *
 * <p>Not thread-safe.
 */
final class Abandonment {
    private static final long QUIET_NANOS_MAX = 200_000_000L;
    private static final long QUIET_NANOS_MIN = 1_000_000L;

    /** A peer may take a moment to answer; asking more often than that serves nobody. */
    private static final long REPEAT_NANOS_MIN = 30_000_000L;

    private static final int REPEAT_SHIFT_MAX = 2;

    private final Outstanding outstanding;
    private final SendQueue queue;
    private final boolean agreed;
    private final boolean interleaved;
    /** RFC 3758 §3.5: Advanced.Peer.Ack.Point. */
    private long advancedPoint;

    private boolean forwardTsnDue;
    private long quietUntilNanos;
    private int repeats;
    private long abandonedMessages;

    /** {@code agreed} says whether both sides know partial reliability; without it nothing is ever given up. */
    Abandonment(Outstanding outstanding, SendQueue queue, boolean agreed, boolean interleaved) {
        this.outstanding = outstanding;
        this.queue = queue;
        this.agreed = agreed;
        this.interleaved = interleaved;
        this.advancedPoint = outstanding.cumulativeTsn();
    }

    long abandonedMessages() {
        return abandonedMessages;
    }

    /** Whether a message of which something was sent is not worth any more. */
    boolean isExpired(OutgoingMessage message, long nowNanos) {
        return agreed && message.isExpired(nowNanos);
    }

    /** Whether a chunk that is lost is not worth being sent again. */
    boolean isGivenUp(OutgoingChunk chunk, long nowNanos) {
        OutgoingMessage message = chunk.message();
        return agreed
                && (message.isExpired(nowNanos)
                        || (message.maxRetransmits != SendOptions.UNLIMITED
                                && chunk.transmissions > message.maxRetransmits));
    }

    /** Gives up every message that has a lost chunk which is not worth being sent again. */
    void abandonLost(long nowNanos) {
        for (long tsn = outstanding.cumulativeTsn() + 1; tsn < outstanding.nextTsn() && agreed; tsn++) {
            OutgoingChunk chunk = outstanding.at(tsn);
            if (chunk != null && chunk.state == State.TO_RETRANSMIT && isGivenUp(chunk, nowNanos)) {
                abandon(chunk.message());
            }
        }
    }

    /** Gives up a message because its sender wants so; false when that was not agreed on. */
    boolean giveUp(OutgoingMessage message) {
        if (agreed && !message.abandoned) {
            abandon(message);
        }
        return agreed;
    }

    /** Gives up a whole message, with what is acknowledged of it and with its unsent rest (RFC 3758 §3.5 A3). */
    void abandon(OutgoingMessage message) {
        message.abandoned = true;
        abandonedMessages++;
        long first = Math.max(message.firstTsn, outstanding.cumulativeTsn() + 1);
        for (long tsn = first; tsn <= message.lastTsn; tsn++) {
            OutgoingChunk chunk = outstanding.at(tsn);
            if (chunk != null && chunk.message() == message) {
                outstanding.abandoned(chunk);
            }
        }
        if (message.unsentBytes() > 0) {
            // The rest gets one TSN that is never sent: without it the peer would wait for the end for ever when all
            // that was sent is acknowledged already.
            queue.drop(message);
            OutgoingChunk rest = new OutgoingChunk();
            rest.beginRest(message, outstanding.nextTsn());
            outstanding.add(rest);
        }
        advance();
    }

    /** RFC 3758 §3.5 C1, C2: the point moves with the cumulative TSN ack and over what is given up. */
    void advance() {
        advancedPoint = Math.max(advancedPoint, outstanding.cumulativeTsn());
        long before = advancedPoint;
        while (advancedPoint + 1 < outstanding.nextTsn()) {
            OutgoingChunk chunk = outstanding.at(advancedPoint + 1);
            if (chunk == null || chunk.state != State.ABANDONED) {
                break;
            }
            advancedPoint++;
        }
        if (advancedPoint > before && isAhead()) {
            forwardTsnDue = true;
            repeats = 0;
        }
    }

    /** A SACK came: RFC 3758 §3.5 C3, at most once in a round trip. */
    void sackHandled(long nowNanos) {
        advance();
        forwardTsnDue |= isAhead() && nowNanos >= quietUntilNanos;
    }

    /**
     * No SACK has confirmed the last FORWARD TSN: it is sent again (RFC 3758 §3.5 C5).
     *
     * <p>What is given up is skipped stretch by stretch, and each stretch may get lost. A FORWARD TSN is a few bytes that
     * carry no load, so it is repeated by the measured round trip and not by T3, whose back-off makes a lossy path wait for
     * seconds at each stretch.
     */
    void repeat() {
        advance();
        if (isAhead()) {
            forwardTsnDue = true;
            repeats = Math.min(repeats + 1, REPEAT_SHIFT_MAX);
        }
    }

    /** When {@link #repeat} is to be called for a FORWARD TSN that is sent now, as a time from now. */
    long repeatDelayNanos(RetransmissionTimeout timeout) {
        long first = Math.max(2 * timeout.smoothedNanos(), REPEAT_NANOS_MIN);
        return Math.min(first << repeats, Math.max(first, timeout.withoutBackoffNanos()));
    }

    boolean isForwardTsnDue() {
        return forwardTsnDue && isAhead();
    }

    /** The FORWARD TSN to send now, of at most that many bytes. */
    ForwardTsnChunk takeForwardTsn(int bytesMax, long smoothedRttNanos, long nowNanos) {
        forwardTsnDue = false;
        quietUntilNanos = nowNanos + Math.min(QUIET_NANOS_MAX, Math.max(smoothedRttNanos, QUIET_NANOS_MIN));
        int skippedMax = (bytesMax - ForwardTsnChunk.BYTES_FIXED) / (interleaved ? 8 : 4);
        Map<Integer, ForwardTsnChunk.Skipped> skipped = new LinkedHashMap<>();
        long last = outstanding.cumulativeTsn();
        for (long tsn = last + 1; tsn <= advancedPoint; tsn++) {
            OutgoingChunk chunk = outstanding.at(tsn);
            if (chunk != null && (interleaved || !chunk.message().unordered)) {
                OutgoingMessage message = chunk.message();
                int key = message.stream.id << 1 | (message.unordered ? 1 : 0);
                if (skipped.size() == skippedMax && !skipped.containsKey(key)) {
                    break;
                }
                skipped.put(key, new ForwardTsnChunk.Skipped(message.stream.id, message.number, message.unordered));
            }
            last = tsn;
        }
        List<ForwardTsnChunk.Skipped> list = new ArrayList<>(skipped.values());
        return new ForwardTsnChunk((int) last, list);
    }

    private boolean isAhead() {
        return advancedPoint > outstanding.cumulativeTsn();
    }
}
