// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import dev.tributary.core.rtp.HeaderExtensionWriter;
import dev.tributary.core.rtp.RtpPacket;
import dev.tributary.core.rtp.Serial;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One outgoing RTP stream with its retransmissions: continuous sequence numbers, timestamps and picture numbers, whatever
 * it is fed from. Knows nothing of gates and layers; {@link Subscription} decides what comes here.
 *
 * <p>Not thread-safe: owned by the subscriber's loop.
 */
final class OutgoingStream {
    private static final int PROJECTIONS = 4;
    /** Browsers learn the section of an SSRC from the mid of its first packets. */
    private static final int MID_PACKETS = 60;

    private final OutboundMedia peer;
    private final OutboundSection section;
    private final MediaCodec[] codecs;
    private final byte[] mid;
    private final boolean twoByteExtensions;
    private final int transportSequenceAt;
    private final HeaderExtensionWriter extensions = new HeaderExtensionWriter();
    private final Projection[] projections = new Projection[PROJECTIONS];
    private final SentHistory history;
    private final RingEntry resendEntry = new RingEntry();
    final int ssrc;
    final int rtxSsrc;

    private @Nullable Projection projection;
    private int projectionNumber = -1;
    private long lastSequence;
    private long rtxSequence;
    private int lastTimestamp;
    private int lastTimestampIn;
    private long lastArrivalNanos;
    private boolean lastMarker = true;
    private int lastPictureId = -1;
    private int lastTl0 = -1;
    private int clockRate;
    private boolean acknowledged;

    private long resendAllowance = ForwardLimits.RESEND_BYTES_MAX;
    long packetsSent;
    long bytesSent;
    private long paddingSequence = -1;
    long packetsResent;
    long packetsOfPadding;
    long nacksUnanswered;
    long ringMisses;
    long unsupportedPackets;

    OutgoingStream(
            OutboundMedia peer, OutboundSection section, int ssrc, int rtxSsrc, int firstSequence, int firstRtx) {
        this.peer = peer;
        this.section = section;
        this.codecs = section.codecs().toArray(MediaCodec[]::new);
        this.mid = section.mid().getBytes(StandardCharsets.US_ASCII);
        ExtensionIds ids = section.extensionIds();
        int highestId = Math.max(ids.mid(), Math.max(ids.audioLevel(), ids.videoOrientation()));
        this.twoByteExtensions = mid.length > 16 || Math.max(highestId, ids.transportSequence()) > 14;
        // It is the first one in its block, behind the head of the block and its own.
        this.transportSequenceAt =
                ids.transportSequence() == 0 ? 0 : RtpPacket.FIXED_HEADER_BYTES + 4 + (twoByteExtensions ? 2 : 1);
        this.history = new SentHistory(section.video() ? ForwardLimits.SENT_VIDEO : ForwardLimits.SENT_AUDIO);
        this.ssrc = ssrc;
        this.rtxSsrc = rtxSsrc;
        this.lastSequence = firstSequence - 1L;
        this.rtxSequence = firstRtx;
        for (int i = 0; i < PROJECTIONS; i++) {
            projections[i] = new Projection();
        }
    }

    boolean hasSent() {
        return packetsSent > 0;
    }

    int lastTimestamp() {
        return lastTimestamp;
    }

    long lastArrivalNanos() {
        return lastArrivalNanos;
    }

    int clockRate() {
        return clockRate;
    }

    /** The outgoing timestamp minus the incoming one, of what is forwarded now. */
    int timestampOffset() {
        return projection == null ? 0 : projection.timestampOffset;
    }

    /** The receiver has reported on this stream: it knows which section it belongs to. */
    void acknowledge() {
        acknowledged = true;
    }

    /** Whether an incoming packet cannot belong to what is forwarded now, because its sequence was restarted. */
    boolean isRestart(RingEntry entry) {
        return projection != null && entry.sequence > projection.highestIncoming + ForwardLimits.SEQUENCE_STEP_MAX;
    }

    /** Whether a packet is newer than all that was sent. */
    boolean isNews(IncomingStream stream, RingEntry entry) {
        Projection current = projection;
        return current == null
                || (stream.equals(current.stream)
                        ? entry.sequence > current.highestIncoming
                        : entry.arrivalNanos >= lastArrivalNanos);
    }

