// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.tx;

import dev.tributary.datachannel.SendOptions;
import dev.tributary.datachannel.internal.tx.OutgoingChunk.State;
import dev.tributary.datachannel.internal.wire.ForwardTsnChunk;
import dev.tributary.datachannel.internal.wire.SackChunk;
import dev.tributary.datachannel.internal.wire.Serial;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is sent and not yet acknowledged, as a ring indexed by TSN, and what follows from the peer's SACKs: new room, loss,
 * measured round trips, messages that are given up (RFC 3758) and the FORWARD TSN that says so.
 *
 * <p>Loss is found as in RFC 9260 §7.2.4, by three reports of later TSNs. A report counts only when what it newly
 * acknowledges was <em>sent</em> after the missing chunk, so a retransmission that is lost again is found too.
 *
 * <p>Not thread-safe.
 */
public final class RetransmissionQueue {
    /** RFC 9260 §7.2.4: that many reports make a chunk lost. */
    private static final int MISSING_REPORTS = 3;

    /** Offsets in a SACK have 16 bits, so no more may be outstanding; half of it leaves a margin. */
    private static final int OUTSTANDING_MAX = 32_768;

    private static final int RING_INITIAL = 64;

    /** What became of a SACK. */
    public enum SackResult {
        /** It was used. */
        USED,
        /** It was overtaken by a newer one. */
        OLD,
        /** It acknowledges what was never sent, or its blocks make no sense. */
        INVALID
    }

    private final SendQueue queue;
    private final CongestionControl congestion;
    private final RetransmissionTimeout timeout;
    private final int payloadBytesMax;
    private final boolean interleaved;
    private final boolean partialReliability;

    private OutgoingChunk[] ring = new OutgoingChunk[RING_INITIAL];
    private long cumulativeTsn;
    private long nextTsn;
    /** RFC 3758 §3.5: Advanced.Peer.Ack.Point. */
    private long advancedPoint;

    private long flightBytes;
    private long heldBytes;
    private long outstandingPayload;
    private long peerWindowBytes;
    private long sendOrder;
    private long retransmitFrom;
    private int toRetransmit;
    private boolean fastRetransmitNow;
    private boolean forwardTsnDue;
    private long forwardTsnQuietUntilNanos;
    private boolean cumulativeAdvanced;

    private long retransmissions;
    private long fastRetransmissions;
    private long timeouts;
    private long abandonedMessages;
    private long sentMessages;

    /** A queue that numbers from {@code initialTsn} on. */
    public RetransmissionQueue(
            SendQueue queue,
            RetransmissionTimeout timeout,
            int mtuBytes,
            int packetHeaderBytes,
            int initialTsn,
            long peerWindowBytes,
            boolean interleaved,
            boolean partialReliability) {
        this.queue = queue;
        this.timeout = timeout;
        this.congestion = new CongestionControl(mtuBytes);
        this.payloadBytesMax = (mtuBytes - packetHeaderBytes - OutgoingChunk.headerBytes(interleaved)) & ~3;
        this.nextTsn = Serial.first(initialTsn);
        this.cumulativeTsn = nextTsn - 1;
        this.advancedPoint = cumulativeTsn;
        this.retransmitFrom = nextTsn;
        this.peerWindowBytes = peerWindowBytes;
        this.interleaved = interleaved;
        this.partialReliability = partialReliability;
    }

    /** The TSN that the next new chunk gets, in its low 32 bits. */
    public long nextTsn() {
        return nextTsn;
    }

    /** Whether everything that was sent is acknowledged or given up with the peer's consent. */
    public boolean isEmpty() {
        return cumulativeTsn == nextTsn - 1;
    }

    /** Whether the cumulative TSN ack moved since this was asked last. */
    public boolean takeCumulativeAdvanced() {
        boolean advanced = cumulativeAdvanced;
        cumulativeAdvanced = false;
        return advanced;
    }

    /** The next chunk to put into a packet with so much room, marked as sent; {@code null} when none may go or fits. */
    public @Nullable OutgoingChunk next(int roomBytes, boolean packetIsEmpty, long nowNanos) {
        OutgoingChunk chunk = nextRetransmission(roomBytes, nowNanos);
        if (chunk == null && toRetransmit == 0) {
            chunk = nextNew(roomBytes, packetIsEmpty, nowNanos);
        }
        if (chunk != null) {
            chunk.state = State.IN_FLIGHT;
            chunk.transmissions++;
            chunk.sentNanos = nowNanos;
            chunk.sendOrder = ++sendOrder;
            chunk.missingReports = 0;
            flightBytes += chunk.sizeBytes();
        }
        return chunk;
    }

