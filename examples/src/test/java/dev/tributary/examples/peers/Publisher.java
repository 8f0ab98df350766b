// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.peers;

import dev.tributary.core.rtp.RtpPacket;
import dev.tributary.sdp.MediaKind;
import dev.tributary.sdp.NegotiatedMedia;
import dev.tributary.sdp.SendTrack;
import dev.tributary.sfu.MediaReceiver;
import dev.tributary.whipwhep.ControlRole;
import dev.tributary.whipwhep.DynamicEvent;
import dev.tributary.whipwhep.DynamicOptions;
import dev.tributary.whipwhep.DynamicSender;
import dev.tributary.whipwhep.Purpose;
import dev.tributary.whipwhep.Track;
import dev.tributary.whipwhep.TrackKind;
import dev.tributary.whipwhep.spi.SessionKind;
import java.util.ArrayList;
import java.util.List;

/** Publishes synthetic Opus and VP8, where every picture is a key frame of one packet. */
public final class Publisher extends UdpPeer {
    private static final long PACE_NANOS = 20_000_000;
    private static final int PAYLOAD_BYTES = 300;

    private final DynamicSender sender = DynamicSender.of(DynamicOptions.client(ControlRole.PUBLISHER));
    private final List<Line> lines = new ArrayList<>();
    private final Purpose purpose;
    private final String label;
    private boolean isDynamic;
    private volatile boolean isClosed;

    private static final class Line {
        final MediaKind kind;
        final String track;
        final int ssrc;
        int payloadType;
        int clockRate;
        int sequence = 100;
        int timestamp = 5000;

        Line(MediaKind kind, String track, int ssrc) {
            this.kind = kind;
            this.track = track;
            this.ssrc = ssrc;
        }
    }

    private Publisher(Purpose purpose, String label) {
        super(true, MediaReceiver.NONE);
        this.purpose = purpose;
        this.label = label;
    }

    /** Publishes until closed; returns once media flows. */
    public static Publisher start(String whip, String token, Purpose purpose, String label) {
        Publisher publisher = new Publisher(purpose, label);
        publisher.onLoop(() -> {
            int ssrc = label.hashCode() & 0xFFFFFF;
            for (MediaKind kind : List.of(MediaKind.AUDIO, MediaKind.VIDEO)) {
                Line line = new Line(kind, label + "-" + kind.name().toLowerCase(java.util.Locale.ROOT), ++ssrc);
                publisher.lines.add(line);
                publisher
                        .peer
                        .negotiation()
                        .add(kind)
                        .send(SendTrack.of(label + "-stream", line.track).withSsrcs(line.ssrc, 0));
            }
            return null;
        });
        publisher.open(SessionKind.WHIP, whip, token);
        await(publisher.connected);
        return publisher;
    }

    @Override
    void answered(boolean dynamic, long nowNanos) {
        isDynamic = dynamic;
        for (NegotiatedMedia section : peer.negotiation().session().acceptedMedia()) {
            for (Line line : lines) {
                if (line.kind == section.kind()) {
                    line.payloadType = section.codecs().get(0).sendPayloadType();
                    line.clockRate = section.codecs().get(0).clockRate();
                    sender.put(track(line, section.mid(), false), nowNanos);
                }
            }
        }
        loop.schedule(PACE_NANOS, this::sendPackets);
    }

    private Track track(Line line, String mid, boolean isMuted) {
        TrackKind kind = line.kind == MediaKind.AUDIO ? TrackKind.AUDIO : TrackKind.VIDEO;
        return Track.of(line.track, kind, purpose, label, label + "-stream")
                .withMid(mid)
                .withMuted(isMuted)
                .withActive(true);
    }

    /** Mutes or unmutes the sound: a message, no offer. */
    void mute(boolean isMuted) {
        onLoop(() -> {
            Line audio = lines.get(0);
            sender.put(sender.track(audio.track).withMuted(isMuted), loop.nowNanos());
            drain();
            return null;
        });
    }

    private void sendPackets() {
        if (isClosed) {
            return;
        }
        byte[] packet = new byte[RtpPacket.FIXED_HEADER_BYTES + PAYLOAD_BYTES];
        for (Line line : lines) {
            line.timestamp += line.clockRate / 50;
            boolean isVideo = line.kind == MediaKind.VIDEO;
            int at = RtpPacket.writeHeader(
                    packet, 0, false, isVideo, line.payloadType, line.sequence++ & 0xFFFF, line.timestamp, line.ssrc);
            if (isVideo) {
                // RFC 7741: the start of a partition, then the frame tag and start code of a key frame of 320 x 240.
                byte[] head = {0x10, 0x10, 0x02, 0x00, (byte) 0x9d, 0x01, 0x2a, 0x40, 0x01, (byte) 0xf0, 0x00};
                System.arraycopy(head, 0, packet, at, head.length);
            }
            peer.sendRtp(packet, 0, packet.length);
        }
        drain();
        loop.schedule(PACE_NANOS, this::sendPackets);
    }

    @Override
    void controlOpened(long nowNanos) {
        sender.opened(nowNanos);
    }

    @Override
    void controlMessage(byte[] message, long nowNanos) {
        sender.handleBytes(message, nowNanos);
    }

    @Override
    String pollControl(long nowNanos) {
        for (DynamicEvent event; (event = sender.pollEvent()) != null; ) {
            if (event instanceof DynamicEvent.OfferNeeded) {
                sender.offerNotNeeded(nowNanos);
            }
        }
        return isDynamic ? sender.pollMessage() : null;
    }

    @Override
    long controlTimeoutNanos() {
        return sender.nextTimeoutNanos();
    }

    @Override
    void controlTimeout(long nowNanos) {
        sender.handleTimeout(nowNanos);
    }

    @Override
    public void close() {
        isClosed = true;
        super.close();
    }
}
