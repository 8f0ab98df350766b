// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import dev.tributary.core.rtp.RtcpReader;
import dev.tributary.core.rtp.RtcpWriter;
import dev.tributary.core.rtp.RtpPacket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Publishers and viewers in virtual time, on one loop unless a test says otherwise. Packets go in and out as bytes. */
final class Stage {
    static final long MILLIS = 1_000_000L;
    static final MediaCodec VP8 = new MediaCodec(96, CodecKind.VP8, "VP8/90000", 90_000, 97, true, true, true);
    static final MediaCodec H264 = new MediaCodec(102, CodecKind.H264, "H264/90000", 90_000, 103, true, true, true);
    static final MediaCodec OPUS = new MediaCodec(111, CodecKind.OPUS, "opus/48000/2", 48_000, -1, false, false, false);
    /** The same codecs as viewers number them. */
    static final MediaCodec VP8_OUT = new MediaCodec(120, CodecKind.VP8, "VP8/90000", 90_000, 121, true, true, true);

    static final MediaCodec VP8_OUT_WITHOUT_RTX =
            new MediaCodec(120, CodecKind.VP8, "VP8/90000", 90_000, -1, true, true, true);
    static final MediaCodec H264_OUT = new MediaCodec(122, CodecKind.H264, "H264/90000", 90_000, 123, true, true, true);
    static final MediaCodec OPUS_OUT =
            new MediaCodec(109, CodecKind.OPUS, "opus/48000/2", 48_000, -1, false, false, false);
    static final ExtensionIds IN_IDS = new ExtensionIds(1, 2, 3, 4, 5, 0);
    static final ExtensionIds OUT_IDS = new ExtensionIds(9, 0, 0, 10, 11, 0);

    long now = 1_000 * MILLIS;

    /** Everything runs where it is called. */
    record Here() implements Loop {
        @Override
        public boolean inLoop() {
            return true;
        }

        @Override
        public void execute(Runnable task) {
            task.run();
        }
    }

    /** What a peer sends, taken apart. */
    static final class Wire implements RtpSink {
        final List<byte[]> rtp = new ArrayList<>();
        final List<byte[]> rtcp = new ArrayList<>();

        @Override
        public void sendRtp(byte[] bytes, int offset, int length) {
            rtp.add(Arrays.copyOfRange(bytes, offset, offset + length));
            // What a protecting sink does to the bytes must hurt nobody.
            Arrays.fill(bytes, offset, offset + length + ROOM_BYTES, (byte) 0x55);
        }

        @Override
        public void sendRtcp(byte[] bytes, int offset, int length) {
            rtcp.add(Arrays.copyOfRange(bytes, offset, offset + length));
            Arrays.fill(bytes, offset, offset + length + ROOM_BYTES, (byte) 0x55);
        }

        List<RtpPacket> packets(int ssrc) {
            return rtp.stream().map(Stage::parse).filter(p -> p.ssrc() == ssrc).toList();
        }

        long count(RtcpReader.Kind kind) {
            long count = 0;
            for (byte[] bytes : rtcp) {
                RtcpReader reader = new RtcpReader();
                reader.wrap(bytes, 0, bytes.length);
                while (reader.next()) {
                    count += reader.kind() == kind ? 1 : 0;
                }
            }
            return count;
        }

        /** The last packet of a kind. */
        RtcpReader last(RtcpReader.Kind kind) {
            for (int i = rtcp.size() - 1; i >= 0; i--) {
                RtcpReader reader = new RtcpReader();
                reader.wrap(rtcp.get(i), 0, rtcp.get(i).length);
                while (reader.next()) {
                    if (reader.kind() == kind) {
                        return reader;
                    }
                }
            }
            throw new AssertionError("no " + kind + " was sent");
        }

        void clear() {
            rtp.clear();
            rtcp.clear();
        }
    }

    /** A publisher with one video and one audio track. */
    final class Publisher {
        final Wire wire = new Wire();
        final InboundMedia media;
        final TrackSource video;
        final TrackSource audio;
        int sequence = 100;
        int timestamp = 3_000;
        int pictureId = 17;
        int tl0 = 200;
        boolean narrowPictureId;
        final int ssrc;

        Publisher(int ssrc, Loop loop, List<String> rids, MediaCodec... codecs) {
            this.ssrc = ssrc;
            media = new InboundMedia(loop, wire, 0x0B0B0B0B, "tributary", () -> {});
            video = media.newTrack(true, "cname" + ssrc);
            audio = media.newTrack(false, "cname" + ssrc);
            media.addSection(new InboundSection(
                    "0", video, codecs.length == 0 ? List.of(VP8) : List.of(codecs), IN_IDS, rids, List.of()));
            media.addSection(new InboundSection("1", audio, List.of(OPUS), IN_IDS, List.of(), List.of()));
        }

        /** One picture of two VP8 packets. */
        void picture(boolean key) {
            timestamp += 3_000;
            packet(key, true, false);
            packet(key, false, true);
            end();
            pictureId++;
            tl0++;
        }

