// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.bandwidth;

import dev.tributary.core.DatagramProtocol;

/**
 * Estimates what the path to one subscriber carries, from transport-wide feedback.
 *
 * <p><b>Drive contract.</b> {@link #sent} for every packet that leaves, {@link #handleFeedback} for every report, {@link
 * #handleTimeout} when {@link #nextTimeoutNanos} is reached; after any of them {@link #probeBytesDue} may ask for padding,
 * and {@link #targetBps} may be another. Nothing is allocated for a packet. Not thread-safe: owned by the subscriber's
 * loop.
 */
public final class SendSideBandwidth {
    private static final long SILENCE_NANOS = 2 * BandwidthLimits.SECOND;
    private static final long PROBE_AFTER_DECREASE_NANOS = BandwidthLimits.SECOND;
    private static final long CONGESTED_NANOS = 500 * BandwidthLimits.MILLIS;
    /** A burst that keeps the path busy for longer than a picture lasts is none of the pictures that follow each other. */
    private static final long BURST_NANOS = 50 * BandwidthLimits.MILLIS;

    private static final int PROBE_STEP = 3;
    /** A probe that shows this share of what it tried has met no limit. */
    private static final double PROBE_CLEAR = 0.85;

    private final SentPackets packets = new SentPackets();
    private final FeedbackReader reader = new FeedbackReader();
    private final DelayTrend trend = new DelayTrend();
    private final DelayRate delayRate = new DelayRate();
    private final LossRate lossRate = new LossRate();
    private final Throughput throughput = new Throughput();
    private final Probes probes = new Probes();

    private long beganNanos = -1;
    private long firstSentNanos = -1;
    private long feedbackNanos = -1;
    private long reportedSequence = -1;
    private long lastTicks;
    private long roundTripNanos = 100 * BandwidthLimits.MILLIS;
    private long demandBps;
    private boolean limitShown;
    private long nextProbeNanos;
    private long probePauseNanos = BandwidthLimits.PROBE_PAUSE_NANOS_MIN;
    private long blindUntilNanos = Long.MIN_VALUE / 2;
    private long burstNanos = Long.MIN_VALUE / 2;
    private long burstBytes;
    private long malformedReports;

    /** The transport is up: probing may begin, before any media. Idempotent. */
    public void begin(long nowNanos) {
        if (beganNanos < 0) {
            beganNanos = nowNanos;
            nextProbeNanos = nowNanos;
        }
    }

    /**
     * Notes a packet that leaves now.
     *
     * @param bytes of the RTP packet
     * @return its transport-wide number, 16 bits
     */
    public int sent(int bytes, long nowNanos) {
        long sequence = packets.next();
        int probe = probes.current();
        packets.record(bytes, probe, nowNanos);
        if (probe != 0) {
            probes.sent(bytes, sequence, nowNanos);
            blindUntilNanos = nowNanos + probes.drainNanos(targetOfFeedback());
        }
        begin(nowNanos);
        firstSentNanos = firstSentNanos < 0 ? nowNanos : firstSentNanos;
        noteBurst(bytes, nowNanos);
        return (int) sequence & 0xFFFF;
    }

    /** A key frame leaves at once and takes its time on the path; what waits behind it shows no trend. */
    private void noteBurst(int bytes, long nowNanos) {
        burstBytes = nowNanos - burstNanos <= BandwidthLimits.GROUP_NANOS ? burstBytes + bytes : bytes;
        burstNanos = burstBytes == bytes ? nowNanos : burstNanos;
        long nanos = burstBytes * 8 * BandwidthLimits.SECOND / targetOfFeedback();
        if (nanos > BURST_NANOS) {
            blindUntilNanos = Math.max(blindUntilNanos, burstNanos + 2 * nanos);
        }
    }

    /** What media could use if there were room: probes go no higher, and there are none when the target is enough. */
    public void demand(long bps) {
        demandBps = Math.min(bps, BandwidthLimits.BPS_MAX);
    }

    /** What may be sent, in bits per second; {@link Long#MAX_VALUE} if the subscriber sends no feedback. */
    public long targetBps(long nowNanos) {
        return isMute(nowNanos) ? Long.MAX_VALUE : targetOfFeedback();
    }

    private boolean isMute(long nowNanos) {
        return feedbackNanos < 0 && firstSentNanos >= 0 && nowNanos - firstSentNanos > SILENCE_NANOS;
    }

    /** Whether the path has shown a limit: until then the target is what was tried, not what there is. */
    public boolean isLimitKnown() {
        return limitShown || delayRate.decreasedNanos() >= 0 || lossRate.bps() != Long.MAX_VALUE;
    }

    /** Whether queues or losses grew just now: what is sent is more than what arrives. */
    public boolean isCongested(long nowNanos) {
        return nowNanos - delayRate.decreasedNanos() < CONGESTED_NANOS || lossRate.isJudging();
    }

    /** The rate at which packets arrive, 0 when not known. */
    public long throughputBps() {
        return throughput.bps();
    }

    /** The share of packets lost lately, 0 to 1. */
    public double lossFraction() {
        return lossRate.fraction();
    }

    /** The round trip time that the feedback shows. */
    public long roundTripNanos() {
        return roundTripNanos;
    }

    /** Reports that made no sense. */
    public long malformedReports() {
        return malformedReports;
    }

