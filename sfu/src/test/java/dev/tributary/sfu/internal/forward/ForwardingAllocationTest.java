// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.tributary.core.rtp.HeaderExtensions;
import dev.tributary.core.rtp.RtpPacket;
import dev.tributary.sfu.internal.bandwidth.ArrivalLog;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ForwardingAllocationTest {
    private static final int VIEWERS = 10;

    @Test
    void forwardingAllocatesNothingPerPacket() {
        Stage stage = new Stage();
        Stage.Publisher host = stage.publisher(1);
        long[] bytes = {0};
        RtpSink sink = new RtpSink() {
            @Override
            public void sendRtp(byte[] packet, int offset, int length) {
                bytes[0] += length;
            }

            @Override
            public void sendRtcp(byte[] packet, int offset, int length) {
                bytes[0] += length;
            }
        };
        for (int i = 0; i < VIEWERS; i++) {
            OutboundMedia media = new OutboundMedia(new Stage.Here(), sink, 0, new Random(i), () -> {});
            Subscription video = media.subscribe(new OutboundSection("v", true, List.of(Stage.VP8_OUT), Stage.OUT_IDS));
            video.switchTo(host.video, stage.now);
        }
        byte[][] packets = new byte[400][];
        for (int i = 0; i < packets.length; i++) {
            packets[i] = host.vp8(i, i * 1_500, 1, i == 0, i % 2 == 0, i % 2 == 1);
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();

        int sequence = forward(stage, host, packets, 0, 20_000);
        long before = threads.getThreadAllocatedBytes(thread);
        forward(stage, host, packets, sequence, 20_000);
        long allocated = threads.getThreadAllocatedBytes(thread) - before;

        assertThat(bytes[0]).isGreaterThan(40_000L * VIEWERS * 60);
        // The reading of the counter itself and a rare resize somewhere are all that is left.
        assertThat(allocated / 20_000.0).as("bytes per incoming packet").isLessThan(0.5);
    }

    @Test
    void estimatingBandwidthAllocatesNothingPerPacket() {
        Stage stage = new Stage();
        Stage.Publisher host = stage.publisher(1);
        ArrivalLog arrivals = new ArrivalLog();
        RtpPacket sent = new RtpPacket();
        RtpSink sink = new RtpSink() {
            @Override
            public void sendRtp(byte[] packet, int offset, int length) {
                if (sent.wrap(packet, offset, length)) {
                    int at = HeaderExtensions.offset(HeaderExtensions.find(sent, 12));
                    arrivals.arrived((packet[at] & 0xFF) << 8 | packet[at + 1] & 0xFF, stage.now);
                }
            }

            @Override
            public void sendRtcp(byte[] packet, int offset, int length) {}
        };
        OutboundMedia media = new OutboundMedia(new Stage.Here(), sink, 0, new Random(1), () -> {});
        Subscription video =
                media.subscribe(new OutboundSection("v", true, List.of(Stage.VP8_OUT), BandwidthStage.VIEWER_IDS));
        video.switchTo(host.video, stage.now);
        byte[][] packets = new byte[400][];
        for (int i = 0; i < packets.length; i++) {
            packets[i] = host.vp8(i, i * 1_500, 1, i == 0, i % 2 == 0, i % 2 == 1);
        }
        byte[] report = new byte[1_200];
        Runnable turn = () -> {
            while (arrivals.nextDueNanos() <= stage.now) {
                int length = arrivals.write(report, 0, report.length, 1, 2, stage.now);
                media.handleRtcp(report, 0, length, stage.now);
            }
            media.handleTimeout(stage.now);
        };
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();

        int sequence = 0;
        for (int i = 0; i < 20_000; i++) {
            sequence = forward(stage, host, packets, sequence, 1);
            turn.run();
        }
        long before = threads.getThreadAllocatedBytes(thread);
        for (int i = 0; i < 20_000; i++) {
            sequence = forward(stage, host, packets, sequence, 1);
            turn.run();
        }
        long allocated = threads.getThreadAllocatedBytes(thread) - before;

        assertThat(media.targetBps(stage.now)).isLessThan(Long.MAX_VALUE);
        assertThat(allocated / 20_000.0).as("bytes per incoming packet").isLessThan(0.5);
    }

    private static int forward(Stage stage, Stage.Publisher host, byte[][] packets, int from, int count) {
        for (int i = from; i < from + count; i++) {
            byte[] packet = packets[i % packets.length];
            packet[2] = (byte) (i >> 8);
            packet[3] = (byte) i;
            int timestamp = i * 1_500;
            packet[4] = (byte) (timestamp >> 24);
            packet[5] = (byte) (timestamp >> 16);
            packet[6] = (byte) (timestamp >> 8);
            packet[7] = (byte) timestamp;
            stage.now += 16 * Stage.MILLIS;
            host.media.handleRtp(packet, 0, packet.length, stage.now);
            host.end();
        }
        return from + count;
    }
}
