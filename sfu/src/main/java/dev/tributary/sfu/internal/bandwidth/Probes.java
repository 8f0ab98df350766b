// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.bandwidth;

import dev.tributary.core.DatagramProtocol;

/**
 * Short bursts at a higher rate than that of the media, one at a time, whose arrival tells whether the path carries it.
 * The burst is made of media as it comes, and of padding for the rest.
 *
 * <p>Not thread-safe.
 */
final class Probes {
    /** Nothing to learn from a probe. */
    static final long NOTHING = -1;

    private enum State {
        IDLE,
        SENDING,
        WAITING
    }

    private static final double RECEIVED_SHARE = 0.8;
    /** A burst that arrives twice as fast as it left was held up and let go: it tells nothing. */
    private static final double COMPRESSION_MAX = 2;
    /** A burst that arrives this much slower than it left has met the limit of the path. */
    private static final double SATURATION = 0.9;

    /** Media may make a burst stronger than it was meant; so much more is believed. */
    private static final double BEYOND_TARGET = 1.25;

    private static final long MICROSECOND = 1_000;

    private State state = State.IDLE;
    private int number;
    private long targetBps;
    private long startNanos;
    private long bytesToSend;
    private long bytesSent;
    private int packetsSent;
    private long lastSequence;
    private long waitUntilNanos;

    private int packetsReceived;
    private long bytesReceived;
    private int lastSentBytes;
    private int firstArrivedBytes;
    private long firstSent;
    private long lastSent;
    private long firstArrival;
    private long lastArrival;

    boolean isIdle() {
        return state == State.IDLE;
    }

    /** The number of the burst that packets sent now belong to, or 0. */
    int current() {
        return state == State.SENDING ? number : 0;
    }

    long targetBps() {
        return targetBps;
    }

    /** How long the path may need to carry away what the last burst left in its queues. */
    long drainNanos(long pathBps) {
        return BandwidthLimits.PROBE_NANOS + bytesToSend * 8 * BandwidthLimits.SECOND / Math.max(1, pathBps);
    }

    void start(long bps, long nowNanos) {
        state = State.SENDING;
        number++;
        targetBps = bps;
        startNanos = nowNanos;
        bytesToSend = bps * BandwidthLimits.PROBE_NANOS / 8 / BandwidthLimits.SECOND;
        bytesSent = 0;
        packetsSent = 0;
        packetsReceived = 0;
        bytesReceived = 0;
    }

    /** Bytes of padding that are due. */
    int bytesDue(long nowNanos) {
        if (state != State.SENDING) {
            return 0;
        }
        if (nowNanos - startNanos > BandwidthLimits.PROBE_LATE_NANOS) {
            // Nobody had padding to send, or we were held up: no burst any more.
            state = State.IDLE;
            return 0;
        }
        // From the very start on something is due: a burst begins with its first packet.
        long due = targetBps * (nowNanos - startNanos) / 8 / BandwidthLimits.SECOND + 1 - bytesSent;
        return nowNanos >= nextTimeoutNanos() ? (int) Math.max(1, due) : 0;
    }

    /** There is nothing to make a burst of. */
    void giveUp() {
        state = State.IDLE;
    }

    long nextTimeoutNanos() {
        return switch (state) {
            case IDLE -> DatagramProtocol.NEVER;
            case SENDING -> startNanos + bytesSent * 8 * BandwidthLimits.SECOND / targetBps;
            case WAITING -> waitUntilNanos;
        };
    }

    /** A packet of the current burst has left. */
    void sent(int packetBytes, long sequence, long nowNanos) {
        bytesSent += packetBytes;
        packetsSent++;
        lastSequence = sequence;
        if (bytesSent >= bytesToSend && packetsSent >= BandwidthLimits.PROBE_PACKETS_MIN) {
            state = State.WAITING;
            waitUntilNanos = nowNanos + BandwidthLimits.PROBE_ANSWER_NANOS;
        }
    }

    /** A packet of a burst has arrived. */
    void arrived(int probe, int packetBytes, long sentNanos, long arrivalNanos) {
        if (probe != number || state == State.IDLE) {
            return;
        }
        firstSent = packetsReceived == 0 ? sentNanos : Math.min(firstSent, sentNanos);
        if (packetsReceived == 0 || sentNanos >= lastSent) {
            lastSent = sentNanos;
            lastSentBytes = packetBytes;
        }
        if (packetsReceived == 0 || arrivalNanos < firstArrival) {
            firstArrival = arrivalNanos;
            firstArrivedBytes = packetBytes;
        }
        lastArrival = packetsReceived == 0 ? arrivalNanos : Math.max(lastArrival, arrivalNanos);
        packetsReceived++;
        bytesReceived += packetBytes;
    }

    /** Whether the burst is over: the report speaks of what was sent after it, or no report comes. */
    boolean isOver(long reportedSequence, long nowNanos) {
        return state == State.WAITING && (reportedSequence >= lastSequence || nowNanos >= waitUntilNanos);
    }

    /** The rate that the burst has shown, or {@link #NOTHING}. */
    long finish() {
        state = State.IDLE;
        if (packetsReceived < RECEIVED_SHARE * packetsSent || bytesReceived < RECEIVED_SHARE * bytesSent) {
            return NOTHING;
        }
        // Media that left all at once, and times of arrival in steps of a quarter of a millisecond.
        long sending = Math.max(lastSent - firstSent, MICROSECOND);
        long arriving = Math.max(lastArrival - firstArrival, FeedbackReader.NANOS_PER_TICK);
        double sentBps = (bytesReceived - lastSentBytes) * 8e9 / sending;
        double arrivedBps = (bytesReceived - firstArrivedBytes) * 8e9 / arriving;
        if (arrivedBps > COMPRESSION_MAX * sentBps) {
            return NOTHING;
        }
        double shown = arrivedBps < SATURATION * sentBps ? 0.95 * arrivedBps : Math.min(sentBps, arrivedBps);
        return (long) Math.min(shown, BEYOND_TARGET * targetBps);
    }
}
