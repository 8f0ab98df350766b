// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import dev.tributary.core.rtp.NtpTime;
import dev.tributary.core.rtp.RtcpReader;
import dev.tributary.core.rtp.RtcpWriter;
import dev.tributary.sfu.internal.bandwidth.Allocation;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One outgoing stream of a subscriber and what it is fed from: a track, of it one layer, behind two gates. The source can
 * change at any time ({@link #switchTo}); the receiver sees one continuous stream. For video each beginning waits for a
 * key frame, and the old source or layer goes on until the new one has it.
 *
 * <p>Not thread-safe: owned by the subscriber's loop.
 */
public final class Subscription {
    private final OutboundMedia peer;
    private final OutboundSection section;
    private final OutgoingStream out;
    private final RingEntry entry = new RingEntry();
    private final long[] reportNanos = new long[ForwardLimits.SENDER_REPORTS_KEPT];
    private final int[] reportNtp = new int[ForwardLimits.SENDER_REPORTS_KEPT];
    private final long[] pliNanos = new long[ForwardLimits.PLI_PER_WINDOW_MAX];

    private boolean enabled = true;
    private boolean paused;
    private boolean removed;
    private LayerLimit limit = LayerLimit.NONE;
    private final LayerGrant grant = new LayerGrant();
    private int priority;

    private @Nullable TrackSource wanted;
    private @Nullable TrackFeed wantedFeed;
    private @Nullable TrackFeed oldFeed;
    private @Nullable IncomingStream current;
    private long currentCursor;
    private @Nullable IncomingStream pending;
    private long pendingCursor;
    private long layerChoiceDueNanos;
    private byte[] cname = {};

    private long keyFrameOwedUntilNanos;
    private int pliCount;
    private int firSequence = -1;
    private int reportCount;
    private long reportDueNanos;
    private long firstSentNanos = -1;
    private long keyFramesRequested;
    private long switches;
    private double fractionLost;
    private long jitter;
    private long roundTripNanos = -1;

    Subscription(OutboundMedia peer, OutboundSection section, OutgoingStream out) {
        this.peer = peer;
        this.section = section;
        this.out = out;
    }

    /** The section that it sends on. */
    public OutboundSection section() {
        return section;
    }

    /** The SSRC of the media. */
    public int ssrc() {
        return out.ssrc;
    }

    /** The SSRC of the retransmissions. */
    public int rtxSsrc() {
        return out.rtxSsrc;
    }

    /** The track that is forwarded, or will be as soon as its key frame comes; {@code null} for none. */
    public @Nullable TrackSource source() {
        return wanted;
    }

    /** Whether packets of {@link #source()} flow: its key frame has come and the gates are open. */
    public boolean isForwarding() {
        return current != null && current.track() == wanted;
    }

    /** Changes the source; {@code null} stops at once. */
    public void switchTo(@Nullable TrackSource source, long nowNanos) {
        if (removed || source == wanted) {
            return;
        }
        if (source != null && source.isVideo() != section.video()) {
            throw new IllegalArgumentException("A " + (source.isVideo() ? "video" : "audio") + " track cannot feed "
                    + section.mid() + ", which is not");
        }
        leaveWanted(source == null);
        wanted = source;
        pending = null;
        if (source == null) {
            return;
        }
        TrackFeed feed = source.feedOf(peer.loop());
        if (feed == oldFeed) {
            oldFeed = null;
        } else {
            feed.add(this);
        }
        wantedFeed = feed;
        cname = source.cname().getBytes(StandardCharsets.UTF_8);
        layerChoiceDueNanos = 0;
        drain(nowNanos);
    }

    /** The gate of the room's policy. */
    public void setEnabled(boolean open, long nowNanos) {
        enabled = open;
        gateChanged(nowNanos);
    }

    /** The gate of the subscriber itself. */
    public void setPaused(boolean closed, long nowNanos) {
        paused = closed;
        gateChanged(nowNanos);
    }

    /** Says who goes first when not all fits: 0 before 1. */
    public void setPriority(int newPriority) {
        priority = newPriority;
    }

    /** Why the subscriber does not get all that it could. */
    public Limitation limitation(long nowNanos) {
        TrackSource track = wanted;
        if (track == null) {
            return Limitation.NO_SOURCE;
        } else if (!enabled) {
            return Limitation.DISABLED;
        } else if (paused) {
            return Limitation.PAUSED;
        } else if (grant.isStarved()) {
            return Limitation.PAUSED_FOR_BANDWIDTH;
        } else if (!track.isActive(nowNanos)) {
            return Limitation.SILENT;
        } else if (current == null) {
            return Limitation.AWAITS_KEY_FRAME;
        }
        return grant.isLowered() ? Limitation.LAYER_FOR_BANDWIDTH : Limitation.NONE;
    }

    /** Limits the choice of layer. */
    public void setLayerLimit(LayerLimit newLimit, long nowNanos) {
        limit = newLimit;
        layerChoiceDueNanos = 0;
        peer.downlink().allocate(nowNanos);
        drain(nowNanos);
    }

    /** Asks for a key frame on the subscriber's behalf, within what one subscriber may cause. */
    public void requestKeyFrame(long nowNanos) {
        IncomingStream stream = pending != null ? pending : current;
        int slot = pliCount % ForwardLimits.PLI_PER_WINDOW_MAX;
        if (stream == null
                || pliCount >= ForwardLimits.PLI_PER_WINDOW_MAX
                        && nowNanos - pliNanos[slot] < ForwardLimits.PLI_WINDOW_NANOS) {
            return;
        }
        pliNanos[slot] = nowNanos;
        pliCount++;
        keyFrameOwedUntilNanos = nowNanos + 2 * ForwardLimits.KEY_FRAME_RETRY_NANOS;
        keyFramesRequested++;
        stream.requestKeyFrame();
    }

    /** What was counted so far. */
    public SubscriptionStats stats() {
        return new SubscriptionStats(
                out.ssrc,
                out.packetsSent,
                out.bytesSent,
                out.packetsResent,
                out.nacksUnanswered,
                out.ringMisses,
                out.unsupportedPackets,
                keyFramesRequested,
                switches,
                fractionLost,
                jitter,
                roundTripNanos);
    }

    /** Takes all packets that have come since the last time. */
    void drain(long nowNanos) {
        TrackSource track = wanted;
        if (track == null || removed || !enabled || paused) {
            return;
        }
        if (grant.isStarved()) {
            peer.downlink().allocateIfDue(nowNanos);
            return;
        }
        forwardCurrent(nowNanos);
        if (nowNanos >= layerChoiceDueNanos || pending == null && !flows(track)) {
            layerChoiceDueNanos = nowNanos + ForwardLimits.LAYER_CHOICE_NANOS;
            chooseLayer(track, nowNanos);
        }
        if (pending != null && findBeginning(pending)) {
            begin(pending, nowNanos);
            forwardCurrent(nowNanos);
        }
    }

    void remove() {
        leaveWanted(true);
        wanted = null;
        pending = null;
        removed = true;
    }

    // Feedback of the subscriber.

    void handleNack(RtcpReader nack, long nowNanos) {
        if (nowNanos < keyFrameOwedUntilNanos) {
            return; // a key frame is on its way and makes all of this worthless
        }
        long roundTrip = roundTripNanos < 0 ? ForwardLimits.NACK_RETRY_NANOS_MIN : roundTripNanos;
        for (int i = 0; i < nack.nackCount(); i++) {
            int first = nack.nackPacketId(i);
            out.resend(first, roundTrip, nowNanos);
            int bitmask = nack.nackBitmask(i);
            while (bitmask != 0) {
                int bit = Integer.numberOfTrailingZeros(bitmask);
                out.resend(first + 1 + bit & 0xFFFF, roundTrip, nowNanos);
                bitmask &= bitmask - 1;
            }
        }
    }

    void handleFir(int sequenceNumber, long nowNanos) {
        if (sequenceNumber != firSequence) {
            firSequence = sequenceNumber;
            requestKeyFrame(nowNanos);
        }
    }

    void handleReport(RtcpReader report, int block, long nowNanos) {
        fractionLost = report.reportFractionLost(block) / 256.0;
        jitter = report.reportJitter(block);
        out.acknowledge();
        int last = report.reportLastSenderReport(block);
        for (int i = 0; i < Math.min(reportCount, reportNtp.length); i++) {
            // Only what we have sent ourselves counts: a stale or invented "last SR" gives no RTT.
            if (last != 0 && reportNtp[i] == last) {
                long delay = NtpTime.nanosOfShortFormat(report.reportDelaySinceLastSenderReport(block));
                long measured = nowNanos - reportNanos[i] - delay;
                if (measured >= 0 && measured <= ForwardLimits.ROUND_TRIP_NANOS_MAX) {
                    roundTripNanos = Math.max(ForwardLimits.MILLIS, measured);
                }
                return;
            }
        }
    }

    // Sender reports.

    long reportDueNanos() {
        return out.hasSent() ? reportDueNanos : Long.MAX_VALUE;
    }

    /**
     * Writes a sender report and description, if there is something to tell: the publisher's clock, moved by the same
     * offset as the packets, so that picture and sound of one publisher stay together.
     *
     * @return {@code false} if it does not fit any more
     */
    boolean writeReport(RtcpWriter writer, long nowNanos) {
        IncomingStream stream = current;
        ClockMapping mapping = stream == null ? null : stream.clockMapping();
        if (mapping == null && nowNanos - firstSentNanos < ForwardLimits.SENDER_REPORT_PATIENCE_NANOS
                || stream == null) {
            reportDueNanos = nowNanos + ForwardLimits.REPORT_NANOS / 4;
            return true;
        }
        int timestamp = mapping != null
                ? mapping.timestampAt(nowNanos) + out.timestampOffset()
                : out.lastTimestamp() + (int) ClockMapping.ticks(nowNanos - out.lastArrivalNanos(), out.clockRate());
        long ntpTime = peer.ntpTime(nowNanos);
        if (writer.remaining() < 28 + 12 + cname.length + 4) {
            return false;
        }
        boolean unused = writer.senderReport(out.ssrc, ntpTime, timestamp, out.packetsSent, out.bytesSent)
                && writer.cname(out.ssrc, cname);
        int slot = reportCount++ & ForwardLimits.SENDER_REPORTS_KEPT - 1;
        reportNtp[slot] = NtpTime.middle32(ntpTime);
        reportNanos[slot] = nowNanos;
        reportDueNanos = nowNanos + ForwardLimits.REPORT_NANOS;
        return true;
    }

    private void gateChanged(long nowNanos) {
        if (enabled && !paused) {
            drain(nowNanos);
        } else {
            current = null;
            pending = null;
            leaveOld();
        }
    }

    private void forwardCurrent(long nowNanos) {
        IncomingStream stream = current;
        if (stream == null) {
            return;
        }
        PacketRing ring = stream.ring();
        long end = ring.arrivals();
        if (end - currentCursor > ring.capacity()) {
            out.ringMisses += end - currentCursor - ring.capacity();
            currentCursor = end - ring.capacity();
        }
        while (currentCursor < end) {
            if (!ring.read(currentCursor++, entry)) {
                out.ringMisses++;
                continue;
            }
            if (out.isRestart(entry) && !restart(stream, nowNanos)) {
                return;
            }
            forward(stream, nowNanos);
        }
    }

    private void forward(IncomingStream stream, long nowNanos) {
        if (entry.isKeyFrameStart()) {
            keyFrameOwedUntilNanos = 0;
        }
        out.forward(stream, entry, nowNanos);
        if (firstSentNanos < 0 && out.hasSent()) {
            firstSentNanos = nowNanos;
            reportNow(nowNanos);
        }
    }

    /** The publisher has restarted the stream; whether the packet at hand can begin it anew. */
    private boolean restart(IncomingStream stream, long nowNanos) {
        if (!section.video() || entry.isKeyFrameStart()) {
            out.begin(stream, entry);
            reportNow(nowNanos);
            return true;
        }
        current = null;
        await(stream, nowNanos);
        return false;
    }

    private void chooseLayer(TrackSource track, long nowNanos) {
        Downlink downlink = peer.downlink();
        boolean isShared = section.video() && downlink.allocates(nowNanos);
        if (isShared && grant.layer() == null) {
            downlink.allocate(nowNanos);
        } else if (isShared) {
            downlink.allocateIfDue(nowNanos);
        } else {
            grant.forget();
        }
        IncomingStream granted = isShared ? grant.layer() : null;
        IncomingStream best = granted != null ? granted : LayerChoice.choose(track, current, limit, nowNanos);
        if (best == null || grant.isStarved() || best == (pending != null ? pending : current)) {
            return;
        }
        if (best == current) {
            pending = null;
        } else {
            await(best, nowNanos);
        }
    }

    /** Asks for a share of the subscriber's bandwidth. Returns the index in the allocation, or −1 for no interest. */
    int ask(Allocation allocation, long nowNanos) {
        TrackSource track = wanted;
        if (!section.video() || track == null || removed || !enabled || paused) {
            grant.forget();
            return -1;
        }
        IncomingStream present = pending != null ? pending : current;
        return grant.ask(allocation, track, limit, priority, present, nowNanos);
    }

    /** The sound that goes whatever the bandwidth. */
    long soundBps(long nowNanos) {
        IncomingStream stream = current;
        return section.video() || stream == null || !stream.isActive(nowNanos) ? 0 : stream.bitrateBps();
    }

    /** Takes what was granted; when the path is congested, a layer that is too much is left at once. */
    void granted(int layer, boolean isCongested) {
        IncomingStream flowing = current;
        grant.take(layer);
        layerChoiceDueNanos = 0;
        if (grant.isStarved()) {
            // Better no picture than one that stands still while its packets queue.
            current = null;
            pending = null;
            leaveOld();
            return;
        }
        IncomingStream next = grant.layer();
        if (isCongested && flowing != null && next != null && LayerGrant.cost(flowing) > LayerGrant.cost(next)) {
            current = null;
            pending = null;
        }
    }

    /** Sends a packet of padding, if it can. */
    boolean pad(long nowNanos) {
        return section.video() && !removed && out.pad(nowNanos);
    }

    private void await(IncomingStream stream, long nowNanos) {
        pending = stream;
        pendingCursor = stream.ring().arrivals();
        long keyFrame = stream.ring().lastKeyFrame();
        long ageMax = out.hasSent() ? ForwardLimits.REPLAY_SWITCH_NANOS_MAX : ForwardLimits.REPLAY_NANOS_MAX;
        boolean replay = keyFrame >= 0
                && pendingCursor - keyFrame <= ForwardLimits.REPLAY_PACKETS_MAX
                && stream.ring().read(keyFrame, entry)
                && nowNanos - entry.arrivalNanos <= ageMax
                && out.isNews(stream, entry);
        if (replay) {
            pendingCursor = keyFrame;
        } else if (section.video()) {
            keyFramesRequested++;
            stream.requestKeyFrame();
        }
    }

    private boolean flows(TrackSource track) {
        IncomingStream stream = current;
        return stream != null && stream.track() == track && !stream.isEnded();
    }

    /** Moves to where the awaited stream can begin and leaves that packet in {@link #entry}. */
    private boolean findBeginning(IncomingStream stream) {
        PacketRing ring = stream.ring();
        long end = ring.arrivals();
        while (pendingCursor < end) {
            if (ring.read(pendingCursor, entry) && entry.isKeyFrameStart()) {
                return true;
            }
            pendingCursor++;
        }
        return false;
    }

    private void begin(IncomingStream stream, long nowNanos) {
        out.begin(stream, entry);
        current = stream;
        currentCursor = pendingCursor;
        pending = null;
        switches++;
        reportNow(nowNanos);
        leaveOld();
    }

    /** The mapping of timestamps has just changed: players must not apply the old one to the new packets. */
    private void reportNow(long nowNanos) {
        reportDueNanos = nowNanos;
        if (out.hasSent()) {
            peer.timeoutChanged();
        }
    }

    private void leaveWanted(boolean stop) {
        TrackFeed feed = wantedFeed;
        wantedFeed = null;
        if (feed != null) {
            boolean stillFlows = !stop && current != null && current.track() == wanted;
            if (stillFlows) {
                oldFeed = feed;
            } else {
                feed.remove(this);
            }
        }
        if (stop) {
            current = null;
            leaveOld();
        }
    }

    private void leaveOld() {
        if (oldFeed != null) {
            oldFeed.remove(this);
            oldFeed = null;
        }
    }
}
