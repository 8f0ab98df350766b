// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.tx;

import dev.tributary.datachannel.internal.tx.OutgoingChunk.State;

/**
 * What one SACK says of the chunks that are outstanding: which have arrived, which are lost, and when the newest of those
 * that have arrived was sent.
 *
 * <p>Loss is found as in RFC 9260 §7.2.4, by three reports of later TSNs. A report counts only when what it newly
 * acknowledges was <em>sent</em> after the missing chunk, so a retransmission that is lost again is found too.
 *
 * <p>Not thread-safe.
 */
final class Acknowledgement {
    static final long UNMEASURABLE = -1;

    /** RFC 9260 §7.2.4: that many reports make a chunk lost. */
    private static final int MISSING_REPORTS = 3;

    private final Outstanding outstanding;
    private long newestTsn;
    private long newestOrder;
    private long newestSentNanos;
    private int lostCount;

    Acknowledgement(Outstanding outstanding) {
        this.outstanding = outstanding;
    }

    /** Another SACK. */
    void begin() {
        newestTsn = 0;
        newestOrder = 0;
        newestSentNanos = UNMEASURABLE;
        lostCount = 0;
    }

    /** Everything up to a TSN has arrived, or is given up. Returns the bytes of chunks that had not been acknowledged. */
    long upTo(long cumulative) {
        long bytes = 0;
        for (long tsn = outstanding.cumulativeTsn() + 1; tsn <= cumulative; tsn++) {
            OutgoingChunk chunk = outstanding.at(tsn);
            if (chunk != null && chunk.state != State.ACKED && chunk.state != State.ABANDONED) {
                bytes += acknowledge(chunk);
            }
            outstanding.removeNext();
        }
        return bytes;
    }

    /** Beyond that, these blocks have arrived, and what lies between them is missing. */
    void gaps(long cumulative, int[] gaps) {
        for (int i = 0; i < gaps.length; i += 2) {
            for (long tsn = cumulative + gaps[i]; tsn <= cumulative + gaps[i + 1]; tsn++) {
                OutgoingChunk chunk = outstanding.at(tsn);
                if (chunk != null && (chunk.state == State.IN_FLIGHT || chunk.state == State.TO_RETRANSMIT)) {
                    acknowledge(chunk);
                }
            }
        }
        if (gaps.length > 0 && newestOrder > 0) {
            reportMissing(cumulative);
        }
    }

    /** How many chunks were reported missing for the last time: they are lost. */
    int lostCount() {
        return lostCount;
    }

    /** When the newest chunk that has arrived was sent, or {@link #UNMEASURABLE}. */
    long measurableSentNanos() {
        return newestSentNanos;
    }

    private long acknowledge(OutgoingChunk chunk) {
        outstanding.acked(chunk);
        newestTsn = Math.max(newestTsn, chunk.tsn);
        if (chunk.sendOrder > newestOrder) {
            newestOrder = chunk.sendOrder;
            // RFC 9260 §6.3.1 C5 (Karn): no measurement of what was sent twice.
            newestSentNanos = chunk.transmissions == 1 ? chunk.sentNanos : UNMEASURABLE;
        }
        return chunk.sizeBytes();
    }

    /** RFC 9260 §7.2.4: a SACK reports the chunks missing below the highest TSN that it newly acknowledges. */
    private void reportMissing(long cumulative) {
        for (long tsn = cumulative + 1; tsn < newestTsn; tsn++) {
            OutgoingChunk chunk = outstanding.at(tsn);
            if (chunk != null
                    && chunk.state == State.IN_FLIGHT
                    && chunk.sendOrder < newestOrder
                    && ++chunk.missingReports >= MISSING_REPORTS) {
                outstanding.lost(chunk);
                lostCount++;
            }
        }
    }
}
