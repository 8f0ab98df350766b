// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.core.rtp.RtcpReader;
import dev.tributary.core.rtp.RtpPacket;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What forwarders have stumbled over elsewhere, and no other test here holds. {@code docs/conformance/forwarding.md} */
class TrapsTest {
    private final Stage stage = new Stage();

    @Test
    void outgoingStreamsStartLowSoThatALostBeginningCannotHideARollOver() {
        Stage.Publisher host = stage.publisher(1);
        for (int seed = 0; seed < 300; seed++) {
            Stage.Wire wire = new Stage.Wire();
            OutboundMedia media = new OutboundMedia(new Stage.Here(), wire, 0, new Random(seed), () -> {});
            Subscription video =
                    media.subscribe(new OutboundSection("v", true, List.of(Stage.VP8_OUT), BandwidthStage.VIEWER_IDS));
            // A path that is probed before any media makes the retransmissions begin.
            media.connected(stage.now);
            video.switchTo(host.video, stage.now);
            host.picture(true);

            for (byte[] bytes : wire.rtp) {
                assertThat(Stage.parse(bytes).sequenceNumber()).isBetween(1_000, 33_000);
            }
            assertThat(wire.packets(video.rtxSsrc())).isNotEmpty();
            assertThat(wire.packets(video.ssrc())).isNotEmpty();
            video.switchTo(null, stage.now);
        }
    }

    @Test
    void publishersWithTheSameSsrcDoNotMeet() {
        Stage.Publisher one = stage.publisher(7);
        Stage.Publisher other = stage.publisher(7);
        Stage.Viewer viewer = stage.viewer();
        Subscription second =
                viewer.media.subscribe(new OutboundSection("w", true, List.of(Stage.VP8_OUT), Stage.OUT_IDS));
        viewer.video.switchTo(one.video, stage.now);
        second.switchTo(other.video, stage.now);
        one.picture(true);
        other.picture(true);
        other.picture(false);

        assertThat(viewer.video.ssrc()).isNotIn(7, second.ssrc());
        assertThat(viewer.videoPackets()).hasSize(2);
        assertThat(viewer.wire.packets(second.ssrc())).hasSize(4);
    }

    @Test
    void aNewSsrcOfTheSameTrackGoesOnForTheViewer() {
        Stage.Publisher host = stage.publisher(1);
        Stage.Viewer viewer = stage.viewer();
        viewer.video.switchTo(host.video, stage.now);
        host.picture(true);
        stage.advance(33);
        host.send(host.vp8(50_000, 1_000_000_000, 99, true, true, false));
        host.send(host.vp8(50_001, 1_000_000_000, 99, true, false, true));
        host.end();

        List<RtpPacket> packets = viewer.videoPackets();
        int[] numbers = Stage.sequences(packets);
        assertThat(numbers).hasSize(4);
        assertThat(numbers[3] - numbers[0]).isEqualTo(3);
        assertThat(packets.get(3).timestamp() - packets.get(0).timestamp()).isBetween(1, 9_000);
        assertThat(host.video.stats()).hasSize(1);
    }

    @Test
    void aViewerThatPausedCausesNoKeyFrames() {
        Stage.Publisher host = stage.publisher(1);
        Stage.Viewer viewer = stage.viewer();
        viewer.video.switchTo(host.video, stage.now);
        host.picture(true);
        viewer.video.setPaused(true, stage.now);
        for (int i = 0; i < 100; i++) {
            stage.advance(33);
            viewer.pli();
            host.picture(false);
            host.tick();
        }

        assertThat(host.wire.count(RtcpReader.Kind.PICTURE_LOSS_INDICATION)).isZero();
    }