    /** Whether the peer is asked for a SACK without delay. */
    public boolean wantsImmediateSack() {
        return congestion.wantsImmediateSack();
    }

    /** Ends a packet: what RFC 9260 §7.2.4 lets go regardless of the window is one packet. */
    public void packetDone() {
        fastRetransmitNow = false;
    }

    private @Nullable OutgoingChunk nextRetransmission(int roomBytes, long nowNanos) {
        if (toRetransmit == 0 || (flightBytes >= congestion.windowBytes() && !fastRetransmitNow && flightBytes > 0)) {
            return null;
        }
        while (toRetransmit > 0 && retransmitFrom < nextTsn) {
            OutgoingChunk chunk = at(retransmitFrom);
            if (chunk == null || chunk.state != State.TO_RETRANSMIT) {
                retransmitFrom++;
            } else if (isGivenUp(chunk, nowNanos)) {
                abandon(chunk.message);
            } else if (chunk.sizeBytes() > roomBytes) {
                return null;
            } else {
                toRetransmit--;
                retransmitFrom++;
                retransmissions++;
                return chunk;
            }
        }
        return null;
    }

    private @Nullable OutgoingChunk nextNew(int roomBytes, boolean packetIsEmpty, long nowNanos) {
        if ((flightBytes > 0 && flightBytes >= congestion.windowBytes()) || nextTsn - cumulativeTsn > OUTSTANDING_MAX) {
            return null;
        }
        OutgoingMessage message = queue.peek(nowNanos);
        while (message != null && message.isCut() && partialReliability && message.isExpired(nowNanos)) {
            abandon(message);
            message = queue.peek(nowNanos);
        }
        if (message == null) {
            return null;
        }
        int room = Math.min(payloadBytesMax, roomBytes - OutgoingChunk.headerBytes(interleaved));
        // A fragment that only fills up a packet costs more than it brings, unless it ends its message.
        boolean tooSmall = message.unsentBytes() > room && (!packetIsEmpty && room < payloadBytesMax / 2);
        if (room < 4 || tooSmall) {
            return null;
        }
        int bytes = Math.min(room, message.unsentBytes());
        // RFC 9260 §6.1 A: with nothing outstanding, one chunk probes a window that is closed.
        if (outstandingPayload > 0 && bytes > peerWindowBytes) {
            return null;
        }
        OutgoingChunk chunk = queue.cut(message, nextTsn, room);
        put(chunk);
        outstandingPayload += chunk.lengthBytes;
        heldBytes += chunk.lengthBytes;
        peerWindowBytes = Math.max(0, peerWindowBytes - chunk.lengthBytes);
        if (message.unsentBytes() == 0) {
            sentMessages++;
        }
        return chunk;
    }

    /** Takes a SACK of the peer. */
    public SackResult handleSack(SackChunk sack, long nowNanos) {
        long cumulative = Serial.unwrap(cumulativeTsn, sack.cumulativeTsnAck());
        if (cumulative < cumulativeTsn) {
            return SackResult.OLD;
        }
        int[] gaps = sack.gapBlocks();
        long highest = gaps.length == 0 ? cumulative : cumulative + gaps[gaps.length - 1];
        if (highest >= nextTsn || !sack.hasOrderedBlocks()) {
            return SackResult.INVALID;
        }
        long flightBefore = flightBytes;
        long windowBefore = cumulativeTsn;
        long ackedBytes = acknowledgeUpTo(cumulative, nowNanos);
        acknowledgeGaps(cumulative, gaps);
        peerWindowBytes = Math.max(0, sack.windowBytes() - outstandingPayload);
        if (cumulative > windowBefore) {
            cumulativeAdvanced = true;
            timeout.answered();
            congestion.acked(ackedBytes, flightBefore, isEmpty());
            congestion.cumulativeTsn(cumulative);
        }
        advance();
        if (advancedPoint > cumulativeTsn && nowNanos >= forwardTsnQuietUntilNanos) {
            // RFC 3758 §3.5 C3, at most once in a round trip.
            forwardTsnDue = true;
        }
        return SackResult.USED;
    }

    /** Acknowledges everything up to a TSN, as the cumulative TSN ack of SHUTDOWN does; false when it was never sent. */
    public boolean handleCumulativeTsn(int cumulativeTsnAck, long nowNanos) {
        return handleSack(
                        new SackChunk(cumulativeTsnAck, peerWindowBytes + outstandingPayload, new int[0], new int[0]),
                        nowNanos)
                != SackResult.INVALID;
    }