    /** Goes on with another stream, or with the same one after a pause, from this packet on. */
    void begin(IncomingStream stream, RingEntry entry) {
        MediaCodec incoming = stream.codecOf(entry.payloadType);
        int rate = incoming == null ? 90_000 : incoming.clockRate();
        int offset = hasSent() ? continuingOffset(stream, entry, rate) : 0;
        clockRate = rate;
        // The decoder must see that the last picture is incomplete, if it is: one number stays free.
        long first = lastSequence + (lastMarker || !section.video() ? 1 : 2);
        Projection next = projections[++projectionNumber & PROJECTIONS - 1];
        next.begin(projectionNumber, stream, entry.sequence, first, offset);
        next.beginPictures(entry.traits, lastPictureId, lastTl0);
        projection = next;
        lastTimestampIn = entry.timestamp;
    }

    /** Sends one packet on. */
    void forward(IncomingStream stream, RingEntry entry, long nowNanos) {
        Projection current = projection;
        if (current == null || current.stream != stream) {
            return;
        }
        boolean newest = entry.sequence > current.highestIncoming;
        long sequence = current.sequences.map(entry.sequence);
        if (sequence == SequenceMap.TOO_OLD) {
            return;
        }
        MediaCodec codec = current.codec(entry.payloadType, codecs);
        if (entry.length == 0 || codec == null) {
            leaveOut(current, entry, newest, sequence, codec);
            return;
        }
        if (newest) {
            anchorTimestamp(current, entry, codec.clockRate());
        }
        int timestamp = entry.timestamp + current.timestampOffset;
        int length = write(stream, entry, current, codec.payloadType(), sequence, timestamp, ssrc, nowNanos);
        if (length < 0) {
            ringMisses++;
            return;
        }
        history.record(sequence, entry.sequence, timestamp, current.number);
        if (newest) {
            advance(current, entry, sequence, timestamp, codec.clockRate());
        }
        packetsSent++;
        bytesSent += entry.length;
        resendAllowance = Math.min(
                ForwardLimits.RESEND_BYTES_MAX, resendAllowance + (long) length * ForwardLimits.RESEND_PERCENT / 100);
        peer.sink().sendRtp(peer.scratch(), 0, length);
    }

    /** Answers a NACK for one sequence number. */
    void resend(int sequenceNumber, long roundTripNanos, long nowNanos) {
        long sequence = lastSequence + Serial.distance16((int) lastSequence & 0xFFFF, sequenceNumber);
        if (!history.contains(sequence)) {
            nacksUnanswered++;
            return;
        }
        Projection then = projections[history.projection(sequence) & PROJECTIONS - 1];
        IncomingStream stream = then.stream;
        if (then.number != history.projection(sequence)
                || stream == null
                || resendAllowance <= 0
                || !stream.ring().find(history.incoming(sequence), resendEntry)) {
            nacksUnanswered++;
            return;
        }
        MediaCodec codec = then.codec(resendEntry.payloadType, codecs);
        // Without RTX a resend would use an SRTP index twice: with anything changed that gives the key stream away.
        if (codec == null || codec.rtxPayloadType() < 0) {
            nacksUnanswered++;
            return;
        }
        if (!history.takeResend(sequence, roundTripNanos, nowNanos)) {
            return;
        }
        int length = write(
                stream,
                resendEntry,
                then,
                codec.rtxPayloadType(),
                sequence,
                history.timestamp(sequence),
                rtxSsrc,
                nowNanos);
        if (length < 0) {
            nacksUnanswered++;
            return;
        }
        resendAllowance -= length;
        packetsResent++;
        peer.sink().sendRtp(peer.scratch(), 0, length);
    }

    private void leaveOut(
            Projection current, RingEntry entry, boolean newest, long sequence, @Nullable MediaCodec codec) {
        if (entry.length > 0) {
            unsupportedPackets++;
        }
        if (newest) {
            current.sequences.leaveOut(entry.sequence);
            current.highestIncoming = entry.sequence;
        } else if (codec != null) {
            // Later ones have left a place for it already: fill it, or the receiver asks for it for ever.
            byte[] scratch = peer.scratch();
            int end = RtpPacket.writeHeader(
                    scratch, 0, false, false, codec.payloadType(), (int) sequence, lastTimestamp, ssrc);
            scratch[0] |= 0x20;
            scratch[end] = 1;
            peer.sink().sendRtp(scratch, 0, end + 1);
        }
    }

    /** The publisher may restart its timestamps at any packet (a replaced camera): go on by the time that has passed. */
    private void anchorTimestamp(Projection current, RingEntry entry, int rate) {
        if (lastArrivalNanos == 0) {
            return;
        }
        long elapsed = ClockMapping.ticks(entry.arrivalNanos - lastArrivalNanos, rate);
        int step = entry.timestamp - lastTimestampIn;
        if (Math.abs(step - elapsed) > (long) rate * ForwardLimits.TIMESTAMP_JUMP_SECONDS) {
            current.timestampOffset = lastTimestamp + (int) Math.max(1, elapsed) - entry.timestamp;
        }
    }