    @Test
    void silenceOfOpusIsNeitherLossNorTheEnd() {
        Stage.Publisher host = stage.publisher(1);
        Stage.Viewer viewer = stage.viewer();
        viewer.audio.switchTo(host.audio, stage.now);
        for (int i = 0; i < 20; i++) {
            // Discontinuous transmission: a packet of two bytes each 400 ms, its timestamp ahead by as much.
            host.send(Stage.rtp(111, 500 + i, i * 19_200, 5, false, "1", null, new byte[] {1, 2}));
            host.end();
            assertThat(viewer.audio.limitation(stage.now)).isEqualTo(Limitation.NONE);
            stage.advance(400);
            assertThat(host.audio.isActive(stage.now)).isTrue();
            host.tick();
        }

        List<RtpPacket> packets = viewer.wire.packets(viewer.audio.ssrc());
        assertThat(packets).hasSize(20);
        assertThat(packets.get(19).timestamp() - packets.get(0).timestamp()).isEqualTo(19 * 19_200);
        assertThat(host.audio.stats().get(0).packetsLost()).isZero();
        assertThat(host.wire.count(RtcpReader.Kind.GENERIC_NACK)).isZero();
    }

    @Test
    void vp8WithoutPictureIdsIsPassedOnAsItIs() {
        Stage.Publisher host = stage.publisher(1);
        Stage.Viewer viewer = stage.viewer();
        viewer.video.switchTo(host.video, stage.now);
        byte[] key = {0x10, 0, 0, 0, (byte) 0x9D, 1, 0x2A, 64, 1, (byte) 180, 0, 33};
        byte[] delta = {0x10, 1, 2, 3};
        host.send(Stage.rtp(96, 1, 1_000, 1, true, "0", null, key));
        host.send(Stage.rtp(96, 2, 4_000, 1, true, "0", null, delta));
        host.end();

        assertThat(viewer.videoPackets())
                .extracting(packet -> Arrays.copyOfRange(
                        packet.array(), packet.payloadOffset(), packet.payloadOffset() + packet.payloadLength()))
                .containsExactly(key, delta);
    }

    @Test
    void pictureIdsRollOverWithoutABreak() {
        Stage.Publisher host = stage.publisher(1);
        host.pictureId = 0x7FF0;
        host.tl0 = 250;
        Stage.Viewer viewer = stage.viewer();
        viewer.video.switchTo(host.video, stage.now);
        Set<Integer> steps = new TreeSet<>();
        for (int i = 0; i < 40; i++) {
            stage.advance(33);
            host.picture(i == 0);
        }
        List<RtpPacket> packets = viewer.videoPackets();
        for (int i = 2; i < packets.size(); i += 2) {
            steps.add(Stage.pictureId(packets.get(i)) - Stage.pictureId(packets.get(i - 2)) & 0x7FFF);
        }

        assertThat(packets).hasSize(80);
        assertThat(steps).containsExactly(1);
    }

    @Test
    void h264BeginsWithItsParametersOrItsPictureAndNeverInTheMiddleOfOne() {
        byte[] stapOfParameters = {0x78, 0, 2, 0x67, 0x42, 0, 2, 0x68, 0x01};
        byte[] pictureAlone = {0x65, 1, 2, 3};
        byte[] startOfFragments = {0x7C, (byte) 0x85, 1, 2};
        byte[] middleOfFragments = {0x7C, 0x05, 1, 2};
        byte[] delta = {0x41, 1, 2, 3};

        assertThat(beginsWith(stapOfParameters)).isTrue();
        assertThat(beginsWith(pictureAlone)).isTrue();
        assertThat(beginsWith(startOfFragments)).isTrue();
        assertThat(beginsWith(middleOfFragments)).as("its start was lost").isFalse();
        assertThat(beginsWith(delta)).isFalse();
    }

    private boolean beginsWith(byte[] payload) {
        Stage.Publisher host = stage.new Publisher(1, new Stage.Here(), List.of(), Stage.H264);
        Stage.Viewer viewer = stage.viewer(Stage.H264_OUT);
        viewer.video.switchTo(host.video, stage.now);
        host.send(Stage.rtp(102, 1, 1_000, 1, false, "0", null, payload));
        host.end();
        return !viewer.videoPackets().isEmpty();
    }
}
