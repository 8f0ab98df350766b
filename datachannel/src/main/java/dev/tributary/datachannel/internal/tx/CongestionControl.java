// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.tx;

/**
 * How much may be in flight (RFC 9260 §7.2): slow start, congestion avoidance, fast recovery, and the collapse after a
 * time-out. Counts bytes of whole chunks.
 *
 * <p>Not thread-safe.
 */
final class CongestionControl {
    /** Initial window in packets; RFC 9260 §7.2.1 has 3 or 4, browsers use 10 as TCP does (RFC 6928). */
    private static final int INITIAL_PACKETS = 10;

    /** RFC 9260 §7.2.3: the threshold does not sink below four packets. */
    private static final int THRESHOLD_PACKETS_MIN = 4;

    private final int mtuBytes;
    private long windowBytes;
    private long thresholdBytes = Long.MAX_VALUE;
    private long partialBytesAcked;
    private boolean recovering;
    private long recoveryExitTsn;

    CongestionControl(int mtuBytes) {
        this.mtuBytes = mtuBytes;
        this.windowBytes = (long) INITIAL_PACKETS * mtuBytes;
    }

    long windowBytes() {
        return windowBytes;
    }

    long thresholdBytes() {
        return thresholdBytes;
    }

    boolean isRecovering() {
        return recovering;
    }

    /** A window so small that the delay of a SACK hurts: the peer is asked to answer at once (RFC 7053). */
    boolean wantsImmediateSack() {
        return windowBytes < (long) INITIAL_PACKETS * mtuBytes;
    }

    /** The cumulative TSN ack moved, and with it so many bytes of a flight were acknowledged. */
    void acked(long ackedBytes, long flightBytesBefore, boolean nothingLeft) {
        boolean used = flightBytesBefore + mtuBytes > windowBytes;
        if (windowBytes <= thresholdBytes) {
            // RFC 9260 §7.2.1: only when the window is used, and not in fast recovery.
            if (used && !recovering) {
                windowBytes += Math.min(ackedBytes, mtuBytes);
            }
            return;
        }
        // RFC 9260 §7.2.2: one packet more for each window that was acknowledged.
        partialBytesAcked += ackedBytes;
        if (partialBytesAcked >= windowBytes && used) {
            partialBytesAcked -= windowBytes;
            windowBytes += mtuBytes;
        }
        if (nothingLeft) {
            partialBytesAcked = 0;
        }
    }

    /** RFC 9260 §7.2.4: loss was reported; the window halves once until all that is sent now is acknowledged. */
    void lossReported(long highestSentTsn) {
        if (!recovering) {
            recovering = true;
            recoveryExitTsn = highestSentTsn;
            halve();
            windowBytes = thresholdBytes;
        }
    }

    /** RFC 9260 §7.2.4: recovery ends when all that was sent before it is acknowledged. */
    void cumulativeTsn(long cumulativeTsn) {
        if (recovering && cumulativeTsn >= recoveryExitTsn) {
            recovering = false;
        }
    }

    /** RFC 9260 §7.2.3: the timer ran out; one packet, and slow start again. */
    void timedOut() {
        halve();
        windowBytes = mtuBytes;
        recovering = false;
    }

    private void halve() {
        thresholdBytes = Math.max(windowBytes / 2, (long) THRESHOLD_PACKETS_MIN * mtuBytes);
        partialBytesAcked = 0;
    }
}