    private long newestAckedTsn;
    private long newestAckedOrder;

    private long acknowledgeUpTo(long cumulative, long nowNanos) {
        long bytes = 0;
        newestAckedTsn = cumulativeTsn;
        newestAckedOrder = 0;
        OutgoingChunk measured = null;
        for (long tsn = cumulativeTsn + 1; tsn <= cumulative; tsn++) {
            OutgoingChunk chunk = at(tsn);
            if (chunk == null) {
                continue;
            }
            if (chunk.state != State.ACKED && chunk.state != State.ABANDONED) {
                // RFC 9260 §6.3.1 C5 (Karn): no measurement of what was sent twice.
                measured = chunk.transmissions == 1 ? chunk : measured;
                bytes += acknowledge(chunk);
            }
            heldBytes -= chunk.lengthBytes;
            ring[(int) tsn & (ring.length - 1)] = null;
        }
        if (measured != null) {
            timeout.measured(nowNanos - measured.sentNanos);
        }
        cumulativeTsn = cumulative;
        advancedPoint = Math.max(advancedPoint, cumulative);
        retransmitFrom = Math.max(retransmitFrom, cumulative + 1);
        return bytes;
    }

    private void acknowledgeGaps(long cumulative, int[] gaps) {
        for (int i = 0; i < gaps.length; i += 2) {
            for (long tsn = cumulative + gaps[i]; tsn <= cumulative + gaps[i + 1]; tsn++) {
                OutgoingChunk chunk = at(tsn);
                if (chunk != null && (chunk.state == State.IN_FLIGHT || chunk.state == State.TO_RETRANSMIT)) {
                    acknowledge(chunk);
                }
            }
        }
        if (gaps.length > 0 && newestAckedOrder > 0) {
            reportMissing(cumulative, newestAckedTsn);
        }
    }

    private long acknowledge(OutgoingChunk chunk) {
        leaveFlight(chunk);
        chunk.state = State.ACKED;
        newestAckedTsn = Math.max(newestAckedTsn, chunk.tsn);
        newestAckedOrder = Math.max(newestAckedOrder, chunk.sendOrder);
        return chunk.sizeBytes();
    }

    /** RFC 9260 §7.2.4: a SACK reports the chunks missing below the highest TSN that it newly acknowledges. */
    private void reportMissing(long cumulative, long highestNewlyAcked) {
        for (long tsn = cumulative + 1; tsn < highestNewlyAcked; tsn++) {
            OutgoingChunk chunk = at(tsn);
            if (chunk != null && chunk.state == State.IN_FLIGHT && chunk.sendOrder < newestAckedOrder) {
                if (++chunk.missingReports >= MISSING_REPORTS) {
                    leaveFlightFor(chunk);
                    fastRetransmissions++;
                    fastRetransmitNow |= !congestion.isRecovering();
                    congestion.lossReported(nextTsn - 1);
                }
            }
        }
    }

    /** T3 ran out (RFC 9260 §6.3.3): everything in flight counts as lost. */
    public void handleTimeout(long nowNanos) {
        timeouts++;
        timeout.backOff();
        congestion.timedOut();
        for (long tsn = cumulativeTsn + 1; tsn < nextTsn; tsn++) {
            OutgoingChunk chunk = at(tsn);
            if (chunk == null) {
                continue;
            }
            if (chunk.state == State.IN_FLIGHT) {
                leaveFlightFor(chunk);
            } else if (chunk.state == State.ACKED && tsn == cumulativeTsn + 1) {
                // RFC 9260 §6.2.1 D iii: the peer took back what it had acknowledged, else it would have advanced.
                chunk.state = State.IN_FLIGHT;
                flightBytes += chunk.sizeBytes();
                outstandingPayload += chunk.lengthBytes;
                leaveFlightFor(chunk);
            }
        }
        for (long tsn = cumulativeTsn + 1; tsn < nextTsn && partialReliability; tsn++) {
            OutgoingChunk chunk = at(tsn);
            if (chunk != null && chunk.state == State.TO_RETRANSMIT && isGivenUp(chunk, nowNanos)) {
                abandon(chunk.message);
            }
        }
        advance();
        // RFC 3758 §3.5: a FORWARD TSN that got lost is sent again.
        forwardTsnDue |= advancedPoint > cumulativeTsn;
    }