        void packet(boolean key, boolean first, boolean marker) {
            send(vp8(sequence++, timestamp, ssrc, key, first, marker));
        }

        byte[] vp8(int itsSequence, int itsTimestamp, int itsSsrc, boolean key, boolean first, boolean marker) {
            byte[] payload = new byte[60];
            int at = 0;
            payload[at++] = (byte) (0x80 | (first ? 0x10 : 0));
            payload[at++] = (byte) 0xC0;
            if (narrowPictureId) {
                payload[at++] = (byte) (pictureId & 0x7F);
            } else {
                payload[at++] = (byte) (0x80 | pictureId >> 8 & 0x7F);
                payload[at++] = (byte) pictureId;
            }
            payload[at++] = (byte) tl0;
            if (first) {
                payload[at] = (byte) (key ? 0 : 1);
            }
            payload[59] = (byte) itsSequence;
            return rtp(96, itsSequence, itsTimestamp, itsSsrc, marker, "0", null, payload);
        }

        void send(byte[] packet) {
            media.handleRtp(packet, 0, packet.length, now);
        }

        void end() {
            media.batchEnded(now);
        }

        void tick() {
            if (media.nextTimeoutNanos() <= now) {
                media.handleTimeout(now);
            }
        }
    }

    /** A viewer with one video and one audio subscription. */
    final class Viewer {
        final Wire wire = new Wire();
        final OutboundMedia media;
        final Subscription video;
        final Subscription audio;

        Viewer(Loop loop, MediaCodec... codecs) {
            media = new OutboundMedia(loop, wire, 0, new Random(42), () -> {});
            List<MediaCodec> video = codecs.length == 0 ? List.of(VP8_OUT, H264_OUT) : List.of(codecs);
            this.video = media.subscribe(new OutboundSection("v", true, video, OUT_IDS));
            this.audio = media.subscribe(new OutboundSection("a", false, List.of(OPUS_OUT), OUT_IDS));
        }

        List<RtpPacket> videoPackets() {
            return wire.packets(video.ssrc());
        }

        List<RtpPacket> resends() {
            return wire.packets(video.rtxSsrc());
        }

        void nack(int... sequences) {
            byte[] bytes = new byte[500];
            RtcpWriter writer = new RtcpWriter();
            writer.wrap(bytes, 0, bytes.length);
            writer.receiverReport(1);
            writer.nack(1, video.ssrc());
            for (int sequence : sequences) {
                writer.nackEntry(sequence, 0);
            }
            media.handleRtcp(bytes, 0, writer.length(), now);
        }

        void pli() {
            byte[] bytes = new byte[100];
            RtcpWriter writer = new RtcpWriter();
            writer.wrap(bytes, 0, bytes.length);
            writer.pictureLossIndication(1, video.ssrc());
            media.handleRtcp(bytes, 0, writer.length(), now);
        }

        void tick() {
            if (media.nextTimeoutNanos() <= now) {
                media.handleTimeout(now);
            }
        }
    }

    Publisher publisher(int ssrc) {
        return new Publisher(ssrc, new Here(), List.of());
    }

    Viewer viewer(MediaCodec... codecs) {
        return new Viewer(new Here(), codecs);
    }

    void advance(long millis) {
        now += millis * MILLIS;
    }

    static byte[] rtp(
            int payloadType,
            int sequence,
            int timestamp,
            int ssrc,
            boolean marker,
            String mid,
            String rid,
            byte[] payload) {
        byte[] bytes = new byte[200 + payload.length];
        int at = RtpPacket.writeHeader(bytes, 0, true, marker, payloadType, sequence, timestamp, ssrc);
        var extensions = new dev.tributary.core.rtp.HeaderExtensionWriter();
        extensions.begin(bytes, at, bytes.length, false);
        extensions.put(1, mid.getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, mid.length());
        if (rid != null) {
            extensions.put(
                    payloadType == VP8.rtxPayloadType() ? 3 : 2,
                    rid.getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                    0,
                    rid.length());
        }
        at = extensions.end();
        System.arraycopy(payload, 0, bytes, at, payload.length);
        return Arrays.copyOf(bytes, at + payload.length);
    }

    static RtpPacket parse(byte[] bytes) {
        RtpPacket packet = new RtpPacket();
        if (!packet.wrap(bytes, 0, bytes.length)) {
            throw new AssertionError(
                    "not an RTP packet: " + java.util.HexFormat.of().formatHex(bytes));
        }
        return packet;
    }

    static int[] sequences(List<RtpPacket> packets) {
        return packets.stream().mapToInt(RtpPacket::sequenceNumber).toArray();
    }

    static int pictureId(RtpPacket packet) {
        int at = packet.payloadOffset() + 2;
        return (packet.array()[at] & 0x7F) << 8 | packet.array()[at + 1] & 0xFF;
    }
}
