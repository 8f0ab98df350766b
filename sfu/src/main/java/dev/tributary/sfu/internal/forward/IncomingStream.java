// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import dev.tributary.core.DatagramProtocol;
import dev.tributary.core.rtp.RtcpWriter;
import dev.tributary.core.rtp.RtpPacket;
import dev.tributary.core.rtp.SequenceUnwrapper;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One incoming RTP stream: one SSRC, one layer of a track. Takes its packets and retransmissions in the clear, keeps
 * them in a ring, knows what is missing, and asks for it.
 *
 * <p>Owned by the publisher's loop. Other loops read the ring and what is marked so below.
 */
final class IncomingStream {
    private final TrackSource track;
    private final @Nullable String rid;
    private final int ssrc;
    private final PacketRing ring;
    private final SequenceUnwrapper unwrapper = new SequenceUnwrapper();
    private final ReceiveStatistics statistics = new ReceiveStatistics();
    private final NackTracker nacks = new NackTracker();
    private final KeyFrameRequests keyFrames = new KeyFrameRequests();
    private final AtomicBoolean keyFrameWanted = new AtomicBoolean();
    private final PublisherClock clock;

    private @Nullable MediaCodec codec;
    private long windowStartNanos = -1;
    private long windowBytes;
    private int restartAt = -1;
    private int restartRun;
    private int pictureTimestamp;
    private long lastOfOlderPictures;
    private long packetsReceived;
    private long bytesReceived;
    private long packetsDropped;
    private long packetsRecovered;

    // Published to other loops.
    private volatile @Nullable ClockMapping clockMapping;
    private volatile long lastArrivalNanos;
    private volatile long bitrateBps;
    /** Width in the high half, height in the low one. */
    private volatile int size;

    private volatile boolean ended;
    private volatile InboundSection section;

    IncomingStream(TrackSource track, InboundSection section, @Nullable String rid, int ssrc, PublisherClock clock) {
        this.track = track;
        this.section = section;
        this.rid = rid;
        this.ssrc = ssrc;
        this.clock = clock;
        this.ring = track.isVideo()
                ? new PacketRing(ForwardLimits.VIDEO_RING_PACKETS, ForwardLimits.VIDEO_RING_BYTES)
                : new PacketRing(ForwardLimits.AUDIO_RING_PACKETS, ForwardLimits.AUDIO_RING_BYTES);
    }

    // On any loop.

    TrackSource track() {
        return track;
    }

    PacketRing ring() {
        return ring;
    }

    @Nullable
    String rid() {
        return rid;
    }

    int ssrc() {
        return ssrc;
    }

    /** What the last sender report said, or {@code null} before the first. */
    @Nullable
    ClockMapping clockMapping() {
        return clockMapping;
    }

    long bitrateBps() {
        return bitrateBps;
    }

    /** Width times height of the last key frame, or 0 if the codec does not tell. */
    int pixels() {
        int both = size;
        return (both >>> 16) * (both & 0xFFFF);
    }

    /** Width of the last key frame, or 0 if the codec does not tell. */
    int width() {
        return size >>> 16;
    }

    boolean isEnded() {
        return ended;
    }

    /** Whether packets have come lately. */
    boolean isActive(long nowNanos) {
        return !ended && lastArrivalNanos > 0 && nowNanos - lastArrivalNanos < ForwardLimits.LAYER_SILENCE_NANOS;
    }

    /** The negotiated codec of a payload type on this stream, or {@code null}. */
    @Nullable
    MediaCodec codecOf(int payloadType) {
        return section.codec(payloadType);
    }

    /** The section was negotiated anew. */
    void renegotiated(InboundSection newSection) {
        section = newSection;
    }

    /** Asks for a key frame, from any loop; the request is taken up in the publisher's next turn. */
    void requestKeyFrame() {
        if (!ended && keyFrameWanted.compareAndSet(false, true)) {
            track.onPublisherLoop(this::takeUpKeyFrameRequest);
        }
    }

    // On the publisher's loop.

