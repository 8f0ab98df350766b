// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.tx;

import dev.tributary.datachannel.internal.tx.OutgoingChunk.State;
import dev.tributary.datachannel.internal.wire.Serial;
import org.jspecify.annotations.Nullable;

/**
 * The chunks that have a TSN and are not yet acknowledged cumulatively, as a ring indexed by TSN, with the sums over them:
 * what is in flight, what the peer's window must hold, what our own memory holds.
 *
 * <pre>
 * cumulative TSN ack                                next TSN
 *        |  acked  in flight  acked  to retransmit  |
 * </pre>
 *
 * <p>Every change of a chunk's state goes through here, so that the sums cannot drift.
 *
 * <p>Not thread-safe.
 */
final class Outstanding {
    /** Offsets in a SACK have 16 bits, so no more may be outstanding; half of it leaves a margin. */
    private static final int COUNT_MAX = 32_768;

    private static final int RING_INITIAL = 64;

    private final Recycling recycling;
    private OutgoingChunk[] ring = new OutgoingChunk[RING_INITIAL];
    private long cumulativeTsn;
    private long nextTsn;

    private long flightBytes;
    private long heldBytes;
    private long payloadBytes;
    private int toRetransmit;
    private long retransmitFrom;
    private long sendOrder;

    Outstanding(int initialTsn, Recycling recycling) {
        this.recycling = recycling;
        nextTsn = Serial.first(initialTsn);
        cumulativeTsn = nextTsn - 1;
        retransmitFrom = nextTsn;
    }

    /** The TSN that the next new chunk gets, in its low 32 bits. */
    long nextTsn() {
        return nextTsn;
    }

    /** Everything up to it is acknowledged, or given up with the peer's consent. */
    long cumulativeTsn() {
        return cumulativeTsn;
    }

    boolean isEmpty() {
        return cumulativeTsn == nextTsn - 1;
    }

    /** From the first chunk that is not acknowledged cumulatively to the last that has a TSN. */
    long count() {
        return nextTsn - 1 - cumulativeTsn;
    }

    boolean isFull() {
        return count() >= COUNT_MAX;
    }

    /** Bytes of chunks in flight, with their headers. */
    long flightBytes() {
        return flightBytes;
    }

    /** Payload that we keep because it may have to be sent again. */
    long heldBytes() {
        return heldBytes;
    }

    /** Payload that was sent and not acknowledged in any way: what the peer's window must have room for. */
    long payloadBytes() {
        return payloadBytes;
    }

    boolean hasRetransmissions() {
        return toRetransmit > 0;
    }

    /** The chunk with the lowest TSN that is to be sent again; {@code null} when there is none. */
    @Nullable
    OutgoingChunk firstToRetransmit() {
        while (toRetransmit > 0 && retransmitFrom < nextTsn) {
            OutgoingChunk chunk = at(retransmitFrom);
            if (chunk != null && chunk.state == State.TO_RETRANSMIT) {
                return chunk;
            }
            retransmitFrom++;
        }
        return null;
    }

    @Nullable
    OutgoingChunk at(long tsn) {
        OutgoingChunk chunk = ring[(int) tsn & (ring.length - 1)];
        return chunk != null && chunk.tsn == tsn ? chunk : null;
    }

    /** Takes a chunk that has the next TSN. It is not in flight before {@link #sent}. */
    void add(OutgoingChunk chunk) {
        if (nextTsn - cumulativeTsn > ring.length - 1) {
            OutgoingChunk[] larger = new OutgoingChunk[ring.length * 2];
            for (OutgoingChunk each : ring) {
                if (each != null) {
                    larger[(int) each.tsn & (larger.length - 1)] = each;
                }
            }
            ring = larger;
        }
        ring[(int) nextTsn & (ring.length - 1)] = chunk;
        nextTsn++;
        heldBytes += chunk.lengthBytes;
        if (chunk.state != State.ABANDONED) {
            payloadBytes += chunk.lengthBytes;
        }
    }

    /** A chunk goes out, for the first time or again. */
    void sent(OutgoingChunk chunk, long nowNanos) {
        if (chunk.state == State.TO_RETRANSMIT) {
            toRetransmit--;
        }
        chunk.state = State.IN_FLIGHT;
        chunk.transmissions++;
        chunk.sentNanos = nowNanos;
        chunk.sendOrder = ++sendOrder;
        chunk.missingReports = 0;
        flightBytes += chunk.sizeBytes();
    }

    /** A chunk that is in flight, or was, has arrived. */
    void acked(OutgoingChunk chunk) {
        leave(chunk);
        chunk.state = State.ACKED;
    }

    /** A chunk in flight is lost. */
    void lost(OutgoingChunk chunk) {
        flightBytes -= chunk.sizeBytes();
        chunk.state = State.TO_RETRANSMIT;
        toRetransmit++;
        retransmitFrom = Math.min(retransmitFrom, chunk.tsn);
    }

    /** The peer took back what it had acknowledged (RFC 9260 §6.2.1 D iii). */
    void reneged(OutgoingChunk chunk) {
        chunk.state = State.IN_FLIGHT;
        flightBytes += chunk.sizeBytes();
        payloadBytes += chunk.lengthBytes;
        lost(chunk);
    }

    /** A chunk is given up, whatever became of it. */
    void abandoned(OutgoingChunk chunk) {
        leave(chunk);
        chunk.state = State.ABANDONED;
    }

    /** Moves the cumulative TSN ack by one, over a chunk that is acknowledged or given up. */
    void removeNext() {
        cumulativeTsn++;
        OutgoingChunk chunk = at(cumulativeTsn);
        if (chunk != null) {
            heldBytes -= chunk.lengthBytes;
            ring[(int) cumulativeTsn & (ring.length - 1)] = null;
            recycling.done(chunk);
        }
        retransmitFrom = Math.max(retransmitFrom, cumulativeTsn + 1);
    }

    private void leave(OutgoingChunk chunk) {
        if (chunk.state == State.IN_FLIGHT) {
            flightBytes -= chunk.sizeBytes();
            payloadBytes -= chunk.lengthBytes;
        } else if (chunk.state == State.TO_RETRANSMIT) {
            toRetransmit--;
            payloadBytes -= chunk.lengthBytes;
        }
    }
}
