// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import dev.tributary.core.rtp.NtpTime;
import dev.tributary.core.rtp.RtcpReader;
import dev.tributary.core.rtp.RtcpWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What a peer receives from us: its subscriptions, and what it tells us about them in RTCP.
 *
 * <p><b>Drive contract.</b> Packets flow by themselves: a batch of the publisher ends, and every subscription sends what is
 * new through the {@link RtpSink}, on this peer's loop. The owner hands in decrypted RTCP with {@link #handleRtcp} and
 * calls {@link #handleTimeout} when {@link #nextTimeoutNanos} is reached; the deadline moves to earlier when packets begin
 * to flow, and {@code timeoutChanged} tells that. Not thread-safe: owned by the subscriber's loop.
 */
public final class OutboundMedia {
    /** Sequences start below 2^15, so that losing the first packets cannot hide a roll-over from SRTP. */
    private static final int FIRST_SEQUENCE_MIN = 1_000;

    private static final int FIRST_SEQUENCE_BOUND = 32_768;

    private final Loop loop;
    private final RtpSink sink;
    private final long ntpAtZero;
    private final RandomGenerator random;
    private final Runnable timeoutChanged;
    private final RtcpReader reader = new RtcpReader();
    private final RtcpWriter writer = new RtcpWriter();
    private final byte[] scratch = new byte[ForwardLimits.SCRATCH_BYTES + RtpSink.ROOM_BYTES];
    private final SsrcTable<Subscription> bySsrc = new SsrcTable<>(ForwardLimits.SUBSCRIPTIONS_MAX * 2);
    private final List<Subscription> subscriptions = new ArrayList<>();
    private final Downlink downlink;

    /**
     * Makes the sending side of a peer.
     *
     * @param loop the loop that owns the peer
     * @param sink protects and sends
     * @param ntpAtZero the NTP time at which {@code nowNanos} was zero ({@link NtpTime#ofEpochNanos})
     * @param random for SSRCs and first sequence numbers: a secure one in production
     * @param timeoutChanged called on the loop when {@link #nextTimeoutNanos} has become earlier without the peer's doing
     */
    public OutboundMedia(Loop loop, RtpSink sink, long ntpAtZero, RandomGenerator random, Runnable timeoutChanged) {
        this.loop = loop;
        this.sink = sink;
        this.ntpAtZero = ntpAtZero;
        this.random = random;
        this.timeoutChanged = timeoutChanged;
        this.downlink = new Downlink(subscriptions, timeoutChanged);
    }

    /** The transport is up: what the path carries can be found out before any media flows. */
    public void connected(long nowNanos) {
        downlink.connected(nowNanos);
    }

    /**
     * Adds an outgoing stream for a section. It sends nothing until it has a source; by the rule of the dynamic
     * extension it gets one after the answer that accepts the section.
     *
     * @throws IllegalArgumentException beyond {@value ForwardLimits#SUBSCRIPTIONS_MAX} subscriptions
     */
    public Subscription subscribe(OutboundSection section) {
        return subscribe(section, newSsrc(), newSsrc());
    }

    /** As {@link #subscribe(OutboundSection)}, with SSRCs that a description has announced already. */
    public Subscription subscribe(OutboundSection section, int ssrc, int rtxSsrc) {
        if (subscriptions.size() >= ForwardLimits.SUBSCRIPTIONS_MAX) {
            throw new IllegalArgumentException("More than " + ForwardLimits.SUBSCRIPTIONS_MAX + " subscriptions");
        }
        int first = random.nextInt(FIRST_SEQUENCE_MIN, FIRST_SEQUENCE_BOUND);
        int firstRtx = random.nextInt(FIRST_SEQUENCE_MIN, FIRST_SEQUENCE_BOUND);
        OutgoingStream out = new OutgoingStream(this, section, ssrc, rtxSsrc, first, firstRtx);
        Subscription subscription = new Subscription(this, section, out);
        if (section.extensionIds().transportSequence() > 0) {
            downlink.startEstimation();
        }
        subscriptions.add(subscription);
        boolean unused = bySsrc.put(ssrc, subscription) && bySsrc.put(rtxSsrc, subscription);
        return subscription;
    }

    /** A random SSRC that no subscription of this peer has. */
    public int newSsrc() {
        int ssrc;
        do {
            ssrc = random.nextInt();
        } while (ssrc == 0 || bySsrc.get(ssrc) != null);
        return ssrc;
    }

    /** Ends a subscription with a goodbye. Idempotent. */
    public void unsubscribe(Subscription subscription) {
        if (!subscriptions.remove(subscription)) {
            return;
        }
        subscription.remove();
        bySsrc.removeIf(other -> other == subscription);
        if (subscription.stats().packetsSent() > 0) {
            writer.wrap(scratch, 0, ForwardLimits.SCRATCH_BYTES);
            boolean unused = writer.receiverReport(subscription.ssrc()) && writer.bye(subscription.ssrc());
            sink.sendRtcp(scratch, 0, writer.length());
        }
    }

    /** The subscriptions, in the order in which they were made. */
    public List<Subscription> subscriptions() {
        return List.copyOf(subscriptions);
    }

    /** Takes a decrypted compound RTCP packet of the subscriber; streams that are not ours are ignored. */
    public void handleRtcp(byte[] bytes, int offset, int length, long nowNanos) {
        reader.wrap(bytes, offset, length);
        while (reader.next()) {
            switch (reader.kind()) {
                case SENDER_REPORT, RECEIVER_REPORT -> handleReports(nowNanos);
                case GENERIC_NACK -> {
                    Subscription subscription = bySsrc.get(reader.mediaSsrc());
                    if (subscription != null && subscription.ssrc() == reader.mediaSsrc()) {
                        subscription.handleNack(reader, nowNanos);
                    }
                }
                case PICTURE_LOSS_INDICATION -> {
                    Subscription subscription = bySsrc.get(reader.mediaSsrc());
                    if (subscription != null) {
                        subscription.requestKeyFrame(nowNanos);
                    }
                }
                case FULL_INTRA_REQUEST -> handleFir(nowNanos);
                case RECEIVER_ESTIMATED_MAXIMUM_BITRATE -> downlink.receiverSays(reader.rembBitrateBps(), nowNanos);
                case TRANSPORT_CC -> downlink.handleFeedback(bytes, reader.offset(), reader.length(), nowNanos);
                default -> {
                    // Nothing to do: not ours, or nothing that forwarding needs.
                }
            }
        }
    }

    /** Sends the sender reports and the padding that are due. */
    public void handleTimeout(long nowNanos) {
        downlink.handleTimeout(nowNanos);
        writer.wrap(scratch, 0, ForwardLimits.SCRATCH_BYTES - 700);
        for (int i = 0; i < subscriptions.size(); i++) {
            Subscription subscription = subscriptions.get(i);
            if (subscription.reportDueNanos() <= nowNanos && !subscription.writeReport(writer, nowNanos)) {
                sink.sendRtcp(scratch, 0, writer.length());
                writer.wrap(scratch, 0, ForwardLimits.SCRATCH_BYTES - 700);
                boolean unused = subscription.writeReport(writer, nowNanos);
            }
        }
        if (writer.length() > 0) {
            sink.sendRtcp(scratch, 0, writer.length());
        }
    }

    /** When {@link #handleTimeout} wants to be called. */
    public long nextTimeoutNanos() {
        long next = downlink.nextTimeoutNanos();
        for (int i = 0; i < subscriptions.size(); i++) {
            next = Math.min(next, subscriptions.get(i).reportDueNanos());
        }
        return next;
    }

    /** What may be sent to the subscriber in bits per second, {@code Long.MAX_VALUE} if nothing is known. */
    public long targetBps(long nowNanos) {
        return downlink.targetBps(nowNanos);
    }

    /** Ends all subscriptions without goodbyes: the transport is gone. Idempotent. */
    public void close() {
        for (Subscription subscription : subscriptions) {
            subscription.remove();
        }
        subscriptions.clear();
    }

    Loop loop() {
        return loop;
    }

    Downlink downlink() {
        return downlink;
    }

    RtpSink sink() {
        return sink;
    }

    /** Where outgoing packets are built, one at a time. */
    byte[] scratch() {
        return scratch;
    }

    void timeoutChanged() {
        timeoutChanged.run();
    }

    long ntpTime(long nowNanos) {
        return NtpTime.plusNanos(ntpAtZero, nowNanos);
    }

    private void handleReports(long nowNanos) {
        for (int i = 0; i < reader.reportCount(); i++) {
            Subscription subscription = bySsrc.get(reader.reportSsrc(i));
            if (subscription != null && subscription.ssrc() == reader.reportSsrc(i)) {
                subscription.handleReport(reader, i, nowNanos);
            }
        }
    }

    private void handleFir(long nowNanos) {
        for (int i = 0; i < reader.firCount(); i++) {
            Subscription subscription = bySsrc.get(reader.firSsrc(i));
            if (subscription != null) {
                subscription.handleFir(reader.firSequenceNumber(i), nowNanos);
            }
        }
    }
}
