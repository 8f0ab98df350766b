// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.core.rtp.RtcpWriter;
import dev.tributary.core.rtp.RtpPacket;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SimulcastTest {
    private static final List<String> RIDS = List.of("q", "h", "f");
    private static final int[] SSRCS = {0x10, 0x20, 0x30};
    private static final int[] WIDTHS = {320, 640, 1280};

    private final Stage stage = new Stage();
    private final Stage.Publisher host = stage.new Publisher(0x10, new Stage.Here(), RIDS);
    private final Stage.Viewer viewer = stage.viewer();
    private final int[] sequences = {100, 20_000, 40_000};
    private final int[] timestamps = {1_000, 500_000_000, -7};
    private boolean withRid = true;

    @Test
    void theHighestLayerIsForwarded() {
        viewer.video.switchTo(host.video, stage.now);
        pictures(true, 0, 1, 2);
        for (int i = 0; i < 20; i++) {
            pictures(i == 12, 0, 1, 2);
        }

        assertThat(widthOfLastKeyFrame()).isEqualTo(1280);
        assertContinuous();
    }

    @Test
    void aLimitByPixelsSelectsTheLayerBelowIt() {
        viewer.video.setLayerLimit(new LayerLimit(null, 640 * 360, Long.MAX_VALUE), stage.now);
        viewer.video.switchTo(host.video, stage.now);
        pictures(true, 0, 1, 2);
        for (int i = 0; i < 40; i++) {
            pictures(i % 10 == 9, 0, 1, 2);
        }

        assertThat(widthOfLastKeyFrame()).isEqualTo(640);
        assertContinuous();
    }

    @Test
    void theWishForALayerIsFollowedAtItsNextKeyFrame() {
        viewer.video.switchTo(host.video, stage.now);
        pictures(true, 0, 1, 2);
        for (int i = 0; i < 10; i++) {
            pictures(i == 8, 0, 1, 2);
        }
        viewer.video.setLayerLimit(new LayerLimit("q", Integer.MAX_VALUE, Long.MAX_VALUE), stage.now);
        int before = viewer.videoPackets().size();
        pictures(false, 0, 1, 2);
        assertThat(viewer.videoPackets()).hasSize(before + 1);
        pictures(true, 0, 1, 2);
        pictures(false, 0, 1, 2);

        assertThat(widthOfLastKeyFrame()).isEqualTo(320);
        assertContinuous();
    }

    @Test
    void aLayerThatFallsSilentIsLeftForOneThatLives() {
        viewer.video.switchTo(host.video, stage.now);
        pictures(true, 0, 1, 2);
        for (int i = 0; i < 10; i++) {
            pictures(i == 8, 0, 1, 2);
        }
        for (int i = 0; i < 40; i++) {
            pictures(i == 30, 0, 1);
        }

        assertThat(widthOfLastKeyFrame()).isEqualTo(640);
        int[] numbers = Stage.sequences(viewer.videoPackets());
        assertThat(numbers[numbers.length - 1] - numbers[0]).isEqualTo(numbers.length - 1);
    }

    @Test
    void theRidIsNeededOnlyOnTheFirstPackets() {
        viewer.video.switchTo(host.video, stage.now);
        pictures(true, 0, 1, 2);
        withRid = false;
        pictures(false, 0, 1, 2);

        assertThat(host.video.layers()).hasSize(3);
        assertThat(host.media.unroutedPackets()).isZero();
    }

    @Test
    void anUnknownSsrcWithoutRidOrWithAStrangeOneBelongsToNoLayer() {
        host.send(Stage.rtp(96, 1, 1, 0x99, true, "0", null, new byte[10]));
        host.send(Stage.rtp(96, 1, 1, 0x98, true, "0", "x", new byte[10]));

        assertThat(host.video.layers()).isEmpty();
        assertThat(host.media.unroutedPackets()).isEqualTo(2);
    }

    @Test
    void rtxFindsItsLayerByTheRepairedRid() {
        pictures(true, 0, 1, 2);
        int lost = sequences[1]++;
        pictures(false, 0, 1, 2);
        byte[] payload = {(byte) (lost >> 8), (byte) lost, 0x10, 1, 2, 3};
        host.send(Stage.rtp(97, 1, timestamps[1], 0x2020, false, "0", "h", payload));

        assertThat(host.video.stats())
                .extracting(IncomingStreamStats::packetsRecovered)
                .containsExactly(0L, 1L, 0L);
    }

    @Test
    void theReceiversEstimateLimitsTheLayer() {
        viewer.video.switchTo(host.video, stage.now);
        for (int i = 0; i < 80; i++) {
            pictures(i % 10 == 0, 0, 1, 2);
        }
        assertThat(widthOfLastKeyFrame()).isEqualTo(1280);
        byte[] bytes = new byte[24];
        RtcpWriter writer = new RtcpWriter();
        writer.wrap(bytes, 0, 24);
        long middle = host.video.stats().get(1).bitrateBps();
        writer.receiverEstimatedMaximumBitrate(1, viewer.video.ssrc(), middle + 5_000);
        viewer.media.handleRtcp(bytes, 0, 24, stage.now);
        for (int i = 0; i < 30; i++) {
            pictures(i % 10 == 9, 0, 1, 2);
        }

        assertThat(widthOfLastKeyFrame()).isEqualTo(640);
        assertContinuous();
    }

    private void pictures(boolean key, int... layers) {
        stage.advance(33);
        for (int layer : layers) {
            timestamps[layer] += 2_970;
            host.send(Stage.rtp(
                    96,
                    sequences[layer]++,
                    timestamps[layer],
                    SSRCS[layer],
                    true,
                    "0",
                    withRid ? RIDS.get(layer) : null,
                    vp8(key, WIDTHS[layer])));
        }
        host.end();
        host.tick();
    }

    private static byte[] vp8(boolean key, int width) {
        byte[] payload = new byte[width / 4];
        payload[0] = 0x10;
        payload[1] = (byte) (key ? 0 : 1);
        payload[4] = (byte) 0x9D;
        payload[5] = 1;
        payload[6] = 0x2A;
        payload[7] = (byte) width;
        payload[8] = (byte) (width >> 8);
        int height = width * 9 / 16;
        payload[9] = (byte) height;
        payload[10] = (byte) (height >> 8);
        return payload;
    }

    private int widthOfLastKeyFrame() {
        int width = 0;
        for (RtpPacket packet : viewer.videoPackets()) {
            int at = packet.payloadOffset();
            if ((packet.array()[at + 1] & 1) == 0) {
                width = packet.array()[at + 7] & 0xFF | (packet.array()[at + 8] & 0xFF) << 8;
            }
        }
        return width;
    }

    private void assertContinuous() {
        List<RtpPacket> packets = viewer.videoPackets();
        int[] numbers = Stage.sequences(packets);
        assertThat(numbers)
                .isEqualTo(IntStream.range(0, numbers.length)
                        .map(i -> numbers[0] + i & 0xFFFF)
                        .toArray());
        for (int i = 1; i < packets.size(); i++) {
            assertThat(packets.get(i).timestamp() - packets.get(i - 1).timestamp())
                    .isBetween(1, 9_000);
        }
    }
}
