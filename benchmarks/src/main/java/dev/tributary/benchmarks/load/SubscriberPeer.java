// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.load;

import dev.tributary.core.rtp.RtcpWriter;
import dev.tributary.core.rtp.RtpPacket;
import dev.tributary.sdp.MediaKind;
import dev.tributary.sfu.MediaReceiver;
import dev.tributary.sfu.Peer;
import dev.tributary.srtp.SrtpFailure;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/** Counts and measures what arrives, source by source, and tells the server with receiver reports. */
final class SubscriberPeer extends LoadPeer implements MediaReceiver {
    private static final long REPORT_NANOS = 1_000_000_000;
    private static final int SOURCES_MAX = 16;

    private final Measured measured;
    private final boolean isOfferer;
    private final RtpPacket packet = new RtpPacket();
    private final byte[] report = new byte[512];
    private final RtcpWriter writer = new RtcpWriter();
    private final int ownSsrc = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
    private Source[] sources = new Source[0];
    private long askedNanos;
    private long firstPacketNanos = -1;
    private long firstKeyFrameNanos = -1;
    private long lastPacketNanos;

    SubscriberPeer(Measured measured, boolean isOfferer) {
        this.measured = measured;
        this.isOfferer = isOfferer;
    }

    /** One RTP source, as RFC 3550 appendix A.3 counts. */
    private static final class Source {
        final int ssrc;
        int first;
        int highest;
        long received;

        Source(int ssrc, int sequence) {
            this.ssrc = ssrc;
            restart(sequence);
        }

        void restart(int sequence) {
            first = sequence;
            highest = sequence - 1;
            received = 0;
        }

        /** Whether the packet comes after all that came before. */
        boolean take(int sequence) {
            received++;
            int ahead = (short) (sequence - highest);
            if (ahead > 0) {
                highest += ahead;
            }
            return ahead > 0;
        }

        long expected() {
            return highest - (long) first + 1;
        }
    }

    @Override
    void prepare(Peer peer) {
        if (isOfferer) {
            for (MediaKind kind : List.of(MediaKind.AUDIO, MediaKind.VIDEO)) {
                Objects.requireNonNull(peer.negotiation().add(kind)).receive(true);
            }
        } else {
            peer.negotiation().transceivers().forEach(transceiver -> transceiver.receive(true));
        }
        askedNanos = System.nanoTime();
    }

    @Override
    void begin() {
        report();
    }

    @Override
    MediaReceiver receiver() {
        return this;
    }

    @Override
    public void rtp(byte[] bytes, int offset, int length, long nowNanos) {
        if (!packet.wrap(bytes, offset, length)) {
            return;
        }
        int end = offset + length - packet.paddingLength();
        if (!Stamp.isThere(bytes, packet.payloadOffset(), end)) {
            measured.foreign++;
            return;
        }
        long now = System.nanoTime();
        if (firstPacketNanos < 0) {
            firstPacketNanos = now - askedNanos;
        }
        if (firstKeyFrameNanos < 0 && Stamp.keyFrameBegins(bytes, end)) {
            firstKeyFrameNanos = now - askedNanos;
        }
        lastPacketNanos = now;
        if (!source(packet.ssrc(), packet.sequenceNumber()).take(packet.sequenceNumber())) {
            measured.reordered++;
        }
        measured.packets++;
        measured.bytes += length;
        measured.latency(now - Stamp.sentNanos(bytes, end));
    }

    private Source source(int ssrc, int sequence) {
        for (Source source : sources) {
            if (source.ssrc == ssrc) {
                return source;
            }
        }
        Source added = new Source(ssrc, sequence);
        if (sources.length < SOURCES_MAX) {
            sources = Arrays.copyOf(sources, sources.length + 1);
            sources[sources.length - 1] = added;
        }
        return added;
    }

    /** Begins to count anew: what is measured starts now. On the loop. */
    void restart() {
        for (Source source : sources) {
            source.restart(source.highest + 1);
        }
    }

    /** Packets that should have come and did not, up to the last one that did. On the loop. */
    long lost() {
        return Arrays.stream(sources)
                .mapToLong(source -> Math.max(0, source.expected() - source.received))
                .sum();
    }

    /** Packets that came twice: SRTP refuses the second. On the loop. */
    long replayed() {
        return refused(SrtpFailure.REPLAYED);
    }

    /** From asking to the first packet; negative when none has come. */
    long firstPacketNanos() {
        return firstPacketNanos;
    }

    /** From asking to the first packet of a key frame; negative when none has come. */
    long firstKeyFrameNanos() {
        return firstKeyFrameNanos;
    }

    /** Whether nothing has come for a while. */
    boolean isStalled(long limitNanos) {
        return System.nanoTime() - lastPacketNanos > limitNanos;
    }

    private void report() {
        if (isClosed()) {
            return;
        }
        writer.wrap(report, 0, report.length);
        writer.receiverReport(ownSsrc);
        for (Source source : sources) {
            writer.reportBlock(source.ssrc, 0, 0, source.highest, 0, 0, 0);
        }
        writer.cname(ownSsrc, "load");
        peer().sendRtcp(report, 0, writer.length());
        loop().schedule(REPORT_NANOS, this::report);
    }
}