    private void leaveFlightFor(OutgoingChunk chunk) {
        flightBytes -= chunk.sizeBytes();
        chunk.state = State.TO_RETRANSMIT;
        toRetransmit++;
        retransmitFrom = Math.min(retransmitFrom, chunk.tsn);
    }

    private void leaveFlight(OutgoingChunk chunk) {
        if (chunk.state == State.IN_FLIGHT) {
            flightBytes -= chunk.sizeBytes();
            outstandingPayload -= chunk.lengthBytes;
        } else if (chunk.state == State.TO_RETRANSMIT) {
            toRetransmit--;
            outstandingPayload -= chunk.lengthBytes;
        }
    }

    private boolean isGivenUp(OutgoingChunk chunk, long nowNanos) {
        OutgoingMessage message = chunk.message;
        return partialReliability
                && (message.isExpired(nowNanos)
                        || (message.maxRetransmits != SendOptions.UNLIMITED
                                && chunk.transmissions > message.maxRetransmits));
    }

    /** Gives up a whole message, with what is acknowledged of it and with its unsent rest (RFC 3758 §3.5 A3). */
    private void abandon(OutgoingMessage message) {
        message.abandoned = true;
        abandonedMessages++;
        for (long tsn = Math.max(message.firstTsn, cumulativeTsn + 1); tsn <= message.lastTsn; tsn++) {
            OutgoingChunk chunk = at(tsn);
            if (chunk != null && chunk.message == message) {
                leaveFlight(chunk);
                chunk.state = State.ABANDONED;
            }
        }
        if (message.unsentBytes() > 0) {
            // The rest gets one TSN that is never sent: without it the peer would wait for the end for ever when all
            // that
            // was sent is acknowledged already.
            queue.dropRest(message);
            OutgoingChunk rest = new OutgoingChunk(message, nextTsn, 0, interleaved);
            rest.state = State.ABANDONED;
            message.lastTsn = nextTsn;
            put(rest);
        }
        advance();
    }

    /** RFC 3758 §3.5 C2: the point moves over what is given up. */
    private void advance() {
        long before = advancedPoint;
        while (advancedPoint + 1 < nextTsn) {
            OutgoingChunk chunk = at(advancedPoint + 1);
            if (chunk == null || chunk.state != State.ABANDONED) {
                break;
            }
            advancedPoint++;
        }
        forwardTsnDue |= advancedPoint > before && advancedPoint > cumulativeTsn;
    }

    /** Whether a FORWARD TSN is to be sent. */
    public boolean isForwardTsnDue() {
        return forwardTsnDue && advancedPoint > cumulativeTsn;
    }

    /** The FORWARD TSN to send now, of at most that many bytes. */
    public ForwardTsnChunk takeForwardTsn(int bytesMax, long nowNanos) {
        forwardTsnDue = false;
        forwardTsnQuietUntilNanos = nowNanos + Math.min(200_000_000L, Math.max(timeout.smoothedNanos(), 1_000_000L));
        int skippedMax = (bytesMax - 8) / (interleaved ? 8 : 4);
        Map<Integer, ForwardTsnChunk.Skipped> skipped = new LinkedHashMap<>();
        long last = cumulativeTsn;
        for (long tsn = cumulativeTsn + 1; tsn <= advancedPoint; tsn++) {
            OutgoingChunk chunk = at(tsn);
            if (chunk != null && (interleaved || !chunk.message.unordered)) {
                OutgoingMessage message = chunk.message;
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

    /** Payload that is sent and not yet acknowledged cumulatively. */
    public long heldBytes() {
        return heldBytes;
    }

    /** Bytes of chunks in flight. */
    public long flightBytes() {
        return flightBytes;
    }

    /** The last window that the peer announced, less what is outstanding. */
    public long peerWindowBytes() {
        return peerWindowBytes;
    }

    public long congestionWindowBytes() {
        return congestion.windowBytes();
    }

    public long slowStartThresholdBytes() {
        return congestion.thresholdBytes();
    }

    public long retransmissions() {
        return retransmissions;
    }

    public long fastRetransmissions() {
        return fastRetransmissions;
    }

    public long timeouts() {
        return timeouts;
    }

    public long abandonedMessages() {
        return abandonedMessages;
    }

    public long sentMessages() {
        return sentMessages;
    }

    private @Nullable OutgoingChunk at(long tsn) {
        OutgoingChunk chunk = ring[(int) tsn & (ring.length - 1)];
        return chunk != null && chunk.tsn == tsn ? chunk : null;
    }

    private void put(OutgoingChunk chunk) {
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
    }
}