    /** Takes a packet of this stream; {@code false} if it is of no use (a duplicate, too old, an unknown codec). */
    boolean receive(RtpPacket packet, long nowNanos) {
        if (ended) {
            return false;
        }
        MediaCodec packetCodec = section.codec(packet.payloadType());
        if (packetCodec == null || packet.payloadLength() > ForwardLimits.PACKET_BYTES_MAX) {
            packetsDropped++;
            return false;
        }
        codec = packetCodec;
        long highestBefore = unwrapper.highest();
        long sequence = unwrapper.interpret(packet.sequenceNumber());
        if (highestBefore >= 0 && isFar(sequence, highestBefore)) {
            if (!isRestart(packet.sequenceNumber())) {
                packetsDropped++;
                return false;
            }
            restart();
            highestBefore = -1;
            sequence = unwrapper.interpret(packet.sequenceNumber());
        } else if (ring.contains(sequence)) {
            packetsDropped++;
            return false;
        }
        restartRun = 0;
        unwrapper.unwrap(packet.sequenceNumber());
        statistics.received(sequence, packet.timestamp(), packetCodec.clockRate(), nowNanos);
        if (highestBefore >= 0 && sequence > highestBefore) {
            noteGap(highestBefore + 1, sequence, packetCodec, nowNanos);
        } else {
            nacks.arrived(sequence);
        }
        if (sequence > highestBefore && packet.timestamp() != pictureTimestamp) {
            pictureTimestamp = packet.timestamp();
            lastOfOlderPictures = highestBefore;
        }
        store(packet, sequence, packet.payloadType(), packet.payloadOffset(), packetCodec, nowNanos);
        return true;
    }

    /**
     * Takes a retransmission (RFC 4588 section 4): the first two bytes of its payload are the sequence number of the
     * original. Without payload it is padding that probes bandwidth.
     */
    boolean receiveRetransmission(RtpPacket packet, long nowNanos) {
        MediaCodec original = section.originalOf(packet.payloadType());
        if (ended || original == null || packet.payloadLength() < 2 || unwrapper.highest() < 0) {
            return false;
        }
        int at = packet.payloadOffset();
        long sequence = unwrapper.interpret((packet.array()[at] & 0xFF) << 8 | packet.array()[at + 1] & 0xFF);
        if (sequence > unwrapper.highest()
                || sequence <= unwrapper.highest() - ring.capacity()
                || ring.contains(sequence)) {
            packetsDropped++;
            return false;
        }
        nacks.arrived(sequence);
        statistics.recovered();
        packetsRecovered++;
        store(packet, sequence, original.payloadType(), at + 2, original, nowNanos);
        return true;
    }

    void senderReport(long ntpTime, int rtpTimestamp, long nowNanos) {
        statistics.senderReport(ntpTime, nowNanos);
        MediaCodec current = codec;
        if (current != null) {
            clockMapping = new ClockMapping(clock.place(ntpTime, nowNanos), rtpTimestamp, current.clockRate());
        }
    }

    boolean hasReceived() {
        return packetsReceived > 0;
    }

    /** The encoding name of the last packet's codec, or {@code null} before the first. */
    @Nullable
    String codecName() {
        MediaCodec current = codec;
        return current == null ? null : current.kind().encodingName();
    }

    /** Says that nothing more will come (BYE, removed by negotiation, peer gone). */
    void end() {
        ended = true;
        nacks.clear();
        keyFrames.keyFrameArrived();
    }

    long nextTimeoutNanos() {
        return ended ? DatagramProtocol.NEVER : Math.min(nacks.nextDueNanos(), keyFrames.nextDueNanos());
    }

    /** Writes the NACK and the key frame request that are due. */
    void writeFeedback(RtcpWriter writer, int senderSsrc, long roundTripNanos, long nowNanos) {
        int givenUp = nacks.write(writer, senderSsrc, ssrc, roundTripNanos, nowNanos);
        if (givenUp > 0 && track.isVideo()) {
            keyFrames.request(roundTripNanos, nowNanos);
        }
        MediaCodec current = codec;
        if (current == null || writer.remaining() < 20 || !keyFrames.take(nowNanos)) {
            return;
        }
        boolean unused = current.fullIntraRequest() && !current.pictureLossIndication()
                ? writer.fullIntraRequest(senderSsrc, ssrc, keyFrames.nextFirSequence())
                : writer.pictureLossIndication(senderSsrc, ssrc);
    }

