// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import dev.tributary.core.rtp.HeaderExtensionWriter;
import dev.tributary.core.rtp.RtpPacket;
import dev.tributary.sfu.internal.forward.CodecKind;
import dev.tributary.sfu.internal.forward.ExtensionIds;
import dev.tributary.sfu.internal.forward.InboundMedia;
import dev.tributary.sfu.internal.forward.InboundSection;
import dev.tributary.sfu.internal.forward.Loop;
import dev.tributary.sfu.internal.forward.MediaCodec;
import dev.tributary.sfu.internal.forward.OutboundMedia;
import dev.tributary.sfu.internal.forward.OutboundSection;
import dev.tributary.sfu.internal.forward.RtpSink;
import dev.tributary.sfu.internal.forward.TrackSource;
import dev.tributary.srtp.DtlsRole;
import dev.tributary.srtp.SrtpKeyingMaterial;
import dev.tributary.srtp.SrtpProfile;
import dev.tributary.srtp.SrtpSession;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One picture of eight VP8 packets of 1,200 bytes from a publisher to its subscribers, on one loop: taken in, kept for
 * retransmission, renumbered for each subscriber, and protected if the parameter says so. Nothing is decrypted, no socket
 * is written, no reports are made. The figure is for one picture: divide it by {@code 8 * subscribers}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = SrtpBenchmark.OPENS)
public class ForwardingBenchmark {
    private static final int PACKETS = 8;
    private static final int PAYLOAD_BYTES = 1_200;
    private static final int SSRC = 0x5EED;
    private static final int MID = 1;
    private static final long PICTURE_NANOS = 33_000_000;
    private static final int PICTURE_TICKS = 3_000;
    private static final MediaCodec IN = new MediaCodec(96, CodecKind.VP8, "VP8/90000", 90_000, 97, true, true, true);
    private static final MediaCodec OUT =
            new MediaCodec(120, CodecKind.VP8, "VP8/90000", 90_000, 121, true, true, true);
    private static final ExtensionIds IDS = new ExtensionIds(MID, 2, 3, 4, 5, 0);

    /** How many take the picture. */
    @Param({"1", "10", "100"})
    public int subscribers;

    /** What is done to each outgoing packet: {@code NONE}, or the name of a profile. */
    @Param({"NONE", "AEAD_AES_128_GCM", "AES128_CM_HMAC_SHA1_80"})
    public String protection = "NONE";

    private final byte[][] packets = new byte[PACKETS][];
    private final Counter counter = new Counter();
    private final InboundMedia publisher = new InboundMedia(new Here(), counter, 1, "tributary", () -> {});
    private int sequence = 1_000;
    private int timestamp;
    private int pictureId;
    private long now = 1_000_000_000L;

    /** Everything runs where it is called. */
    private record Here() implements Loop {
        @Override
        public boolean inLoop() {
            return true;
        }

        @Override
        public void execute(Runnable task) {
            task.run();
        }
    }

    /** Where packets end. */
    private static final class Counter implements RtpSink {
        private long packets;

        @Override
        public void sendRtp(byte[] bytes, int offset, int length) {
            packets++;
        }

        @Override
        public void sendRtcp(byte[] bytes, int offset, int length) {}
    }

    /** Where packets end, protected under a subscriber's own keys. */
    private static final class Protecting implements RtpSink {
        private final SrtpSession session;
        private final Counter counter;

        Protecting(SrtpSession session, Counter counter) {
            this.session = session;
            this.counter = counter;
        }

        @Override
        public void sendRtp(byte[] bytes, int offset, int length) {
            if (session.protect(bytes, offset, length) >= 0) {
                counter.packets++;
            }
        }

        @Override
        public void sendRtcp(byte[] bytes, int offset, int length) {}
    }

    /** Connects the subscribers and lets them have a key frame. */
    @Setup
    public void connect() {
        TrackSource video = publisher.newTrack(true, "publisher");
        publisher.addSection(new InboundSection("0", video, List.of(IN), IDS, List.of(), List.of()));
        for (int i = 0; i < subscribers; i++) {
            OutboundMedia media = new OutboundMedia(new Here(), sink(i), 0, new Random(i), () -> {});
            media.subscribe(new OutboundSection("v", true, List.of(OUT), IDS)).switchTo(video, now);
        }
        for (int i = 0; i < PACKETS; i++) {
            packets[i] = vp8(i == 0, i == PACKETS - 1);
        }
        deliver(true);
        if (counter.packets != (long) PACKETS * subscribers) {
            throw new IllegalStateException("The key frame arrived in " + counter.packets + " packets");
        }
    }

    /** One picture. */
    @Benchmark
    public long forwardPicture() {
        long before = counter.packets;
        deliver(false);
        if (counter.packets - before != (long) PACKETS * subscribers) {
            throw new IllegalStateException("Forwarded " + (counter.packets - before) + " packets");
        }
        return counter.packets;
    }

    private RtpSink sink(int subscriber) {
        if (protection.equals("NONE")) {
            return counter;
        }
        SrtpProfile profile = SrtpProfile.valueOf(protection);
        byte[] exported = new byte[profile.keyingMaterialBytes()];
        new Random(subscriber).nextBytes(exported);
        return new Protecting(SrtpSession.of(SrtpKeyingMaterial.of(profile, exported), DtlsRole.SERVER), counter);
    }

    private void deliver(boolean key) {
        now += PICTURE_NANOS;
        timestamp += PICTURE_TICKS;
        pictureId = pictureId + 1 & 0x7FFF;
        for (byte[] packet : packets) {
            stamp(packet, key);
            publisher.handleRtp(packet, 0, packet.length, now);
        }
        publisher.batchEnded(now);
    }

    private void stamp(byte[] packet, boolean key) {
        packet[2] = (byte) (sequence >>> 8);
        packet[3] = (byte) sequence++;
        packet[4] = (byte) (timestamp >>> 24);
        packet[5] = (byte) (timestamp >>> 16);
        packet[6] = (byte) (timestamp >>> 8);
        packet[7] = (byte) timestamp;
        int payload = packet.length - PAYLOAD_BYTES;
        packet[payload + 2] = (byte) (0x80 | pictureId >>> 8);
        packet[payload + 3] = (byte) pictureId;
        packet[payload + 4] = (byte) pictureId;
        // The first bit of a frame's own header says whether it needs another (RFC 6386 section 9.1).
        packet[payload + 5] = (byte) (key ? 0 : 1);
    }

    private static byte[] vp8(boolean first, boolean last) {
        byte[] bytes = new byte[PAYLOAD_BYTES + 64];
        int at = RtpPacket.writeHeader(bytes, 0, true, last, 96, 0, 0, SSRC);
        HeaderExtensionWriter extensions = new HeaderExtensionWriter();
        extensions.begin(bytes, at, bytes.length, false);
        extensions.put(MID, new byte[] {'0'}, 0, 1);
        at = extensions.end();
        // Extended descriptor with a 15 bit picture id and TL0PICIDX (RFC 7741 section 4.2).
        bytes[at] = (byte) (first ? 0x90 : 0x80);
        bytes[at + 1] = (byte) 0xC0;
        byte[] packet = new byte[at + PAYLOAD_BYTES];
        System.arraycopy(bytes, 0, packet, 0, packet.length);
        return packet;
    }
}
