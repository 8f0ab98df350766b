// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.load;

import dev.tributary.core.rtp.RtcpReader;
import dev.tributary.core.rtp.RtcpWriter;
import dev.tributary.core.rtp.RtpPacket;
import dev.tributary.sdp.MediaKind;
import dev.tributary.sdp.NegotiatedMedia;
import dev.tributary.sdp.NegotiatedSession;
import dev.tributary.sdp.SendTrack;
import dev.tributary.sfu.MediaReceiver;
import dev.tributary.sfu.Peer;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/** Replays two clips, each frame at its time, with sender reports; a key frame comes when somebody asks. */
final class PublisherPeer extends LoadPeer {
    private static final long REPORT_NANOS = 1_000_000_000;
    private static final long NTP_ERA_SECONDS = 2_208_988_800L;

    private final Line sound;
    private final Line pictures;
    private final byte[] packet = new byte[1_400];
    private long keyFramesAsked;
    private final RtcpReader reader = new RtcpReader();
    private final RtcpWriter writer = new RtcpWriter();

    PublisherPeer(Clip sound, Clip pictures) {
        this.sound = new Line(MediaKind.AUDIO, sound);
        this.pictures = new Line(MediaKind.VIDEO, pictures);
    }

    /** What is sent in one section. */
    private static final class Line {
        final MediaKind kind;
        final Clip clip;
        final int ssrc = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
        final int firstTimestamp = ThreadLocalRandom.current().nextInt();
        int payloadType = -1;
        int clockRate;
        int sequence = ThreadLocalRandom.current().nextInt(0x8000);
        int next;
        long beginNanos;
        long frames;
        long packets;
        long bytes;

        Line(MediaKind kind, Clip clip) {
            this.kind = kind;
            this.clip = clip;
        }

        int timestamp() {
            return firstTimestamp + (int) (frames * clip.frameNanos() * clockRate / 1_000_000_000L);
        }
    }

    /** Packets of both lines. On the loop. */
    long packetsSent() {
        return sound.packets + pictures.packets;
    }

    /** How often the server has asked for a key frame. On the loop. */
    long keyFramesAsked() {
        return keyFramesAsked;
    }

    @Override
    void prepare(Peer peer) {
        for (Line line : new Line[] {sound, pictures}) {
            SendTrack track = SendTrack.of("load", line.kind == MediaKind.AUDIO ? "sound" : "pictures");
            Objects.requireNonNull(peer.negotiation().add(line.kind)).send(track.withSsrcs(line.ssrc, 0));
        }
    }

    @Override
    void agreed(NegotiatedSession agreed) {
        for (NegotiatedMedia section : agreed.acceptedMedia()) {
            Line line = section.kind() == MediaKind.AUDIO ? sound : pictures;
            line.payloadType = section.codecs().get(0).sendPayloadType();
            line.clockRate = section.codecs().get(0).clockRate();
        }
    }

    @Override
    void begin() {
        for (Line line : new Line[] {sound, pictures}) {
            if (line.payloadType >= 0) {
                line.beginNanos = now();
                send(line);
            }
        }
        report();
    }

    private void send(Line line) {
        if (isClosed()) {
            return;
        }
        Clip.Frame frame = line.clip.frames().get(line.next);
        int last = frame.payloads().size() - 1;
        for (int i = 0; i <= last; i++) {
            byte[] payload = frame.payloads().get(i);
            boolean marker = line.kind == MediaKind.VIDEO && i == last;
            int at = RtpPacket.writeHeader(
                    packet, 0, false, marker, line.payloadType, line.sequence++ & 0xFFFF, line.timestamp(), line.ssrc);
            System.arraycopy(payload, 0, packet, at, payload.length);
            int end = at + payload.length;
            boolean isVideo = line.kind == MediaKind.VIDEO;
            Stamp.write(packet, end, isVideo, isVideo && frame.isKey() && i == 0, System.nanoTime());
            if (peer().sendRtp(packet, 0, end)) {
                line.packets++;
                line.bytes += payload.length;
            }
        }
        line.frames++;
        line.next = (line.next + 1) % line.clip.frames().size();
        long due = line.beginNanos + line.frames * line.clip.frameNanos();
        loop().schedule(Math.max(0, due - now()), () -> send(line));
    }

    private void report() {
        if (isClosed()) {
            return;
        }
        long millis = System.currentTimeMillis();
        long ntp = (millis / 1000 + NTP_ERA_SECONDS << 32) + (millis % 1000 << 32) / 1000;
        for (Line line : new Line[] {sound, pictures}) {
            if (line.payloadType >= 0) {
                writer.wrap(packet, 0, packet.length);
                writer.senderReport(line.ssrc, ntp, line.timestamp(), line.packets, line.bytes);
                writer.cname(line.ssrc, "load");
                peer().sendRtcp(packet, 0, writer.length());
            }
        }
        loop().schedule(REPORT_NANOS, this::report);
    }

    @Override
    MediaReceiver receiver() {
        return new MediaReceiver() {
            @Override
            public void rtcp(byte[] bytes, int offset, int length, long nowNanos) {
                reader.wrap(bytes, offset, length);
                while (reader.next()) {
                    if (reader.kind() == RtcpReader.Kind.PICTURE_LOSS_INDICATION
                            || reader.kind() == RtcpReader.Kind.FULL_INTRA_REQUEST) {
                        pictures.next = 0;
                        keyFramesAsked++;
                    }
                }
            }
        };
    }
}