    /** Takes a feedback packet, with its RTCP header and without padding; whatever its bytes, it throws nothing. */
    public void handleFeedback(byte[] bytes, int offset, int length, long nowNanos) {
        if (!reader.wrap(bytes, offset, length)) {
            malformedReports++;
            return;
        }
        if (feedbackNanos >= 0 && nowNanos - feedbackNanos > BandwidthLimits.STALL_NANOS) {
            trend.restart();
        }
        int received = 0;
        int lost = 0;
        boolean overuse = false;
        long newestSent = -1;
        long before = reportedSequence;
        boolean isFirst = feedbackNanos < 0;
        while (reader.next()) {
            long sequence = sequenceOf(reader.sequenceNumber());
            boolean isNews = sequence > before;
            if (!reader.isReceived()) {
                lost += isNews && packets.isOpen(sequence) ? 1 : 0;
                continue;
            }
            long ticks = isFirst ? reader.ticks() : lastTicks + (int) (reader.ticks() - lastTicks);
            isFirst = false;
            lastTicks = Math.max(ticks, lastTicks);
            if (!packets.isOpen(sequence)) {
                continue;
            }
            received++;
            lost -= isNews ? 0 : 1; // it was counted as lost when it was late
            reportedSequence = Math.max(reportedSequence, sequence);
            newestSent = Math.max(newestSent, packets.sentNanos(sequence));
            arrived(sequence, ticks * FeedbackReader.NANOS_PER_TICK);
            overuse |= trend.signal() == DelayTrend.Signal.OVERUSE;
        }
        if (newestSent >= 0) {
            feedbackNanos = nowNanos;
            roundTripNanos = Math.max(BandwidthLimits.MILLIS, nowNanos - newestSent);
            DelayTrend.Signal signal = overuse ? DelayTrend.Signal.OVERUSE : trend.signal();
            delayRate.update(signal, throughput.bps(), roundTripNanos, nowNanos);
        }
        lossRate.report(received, Math.max(0, lost), throughput.bps(), nowNanos);
        finishProbe(nowNanos);
        startProbe(nowNanos);
    }

    private void arrived(long sequence, long arrivalNanos) {
        long sentNanos = packets.sentNanos(sequence);
        int bytes = packets.bytes(sequence);
        int probe = packets.probe(sequence);
        packets.acknowledge(sequence);
        throughput.arrived(bytes, arrivalNanos);
        if (probe != 0) {
            probes.arrived(probe, bytes, sentNanos, arrivalNanos);
        }
        // A burst of ours fills queues, and the media behind it pays: that is no trend.
        if (probe != 0 || sentNanos < blindUntilNanos) {
            trend.restart();
        } else {
            trend.packet(sentNanos, arrivalNanos);
        }
    }

    /** Begins probes, and gives up those that nobody answers. */
    public void handleTimeout(long nowNanos) {
        finishProbe(nowNanos);
        startProbe(nowNanos);
    }

    /** When {@link #handleTimeout} wants to be called, or padding is due. */
    public long nextTimeoutNanos() {
        if (!probes.isIdle()) {
            return probes.nextTimeoutNanos();
        }
        boolean wants = beganNanos >= 0 && demandBps > targetOfFeedback();
        return wants
                ? Math.max(nextProbeNanos, delayRate.decreasedNanos() + PROBE_AFTER_DECREASE_NANOS)
                : DatagramProtocol.NEVER;
    }

    /** Bytes of padding that a probe wants now, in packets that are handed to {@link #sent}; 0 when none. */
    public int probeBytesDue(long nowNanos) {
        return probes.bytesDue(nowNanos);
    }

    /** There is no padding to be had. */
    public void giveUpProbe(long nowNanos) {
        probes.giveUp();
        nextProbeNanos = nowNanos + BandwidthLimits.PROBE_PAUSE_NANOS_MAX;
    }

    private void startProbe(long nowNanos) {
        if (!probes.isIdle() || nextTimeoutNanos() > nowNanos) {
            return;
        }
        if (isMute(nowNanos)) {
            nextProbeNanos = DatagramProtocol.NEVER;
            return;
        }
        long target = targetOfFeedback();
        probes.start(Math.min(demandBps, PROBE_STEP * target), nowNanos);
        nextProbeNanos = nowNanos + probePauseNanos;
    }

    private void finishProbe(long nowNanos) {
        if (!probes.isOver(reportedSequence, nowNanos)) {
            return;
        }
        long tried = probes.targetBps();
        long shown = probes.finish();
        if (shown > targetOfFeedback()) {
            delayRate.raise(shown);
            lossRate.raise(shown);
        }
        if (shown >= PROBE_CLEAR * tried) {
            // There may be more.
            probePauseNanos = BandwidthLimits.PROBE_PAUSE_NANOS_MIN;
            nextProbeNanos = nowNanos;
        } else {
            limitShown |= feedbackNanos >= 0;
            probePauseNanos = Math.min(BandwidthLimits.PROBE_PAUSE_NANOS_MAX, probePauseNanos * 3 / 2);
            nextProbeNanos = nowNanos + probePauseNanos;
        }
    }

    private long targetOfFeedback() {
        return Math.max(BandwidthLimits.BPS_MIN, Math.min(delayRate.bps(), lossRate.bps()));
    }

    /** The last number that was sent and has these low bits. */
    private long sequenceOf(int low) {
        long last = packets.next() - 1;
        return last - (last - low & 0xFFFF);
    }
}