    boolean writeReport(RtcpWriter writer, long nowNanos) {
        return !statistics.hasReceived() || statistics.report(writer, ssrc, nowNanos);
    }

    IncomingStreamStats stats() {
        MediaCodec current = codec;
        return new IncomingStreamStats(
                ssrc,
                rid,
                current == null ? null : current.key(),
                packetsReceived,
                bytesReceived,
                packetsDropped,
                packetsRecovered,
                statistics.packetsLost(),
                statistics.fractionLost() / 256.0,
                statistics.jitter(),
                bitrateBps,
                pixels());
    }

    private void takeUpKeyFrameRequest() {
        keyFrameWanted.set(false);
        if (!ended) {
            keyFrames.request(track.publisherRoundTripNanos(), track.publisherNowNanos());
            track.publisherTimeoutChanged();
        }
    }

    private void store(
            RtpPacket packet, long sequence, int payloadType, int payloadAt, MediaCodec packetCodec, long nowNanos) {
        int length = packet.payloadOffset() + packet.payloadLength() - payloadAt;
        long traits = PacketTraits.of(packet, payloadAt, length, packetCodec.kind(), section.extensionIds());
        int at = ring.reserve(length);
        System.arraycopy(packet.array(), payloadAt, ring.array(), at, length);
        ring.commit(0, length, sequence, packet.timestamp(), payloadType, traits, nowNanos);
        packetsReceived++;
        bytesReceived += length;
        measureBitrate(length, nowNanos);
        lastArrivalNanos = Math.max(1, nowNanos);
        if (track.isVideo() && PacketTraits.has(traits, PacketTraits.KEY_FRAME_START)) {
            keyFrames.keyFrameArrived();
            // What is missing right before this packet may be a parameter set that belongs to this very picture.
            nacks.giveUpBefore(lastOfOlderPictures);
            readSize(packet.array(), payloadAt, length, packetCodec.kind());
        }
        track.changed(this);
    }

    private void noteGap(long from, long to, MediaCodec packetCodec, long nowNanos) {
        if (!packetCodec.nack() || from == to) {
            return;
        }
        if (!nacks.gap(from, to, nowNanos) && track.isVideo()) {
            keyFrames.request(track.publisherRoundTripNanos(), nowNanos);
        }
    }

    /** Whether a packet is so far from where the stream is that it cannot be loss or reordering (RFC 3550 §A.1). */
    private boolean isFar(long sequence, long highest) {
        return sequence > highest + ForwardLimits.SEQUENCE_STEP_MAX || sequence <= highest - ring.capacity();
    }

    /** A single far packet is a stray one; several in a row that follow each other are a sender that has restarted. */
    private boolean isRestart(int sequenceNumber) {
        restartRun = sequenceNumber == restartAt ? restartRun + 1 : 1;
        restartAt = sequenceNumber + 1 & 0xFFFF;
        return restartRun >= ForwardLimits.RESTART_PACKETS;
    }

    private void restart() {
        restartRun = 0;
        nacks.clear();
        statistics.restart();
        unwrapper.restart();
        if (track.isVideo()) {
            keyFrames.request(track.publisherRoundTripNanos(), track.publisherNowNanos());
        }
    }

    private void measureBitrate(int length, long nowNanos) {
        if (windowStartNanos < 0) {
            windowStartNanos = nowNanos;
        }
        windowBytes += length;
        long elapsed = nowNanos - windowStartNanos;
        boolean isFirst = bitrateBps == 0 && elapsed >= ForwardLimits.BITRATE_FIRST_NANOS;
        if (isFirst) {
            bitrateBps = windowBytes * 8 * 1_000 / (elapsed / ForwardLimits.MILLIS);
        } else if (elapsed >= ForwardLimits.BITRATE_WINDOW_NANOS) {
            bitrateBps = windowBytes * 8 * 1_000 / (elapsed / ForwardLimits.MILLIS);
            windowStartNanos = nowNanos;
            windowBytes = 0;
        }
    }

    private void readSize(byte[] bytes, int at, int length, CodecKind kind) {
        if (kind == CodecKind.VP8) {
            int said = Vp8Descriptor.size(bytes, at, length);
            if (said != 0) {
                size = said;
            }
        }
    }
}
