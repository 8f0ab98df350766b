// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import dev.tributary.core.rtp.NtpTime;
import dev.tributary.core.rtp.RtcpWriter;

/**
 * What a receiver report says of one stream (RFC 3550 section 6.4.1 and appendix A).
 *
 * <p>Not thread-safe: owned by the publisher's loop.
 */
final class ReceiveStatistics {
    private long base = -1;
    private long highest;
    private long received;
    private long expectedBefore;
    private long receivedBefore;
    private long transit;
    private boolean transitKnown;
    private long jitterTimes16;
    private long lastSenderReportNtp;
    private long lastSenderReportNanos;
    private int fractionLost;

    /** Counts a packet that came by itself (not as a retransmission). */
    void received(long sequence, int timestamp, int clockRate, long nowNanos) {
        if (base < 0) {
            base = sequence;
            highest = sequence;
        }
        base = Math.min(base, sequence);
        highest = Math.max(highest, sequence);
        received++;
        // RFC 3550 §A.8; the difference is taken on 32 bits, as timestamps wrap.
        int arrival = (int) (nowNanos / 1_000 * clockRate / 1_000_000);
        int newTransit = arrival - timestamp;
        if (transitKnown) {
            long difference = Math.abs((long) (int) (newTransit - transit));
            if (difference < (long) clockRate * ForwardLimits.TIMESTAMP_JUMP_SECONDS) {
                jitterTimes16 += difference - (jitterTimes16 + 8 >> 4);
            }
        }
        transit = newTransit;
        transitKnown = true;
    }

    /** Counts a packet that a retransmission has recovered: it is no longer lost, and says nothing of jitter. */
    void recovered() {
        received++;
    }

    /** The publisher has restarted its sequence: what follows is a new stream under the old SSRC. */
    void restart() {
        base = -1;
        received = 0;
        expectedBefore = 0;
        receivedBefore = 0;
        transitKnown = false;
    }

    void senderReport(long ntpTime, long nowNanos) {
        lastSenderReportNtp = ntpTime;
        lastSenderReportNanos = nowNanos;
    }

    boolean hasReceived() {
        return base >= 0;
    }

    long packetsLost() {
        return base < 0 ? 0 : highest - base + 1 - received;
    }

    /** Fraction lost in the interval of the last report, in 1/256. */
    int fractionLost() {
        return fractionLost;
    }

    /** Interarrival jitter in timestamp units. */
    long jitter() {
        return jitterTimes16 >> 4;
    }

    /** Adds a report block and begins the next interval; {@code false} if it does not fit. */
    boolean report(RtcpWriter writer, int ssrc, long nowNanos) {
        long expected = highest - base + 1;
        long expectedInterval = expected - expectedBefore;
        long lostInterval = expectedInterval - (received - receivedBefore);
        int fraction = expectedInterval <= 0 || lostInterval <= 0 ? 0 : (int) (lostInterval * 256 / expectedInterval);
        int lastSenderReport = lastSenderReportNtp == 0 ? 0 : NtpTime.middle32(lastSenderReportNtp);
        long delay = lastSenderReport == 0 ? 0 : NtpTime.shortFormat(nowNanos - lastSenderReportNanos);
        if (!writer.reportBlock(
                ssrc,
                fraction,
                (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, packetsLost())),
                (int) (highest - 65_536),
                jitter(),
                lastSenderReport,
                delay)) {
            return false;
        }
        fractionLost = Math.min(255, fraction);
        expectedBefore = expected;
        receivedBefore = received;
        return true;
    }
}
