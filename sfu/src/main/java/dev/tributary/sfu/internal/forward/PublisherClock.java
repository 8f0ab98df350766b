// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

/**
 * Places the wall clock of one publisher on our own time line, the same for all its streams, so that its picture and
 * sound stay together, and so that what follows when the programme changes to another publisher continues in one clock.
 *
 * <p>The difference between the clocks is guessed from the sender report that travelled fastest. Written on the
 * publisher's loop only.
 */
final class PublisherClock {
    private boolean known;
    private long originNtp;
    private long originNanos;
    private long offsetNanos;

    /** Takes a sender report; returns where on our time line its moment was. */
    long place(long ntpTime, long nowNanos) {
        if (!known) {
            known = true;
            originNtp = ntpTime;
            originNanos = nowNanos;
            return nowNanos;
        }
        long onOurLine = originNanos + dev.tributary.core.rtp.NtpTime.nanosBetween(originNtp, ntpTime);
        if (Math.abs(onOurLine - nowNanos) > ForwardLimits.TIMESTAMP_JUMP_SECONDS * ForwardLimits.SECOND) {
            // The publisher has set its clock: start over.
            originNtp = ntpTime;
            originNanos = nowNanos;
            offsetNanos = 0;
            return nowNanos;
        }
        // A report that seems to come from the future has travelled faster than the first one.
        offsetNanos = Math.min(offsetNanos, nowNanos - onOurLine);
        return onOurLine + offsetNanos;
    }
}