    private void advance(Projection current, RingEntry entry, long sequence, int timestamp, int rate) {
        current.highestIncoming = entry.sequence;
        lastSequence = sequence;
        lastTimestamp = timestamp;
        lastTimestampIn = entry.timestamp;
        lastArrivalNanos = entry.arrivalNanos;
        lastMarker = entry.marker();
        clockRate = rate;
        if (PacketTraits.has(entry.traits, PacketTraits.PICTURE_ID)) {
            current.advancePictures(entry.traits);
            lastPictureId = current.pictureId(entry.traits);
        }
        if (PacketTraits.has(entry.traits, PacketTraits.TL0_PICTURE_INDEX)) {
            lastTl0 = current.tl0PictureIndex(entry.traits);
        }
    }

    /**
     * The timestamp offset with which another stream continues this one. Layers of one track share a clock that their
     * sender reports tell; without those, and from one publisher to the next, what counts is when packets arrived. Time
     * never goes back, and a stream that comes out behind is moved forward for as long as it lasts.
     */
    private int continuingOffset(IncomingStream stream, RingEntry entry, int rate) {
        Projection before = projection;
        int elapsed = (int) ClockMapping.ticks(Math.max(0, entry.arrivalNanos - lastArrivalNanos), rate);
        int expected = lastTimestamp + Math.max(elapsed, rate / 1_000);
        int offset = expected - entry.timestamp;
        if (before != null && before.stream == stream) {
            offset = before.timestampOffset;
        } else if (before != null && before.stream != null && before.stream.track() == stream.track()) {
            ClockMapping from = before.stream.clockMapping();
            ClockMapping to = stream.clockMapping();
            if (from != null && to != null && from.clockRate() == to.clockRate()) {
                offset = from.timestampAt(to.nanos()) + before.timestampOffset - to.rtpTimestamp();
            }
        }
        int step = entry.timestamp + offset - lastTimestamp;
        boolean leaps = Math.abs((long) step - elapsed) > (long) rate * ForwardLimits.TIMESTAMP_JUMP_SECONDS;
        return step <= 0 || leaps ? expected - entry.timestamp : offset;
    }

    private int write(
            IncomingStream stream,
            RingEntry entry,
            Projection by,
            int payloadType,
            long sequence,
            int timestamp,
            int itsSsrc,
            long nowNanos) {
        byte[] out = peer.scratch();
        boolean retransmission = itsSsrc == rtxSsrc;
        int at = writeExtensions(out, entry.traits, retransmission);
        // A number is taken when it is sent, not before: gaps in the space of RTX would read as loss.
        long number = retransmission ? rtxSequence : sequence;
        int unused = RtpPacket.writeHeader(
                out,
                0,
                at > RtpPacket.FIXED_HEADER_BYTES,
                entry.marker(),
                payloadType,
                (int) number,
                timestamp,
                itsSsrc);
        if (retransmission) {
            out[at++] = (byte) (sequence >>> 8);
            out[at++] = (byte) sequence;
        }
        int end = writePayload(stream.ring(), entry, by, out, at);
        if (!stream.ring().isIntact(entry)) {
            return -1;
        }
        if (retransmission) {
            rtxSequence++;
        }
        numberOnPath(out, end, nowNanos);
        return end;
    }

    /** The number that congestion control goes by: taken when the packet is sure to leave, as gaps read as loss. */
    private void numberOnPath(byte[] out, int length, long nowNanos) {
        if (transportSequenceAt > 0) {
            int number = peer.downlink().sent(length, nowNanos);
            out[transportSequenceAt] = (byte) (number >>> 8);
            out[transportSequenceAt + 1] = (byte) number;
        }
    }

