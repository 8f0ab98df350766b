// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.tx;

import dev.tributary.datachannel.internal.tx.OutgoingChunk.State;
import dev.tributary.datachannel.internal.wire.ForwardTsnChunk;
import dev.tributary.datachannel.internal.wire.SackChunk;
import dev.tributary.datachannel.internal.wire.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Which chunk goes next, and what follows from the peer's SACKs and from their absence: new room, loss, measured round
 * trips. The chunks themselves are in {@link Outstanding}, what is given up is decided by {@link Abandonment}.
 *
 * <p>Not thread-safe.
 */
public final class RetransmissionQueue {
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
    private final Outstanding outstanding;
    private final Acknowledgement acknowledgement;
    private final Abandonment abandonment;
    private final CongestionControl congestion;
    private final RetransmissionTimeout timeout;
    private final int payloadBytesMax;
    private final boolean interleaved;

    private long peerWindowBytes;
    private boolean fastRetransmitNow;
    private boolean cumulativeAdvanced;
    private long forwardTsnSentNanos;

    private long retransmissions;
    private long fastRetransmissions;
    private long timeouts;
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
        this.outstanding = new Outstanding(initialTsn, queue.recycling());
        this.acknowledgement = new Acknowledgement(outstanding);
        this.abandonment = new Abandonment(outstanding, queue, partialReliability, interleaved);
        this.congestion = new CongestionControl(mtuBytes);
        this.payloadBytesMax = (mtuBytes - packetHeaderBytes - OutgoingChunk.headerBytes(interleaved)) & ~3;
        this.peerWindowBytes = peerWindowBytes;
        queue.agree(interleaved, partialReliability, payloadBytesMax);
        this.interleaved = interleaved;
    }

    /** The TSN that the next new chunk gets, in its low 32 bits. */
    public long nextTsn() {
        return outstanding.nextTsn();
    }

    /** Whether everything that was sent is acknowledged or given up with the peer's consent. */
    public boolean isEmpty() {
        return outstanding.isEmpty();
    }

    /** Whether the cumulative TSN ack moved since this was asked last. */
    public boolean takeCumulativeAdvanced() {
        boolean advanced = cumulativeAdvanced;
        cumulativeAdvanced = false;
        return advanced;
    }

    // ------------------------------------------------------------------ what goes out

    /** The next chunk to put into a packet with so much room, marked as sent; {@code null} when none may go or fits. */
    public @Nullable OutgoingChunk next(int roomBytes, boolean packetIsEmpty, long nowNanos) {
        OutgoingChunk chunk = nextRetransmission(roomBytes, nowNanos);
        if (chunk == null && !outstanding.hasRetransmissions()) {
            chunk = nextNew(roomBytes, packetIsEmpty, nowNanos);
        }
        if (chunk != null) {
            outstanding.sent(chunk, nowNanos);
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

    /** Whether a FORWARD TSN is to be sent. */
    public boolean isForwardTsnDue() {
        return abandonment.isForwardTsnDue();
    }

    /** The FORWARD TSN to send now, of at most that many bytes. */
    public ForwardTsnChunk takeForwardTsn(int bytesMax, long nowNanos) {
        forwardTsnSentNanos = nowNanos;
        return abandonment.takeForwardTsn(bytesMax, timeout.smoothedNanos(), nowNanos);
    }

    /** Gives up a message of which something was sent; false when the peer does not know how to go on without it. */
    public boolean abandon(OutgoingMessage message) {
        return abandonment.giveUp(message);
    }

    /** Whether the time of a message of which something was sent is over. */
    public boolean isExpired(OutgoingMessage message, long nowNanos) {
        return message.isCut() && abandonment.isExpired(message, nowNanos);
    }

    /** How long to wait for the confirmation of a FORWARD TSN before {@link #repeatForwardTsn}. */
    public long forwardTsnRepeatNanos() {
        return abandonment.repeatDelayNanos(timeout);
    }

    /** The confirmation of a FORWARD TSN did not come in time, unless it did. */
    public void repeatForwardTsn() {
        abandonment.repeat();
    }

    private boolean isWindowUsed() {
        return outstanding.flightBytes() > 0 && outstanding.flightBytes() >= congestion.windowBytes();
    }

    private @Nullable OutgoingChunk nextRetransmission(int roomBytes, long nowNanos) {
        if (isWindowUsed() && !fastRetransmitNow) {
            return null;
        }
        OutgoingChunk chunk = outstanding.firstToRetransmit();
        while (chunk != null && abandonment.isGivenUp(chunk, nowNanos)) {
            abandonment.abandon(chunk.message());
            chunk = outstanding.firstToRetransmit();
        }
        if (chunk == null || chunk.sizeBytes() > roomBytes) {
            return null;
        }
        retransmissions++;
        return chunk;
    }

    private @Nullable OutgoingChunk nextNew(int roomBytes, boolean packetIsEmpty, long nowNanos) {
        if (isWindowUsed() || outstanding.isFull()) {
            return null;
        }
        OutgoingMessage message = queue.peek(nowNanos);
        while (message != null && message.isCut() && abandonment.isExpired(message, nowNanos)) {
            abandonment.abandon(message);
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
        int bytes = message.fragmentBytes(room);
        // RFC 9260 §6.1 A: with nothing outstanding, one chunk probes a window that is closed.
        if (outstanding.payloadBytes() > 0 && bytes > peerWindowBytes) {
            return null;
        }
        OutgoingChunk chunk = queue.cut(message, outstanding.nextTsn(), room);
        outstanding.add(chunk);
        peerWindowBytes = Math.max(0, peerWindowBytes - chunk.lengthBytes);
        if (message.unsentBytes() == 0) {
            sentMessages++;
        }
        return chunk;
    }

    // ------------------------------------------------------------------ what comes back

    /** Takes a SACK of the peer. */
    public SackResult handleSack(SackChunk sack, long nowNanos) {
        long before = outstanding.cumulativeTsn();
        long cumulative = Serial.unwrap(before, sack.cumulativeTsnAck());
        if (cumulative < before) {
            return SackResult.OLD;
        }
        int[] gaps = sack.gapBlocks();
        long highest = gaps.length == 0 ? cumulative : cumulative + gaps[gaps.length - 1];
        if (highest >= outstanding.nextTsn() || !sack.hasOrderedBlocks()) {
            return SackResult.INVALID;
        }
        long flightBefore = outstanding.flightBytes();
        acknowledgement.begin();
        long ackedBytes = acknowledgement.upTo(cumulative);
        acknowledgement.gaps(cumulative, gaps);
        handleLoss(acknowledgement.lostCount());
        measureRoundTrip(nowNanos);
        peerWindowBytes = Math.max(0, sack.windowBytes() - outstanding.payloadBytes());
        if (cumulative > before) {
            cumulativeAdvanced = true;
            timeout.answered();
            congestion.acked(ackedBytes, flightBefore, isEmpty());
            congestion.cumulativeTsn(cumulative);
        }
        abandonment.sackHandled(nowNanos);
        return SackResult.USED;
    }

    private void handleLoss(int lostCount) {
        if (lostCount > 0) {
            fastRetransmissions += lostCount;
            fastRetransmitNow |= !congestion.isRecovering();
            congestion.lossReported(outstanding.nextTsn() - 1);
        }
    }

    /** A SACK answers what was sent last of all that it acknowledges first, unless it may answer a later FORWARD TSN. */
    private void measureRoundTrip(long nowNanos) {
        long sentNanos = acknowledgement.measurableSentNanos();
        if (sentNanos != Acknowledgement.UNMEASURABLE && sentNanos >= forwardTsnSentNanos) {
            timeout.measured(nowNanos - sentNanos);
        }
    }

    /** Acknowledges everything up to a TSN, as the cumulative TSN ack of SHUTDOWN does; false when it was never sent. */
    public boolean handleCumulativeTsn(int cumulativeTsnAck, long nowNanos) {
        long window = peerWindowBytes + outstanding.payloadBytes();
        return handleSack(SackChunk.of(cumulativeTsnAck, window), nowNanos) != SackResult.INVALID;
    }

    /** T3 ran out (RFC 9260 §6.3.3): everything in flight counts as lost. */
    public void handleTimeout(long nowNanos) {
        timeouts++;
        timeout.backOff();
        if (outstanding.flightBytes() > 0) {
            // Else only a FORWARD TSN is unanswered, which says little about the path's load.
            congestion.timedOut();
        }
        long first = outstanding.cumulativeTsn() + 1;
        for (long tsn = first; tsn < outstanding.nextTsn(); tsn++) {
            OutgoingChunk chunk = outstanding.at(tsn);
            if (chunk == null) {
                continue;
            }
            if (chunk.state == State.IN_FLIGHT) {
                outstanding.lost(chunk);
            } else if (chunk.state == State.ACKED && tsn == first) {
                // RFC 9260 §6.2.1 D iii: the peer took back what it had acknowledged, else it would have advanced.
                outstanding.reneged(chunk);
            }
        }
        abandonment.abandonLost(nowNanos);
        abandonment.repeat();
    }

    // ------------------------------------------------------------------ numbers

    /** Payload that is sent and not yet acknowledged cumulatively. */
    public long heldBytes() {
        return outstanding.heldBytes();
    }

    /** Bytes of chunks in flight. */
    public long flightBytes() {
        return outstanding.flightBytes();
    }

    /** Chunks that have a TSN and are not acknowledged cumulatively. */
    public long outstandingCount() {
        return outstanding.count();
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
        return abandonment.abandonedMessages();
    }

    public long sentMessages() {
        return sentMessages;
    }
}
