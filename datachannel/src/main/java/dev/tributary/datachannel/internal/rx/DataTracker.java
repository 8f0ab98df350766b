// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.rx;

import dev.tributary.datachannel.internal.wire.SackChunk;
import dev.tributary.datachannel.internal.wire.Serial;

/**
 * Which TSNs have arrived, and when that is told (RFC 9260 §6.2): at once when something is missing, came twice or was
 * skipped, else for every second packet, else after a delay.
 *
 * <p>Not thread-safe.
 */
public final class DataTracker {
    /** So many gap blocks fit a SACK with room for DATA beside it; the peer learns the others when these are filled. */
    private static final int GAP_BLOCKS_MAX = 20;

    /** Duplicates are told for diagnosis only. */
    private static final int DUPLICATES_MAX = 20;

    /** Offsets in a SACK have 16 bits. */
    private static final int OFFSET_MAX = 65_535;

    /** What {@link #see} says of a TSN. */
    public enum Sight {
        NEW,
        DUPLICATE,
        TOO_FAR_AHEAD
    }

    private final TsnRanges ranges = new TsnRanges();
    private final int[] duplicates = new int[DUPLICATES_MAX];
    private final int aheadMax;
    private long cumulativeTsn;
    private int duplicateCount;
    private int packetsToAck;
    private boolean dataInPacket;
    private boolean ackNow;

    /** A tracker that waits for {@code initialTsn}. */
    public DataTracker(int initialTsn, int aheadMax) {
        this.cumulativeTsn = Serial.first(initialTsn) - 1;
        this.aheadMax = aheadMax;
    }

    /** Everything up to it has arrived or was skipped. */
    public long cumulativeTsn() {
        return cumulativeTsn;
    }

    /** The 64-bit number that a TSN of the wire stands for. */
    public long unwrap(int tsn) {
        return Serial.unwrap(cumulativeTsn, tsn);
    }

    /** What a TSN is, before it is decided whether to take it. */
    public Sight see(long tsn, boolean immediate) {
        dataInPacket = true;
        ackNow |= immediate;
        if (tsn > cumulativeTsn + aheadMax) {
            return Sight.TOO_FAR_AHEAD;
        }
        if (tsn <= cumulativeTsn || ranges.contains(tsn)) {
            // RFC 9260 §6.2: duplicates alone are answered at once.
            ackNow = true;
            if (duplicateCount < DUPLICATES_MAX) {
                duplicates[duplicateCount++] = (int) tsn;
            }
            return Sight.DUPLICATE;
        }
        return Sight.NEW;
    }

    /** Whether taking this TSN would leave a gap that is not there yet. */
    public boolean wouldOpenGap(long tsn) {
        return tsn != cumulativeTsn + 1 && ranges.wouldStartRange(tsn);
    }

    /** Takes a TSN that {@link #see} called new. */
    public void take(long tsn) {
        ranges.add(tsn);
        cumulativeTsn = ranges.advance(cumulativeTsn);
    }

    /** The peer gave up everything up to a TSN (RFC 3758 §3.6); false when it is not beyond what is known. */
    public boolean skipTo(long newCumulativeTsn) {
        // RFC 3758 §3.6: answered at once, also when it brings nothing new: our SACK may have been lost.
        dataInPacket = true;
        ackNow = true;
        if (newCumulativeTsn <= cumulativeTsn) {
            return false;
        }
        cumulativeTsn = ranges.advance(newCumulativeTsn);
        return true;
    }

    /** The peer must learn at once that nothing, or again something, fits. */
    public void windowChanged() {
        ackNow = true;
    }

    /** Ends a packet. Returns whether it had data. */
    public boolean packetDone() {
        boolean hadData = dataInPacket;
        if (hadData) {
            packetsToAck++;
            dataInPacket = false;
            ackNow |= !ranges.isEmpty();
        }
        return hadData;
    }

    /** Whether a SACK is due now: asked for, or the second packet. */
    public boolean isAckDue() {
        return ackNow || packetsToAck >= 2;
    }

    /** Whether something is not yet acknowledged. */
    public boolean isAckPending() {
        return ackNow || packetsToAck > 0;
    }

    /** The delay is over. */
    public void ackDelayOver() {
        ackNow |= packetsToAck > 0;
    }

    /** The SACK that would be sent now; {@link #sackSent} says that it was. */
    public SackChunk sack(long windowBytes) {
        if (ranges.isEmpty() && duplicateCount == 0) {
            return SackChunk.of((int) cumulativeTsn, windowBytes);
        }
        int blocks = 0;
        while (blocks < Math.min(ranges.count(), GAP_BLOCKS_MAX) && ranges.end(blocks) - cumulativeTsn <= OFFSET_MAX) {
            blocks++;
        }
        int[] gaps = new int[2 * blocks];
        for (int i = 0; i < blocks; i++) {
            gaps[2 * i] = (int) (ranges.start(i) - cumulativeTsn);
            gaps[2 * i + 1] = (int) (ranges.end(i) - cumulativeTsn);
        }
        return new SackChunk(
                (int) cumulativeTsn, windowBytes, gaps, java.util.Arrays.copyOf(duplicates, duplicateCount));
    }

    /** The peer was told. */
    public void sackSent() {
        duplicateCount = 0;
        packetsToAck = 0;
        ackNow = false;
    }
}