    /**
     * Sends something of no use but to fill the path: a recent packet once more, which may even be of use, or nothing but
     * padding. Both go with the retransmissions, which receivers do not miss.
     *
     * @return {@code false} if no retransmissions were agreed on, or nobody would report on them
     */
    boolean pad(long nowNanos) {
        if (transportSequenceAt == 0 || codecs.length == 0) {
            return false;
        }
        for (int i = 0; i < ForwardLimits.PADDING_RECENT_PACKETS; i++) {
            boolean isOld = paddingSequence <= lastSequence - ForwardLimits.PADDING_RECENT_PACKETS;
            paddingSequence = isOld || paddingSequence > lastSequence ? lastSequence : paddingSequence;
            if (sendAgain(paddingSequence--, nowNanos)) {
                return true;
            }
        }
        int payloadType = codecs[0].rtxPayloadType();
        if (payloadType < 0) {
            return false;
        }
        byte[] out = peer.scratch();
        int at = writeExtensions(out, 0, true);
        int unused =
                RtpPacket.writeHeader(out, 0, true, false, payloadType, (int) rtxSequence++, lastTimestamp, rtxSsrc);
        out[0] |= 0x20;
        int end = at + ForwardLimits.PADDING_BYTES;
        java.util.Arrays.fill(out, at, end, (byte) 0);
        out[end - 1] = (byte) ForwardLimits.PADDING_BYTES;
        numberOnPath(out, end, nowNanos);
        packetsOfPadding++;
        peer.sink().sendRtp(out, 0, end);
        return true;
    }

    private boolean sendAgain(long sequence, long nowNanos) {
        if (!history.contains(sequence)) {
            return false;
        }
        Projection then = projections[history.projection(sequence) & PROJECTIONS - 1];
        IncomingStream stream = then.stream;
        if (then.number != history.projection(sequence)
                || stream == null
                || !stream.ring().find(history.incoming(sequence), resendEntry)) {
            return false;
        }
        MediaCodec codec = then.codec(resendEntry.payloadType, codecs);
        if (codec == null || codec.rtxPayloadType() < 0) {
            return false;
        }
        int length = write(
                stream,
                resendEntry,
                then,
                codec.rtxPayloadType(),
                sequence,
                history.timestamp(sequence),
                rtxSsrc,
                nowNanos);
        if (length < 0) {
            return false;
        }
        packetsOfPadding++;
        peer.sink().sendRtp(peer.scratch(), 0, length);
        return true;
    }

    private int writeExtensions(byte[] out, long traits, boolean retransmission) {
        ExtensionIds ids = section.extensionIds();
        boolean withMid = ids.mid() > 0 && (retransmission || !acknowledged || packetsSent < MID_PACKETS);
        boolean withLevel = ids.audioLevel() > 0 && PacketTraits.has(traits, PacketTraits.AUDIO_LEVEL);
        boolean withOrientation = ids.videoOrientation() > 0 && PacketTraits.has(traits, PacketTraits.ORIENTATION);
        boolean withNumber = transportSequenceAt > 0;
        if (!withMid && !withLevel && !withOrientation && !withNumber) {
            return RtpPacket.FIXED_HEADER_BYTES;
        }
        boolean fits = extensions.begin(out, RtpPacket.FIXED_HEADER_BYTES, out.length, twoByteExtensions);
        if (withNumber) {
            fits &= extensions.putNumber(ids.transportSequence(), 0, 2);
        }
        if (withMid) {
            fits &= extensions.put(ids.mid(), mid, 0, mid.length);
        }
        if (withLevel) {
            fits &= extensions.putNumber(ids.audioLevel(), PacketTraits.audioLevel(traits), 1);
        }
        if (withOrientation) {
            fits &= extensions.putNumber(ids.videoOrientation(), PacketTraits.orientation(traits), 1);
        }
        assert fits : "extensions of " + section;
        return extensions.end();
    }

    private static int writePayload(PacketRing ring, RingEntry entry, Projection by, byte[] out, int at) {
        long traits = entry.traits;
        if (!PacketTraits.has(traits, PacketTraits.PICTURE_ID)) {
            ring.copy(entry, 0, entry.length, out, at);
            if (PacketTraits.has(traits, PacketTraits.TL0_PICTURE_INDEX)) {
                out[at + 2] = (byte) by.tl0PictureIndex(traits);
            }
            return at + entry.length;
        }
        // RFC 7741 §4.2: two octets of flags, the picture id, then perhaps TL0PICIDX.
        boolean wide = PacketTraits.has(traits, PacketTraits.PICTURE_ID_LONG);
        int idBytes = wide ? 2 : 1;
        ring.copy(entry, 0, 2, out, at);
        ring.copy(entry, 2 + idBytes, entry.length - 2 - idBytes, out, at + 4);
        int pictureId = by.pictureId(traits);
        out[at + 2] = (byte) (0x80 | pictureId >>> 8);
        out[at + 3] = (byte) pictureId;
        if (PacketTraits.has(traits, PacketTraits.TL0_PICTURE_INDEX)) {
            out[at + 4] = (byte) by.tl0PictureIndex(traits);
        }
        return at + entry.length + 2 - idBytes;
    }
}
