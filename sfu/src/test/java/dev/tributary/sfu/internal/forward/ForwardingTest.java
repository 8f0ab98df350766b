// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.core.rtp.HeaderExtensions;
import dev.tributary.core.rtp.RtcpReader.Kind;
import dev.tributary.core.rtp.RtcpWriter;
import dev.tributary.core.rtp.RtpPacket;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ForwardingTest {
    private final Stage stage = new Stage();
    private final Stage.Publisher host = stage.publisher(0xA11CE);
    private final Stage.Viewer viewer = stage.viewer();

    @Test
    void waitsForAKeyFrameAndAsksForIt() {
        host.picture(false);
        viewer.video.switchTo(host.video, stage.now);
        host.tick();
        assertThat(host.wire.count(Kind.PICTURE_LOSS_INDICATION)).isEqualTo(1);

        host.picture(false);
        assertThat(viewer.videoPackets()).isEmpty();
        host.picture(true);

        assertThat(viewer.videoPackets()).hasSize(2);
        assertThat(viewer.video.isForwarding()).isTrue();
    }

    @Test
    void rewritesWhatBelongsToTheSubscriber() {
        viewer.video.switchTo(host.video, stage.now);
        host.picture(true);

        RtpPacket packet = viewer.videoPackets().get(0);
        assertThat(packet.payloadType()).isEqualTo(120);
        assertThat(packet.ssrc()).isEqualTo(viewer.video.ssrc()).isNotEqualTo(host.ssrc);
        assertThat(packet.sequenceNumber()).isBetween(1_000, 32_767);
        long mid = HeaderExtensions.find(packet, 9);
        assertThat(HeaderExtensions.length(mid)).isEqualTo(1);
        assertThat(packet.array()[HeaderExtensions.offset(mid)]).isEqualTo((byte) 'v');
        assertThat(HeaderExtensions.find(packet, 1)).isEqualTo(HeaderExtensions.NOT_FOUND);
        assertThat(packet.marker()).isFalse();
        assertThat(viewer.videoPackets().get(1).marker()).isTrue();
        assertThat(packet.payloadLength()).isEqualTo(60);
    }

    @Test
    void aLaterViewerStartsAtTheRecentKeyFrameWithoutAskingForAnother() {
        host.picture(true);
        host.picture(false);
        stage.advance(500);

        viewer.video.switchTo(host.video, stage.now);

        assertThat(viewer.videoPackets()).hasSize(4);
        host.tick();
        assertThat(host.wire.count(Kind.PICTURE_LOSS_INDICATION)).isZero();
    }

    @Test
    void manyViewersThatJoinTogetherCostOneKeyFrame() {
        host.picture(false);
        for (int i = 0; i < 50; i++) {
            stage.viewer().video.switchTo(host.video, stage.now);
            stage.advance(2);
            host.tick();
        }

        assertThat(host.wire.count(Kind.PICTURE_LOSS_INDICATION)).isEqualTo(1);
        // Unanswered it is asked for again after the floor (for the later ones), then every second.
        stage.advance(300);
        host.tick();
        assertThat(host.wire.count(Kind.PICTURE_LOSS_INDICATION)).isEqualTo(2);
        host.picture(true);
        stage.advance(2_000);
        host.tick();
        assertThat(host.wire.count(Kind.PICTURE_LOSS_INDICATION)).isEqualTo(2);
    }

    @Test
    void lateAndReorderedPacketsKeepTheirPlaces() {
        viewer.video.switchTo(host.video, stage.now);
        host.picture(true);
        byte[] late = host.vp8(host.sequence++, host.timestamp + 3_000, host.ssrc, false, true, false);
        host.send(host.vp8(host.sequence++, host.timestamp + 3_000, host.ssrc, false, false, true));
        host.end();
        host.send(late);
        host.end();

        int first = viewer.videoPackets().get(0).sequenceNumber();
        assertThat(Stage.sequences(viewer.videoPackets())).containsExactly(first, first + 1, first + 3, first + 2);
    }

    @Test
    void duplicatesAreForwardedOnce() {
        viewer.video.switchTo(host.video, stage.now);
        host.picture(true);
        byte[] twice = host.vp8(host.sequence++, host.timestamp, host.ssrc, false, false, true);
        host.send(twice);
        host.send(twice);
        host.end();

        assertThat(viewer.videoPackets()).hasSize(3);
    }

    @Test
    void paddingOnlyPacketsAreLeftOutWithoutAGap() {
        viewer.video.switchTo(host.video, stage.now);
        host.picture(true);
        for (int i = 0; i < 40; i++) {
            host.send(padding(host.sequence++));
            host.picture(false);
        }

        assertThat(viewer.videoPackets()).hasSize(82);
        assertContinuous(viewer.videoPackets());
    }

    @Test
    void aPaddingOnlyPacketThatComesLateFillsThePlaceLeftForIt() {
        viewer.video.switchTo(host.video, stage.now);
        host.picture(true);
        byte[] late = padding(host.sequence++);
        host.picture(false);
        host.send(late);
        host.end();

        int first = viewer.videoPackets().get(0).sequenceNumber();
        assertThat(Stage.sequences(viewer.videoPackets()))
                .containsExactlyInAnyOrder(first, first + 1, first + 2, first + 3, first + 4);
        assertThat(viewer.videoPackets().get(4).payloadLength()).isZero();
    }

    @Test
    void sequenceNumbersRollOverWithoutABreak() {
        host.sequence = 65_530;
        viewer.video.switchTo(host.video, stage.now);
        for (int i = 0; i < 40_000; i++) {
            host.picture(i == 0);
            stage.advance(33);
            if (i % 1_000 == 999) {
                assertContinuous(viewer.videoPackets());
                byte[] last = viewer.wire.rtp.get(viewer.wire.rtp.size() - 1);
                viewer.wire.clear();
                viewer.wire.rtp.add(last);
            }
        }
        assertThat(viewer.video.stats().packetsSent()).isEqualTo(80_000);
    }

    @Test
    void aSourceSwitchIsSeamlessForTheViewer() {
        Stage.Publisher guest = stage.publisher(0xB0B);
        guest.timestamp = 0x7FFF_0000;
        guest.pictureId = 5_000;
        guest.tl0 = 3;
        viewer.video.switchTo(host.video, stage.now);
        host.picture(true);
        guest.picture(false);

        viewer.video.switchTo(guest.video, stage.now);
        stage.advance(33);
        host.picture(false); // goes on until the guest's key frame comes
        guest.picture(false);
        assertThat(viewer.videoPackets()).hasSize(4);
        stage.advance(33);
        guest.picture(true);
        host.picture(false); // the old source is not heard any more
        stage.advance(33);
        guest.picture(false);

        List<RtpPacket> packets = viewer.videoPackets();
        assertThat(packets).hasSize(8);
        assertContinuous(packets);
        assertThat(packets.get(4).timestamp() - packets.get(3).timestamp()).isEqualTo(33 * 90);
        assertThat(packets.get(6).timestamp() - packets.get(5).timestamp()).isEqualTo(3_000);
        assertThat(Stage.pictureId(packets.get(4))).isEqualTo(Stage.pictureId(packets.get(3)) + 1);
        assertThat(Stage.pictureId(packets.get(6))).isEqualTo(Stage.pictureId(packets.get(3)) + 2);
        assertThat(tl0(packets.get(4))).isEqualTo(tl0(packets.get(3)) + 1 & 0xFF);
        assertThat(guest.media.unroutedPackets()).isZero();
    }

    @Test
    void aSwitchInTheMiddleOfAPictureLeavesAGapThatShowsIt() {
        Stage.Publisher guest = stage.publisher(0xB0B);
        viewer.video.switchTo(host.video, stage.now);
        host.picture(true);
        host.packet(false, true, false);
        host.end();

        viewer.video.switchTo(guest.video, stage.now);
        guest.picture(true);

        int first = viewer.videoPackets().get(0).sequenceNumber();
        assertThat(Stage.sequences(viewer.videoPackets()))
                .containsExactly(first, first + 1, first + 2, first + 4, first + 5);
    }

    @Test
    void switchingBackBeforeTheNewSourceBeganChangesNothing() {
        Stage.Publisher guest = stage.publisher(0xB0B);
        viewer.video.switchTo(host.video, stage.now);
        host.picture(true);
        viewer.video.switchTo(guest.video, stage.now);
        viewer.video.switchTo(host.video, stage.now);
        host.picture(false);
        guest.picture(true);
        host.picture(false);

        assertThat(viewer.videoPackets()).hasSize(6);
        assertContinuous(viewer.videoPackets());
    }

    @Test
    void aClosedGateStopsPacketsAndOpeningItWaitsForAKeyFrame() {
        viewer.video.switchTo(host.video, stage.now);
        host.picture(true);
        viewer.video.setEnabled(false, stage.now);
        stage.advance(3_000);
        host.timestamp += 3 * 90_000;
        host.picture(false);
        viewer.video.setEnabled(true, stage.now);
        host.tick();
        host.picture(false);
        assertThat(viewer.videoPackets()).hasSize(2);
        assertThat(host.wire.count(Kind.PICTURE_LOSS_INDICATION)).isEqualTo(1);
        host.picture(true);

        assertThat(viewer.videoPackets()).hasSize(4);
        assertContinuous(viewer.videoPackets());
        int jump = viewer.videoPackets().get(2).timestamp()
                - viewer.videoPackets().get(1).timestamp();
        assertThat(jump).isEqualTo(3 * 90_000 + 3 * 3_000);
    }

    @Test
    void aPublisherThatRestartsSequenceAndTimestampGoesOnForTheViewer() {
        viewer.video.switchTo(host.video, stage.now);
        host.picture(true);
        host.sequence += 30_000;
        host.timestamp += 1_000_000_000;
        stage.advance(100);
        host.picture(false);
        host.picture(false);
        host.tick();
        host.picture(true);
        host.picture(false);

        List<RtpPacket> packets = viewer.videoPackets();
        assertContinuous(packets);
        assertThat(packets).hasSize(6);
        assertThat(packets.get(2).timestamp() - packets.get(1).timestamp()).isBetween(1, 90_000);
    }

    @Test
    void oneStrayPacketDoesNotMoveTheStream() {
        viewer.video.switchTo(host.video, stage.now);
        host.picture(true);
        host.send(host.vp8(host.sequence + 20_000, 5, host.ssrc, false, true, true));
        host.picture(false);

        assertThat(viewer.videoPackets()).hasSize(4);
        assertContinuous(viewer.videoPackets());
    }

    @Test
    void aNarrowPictureIdGoesOutWideAndContinuous() {
        host.narrowPictureId = true;
        host.pictureId = 120;
        viewer.video.switchTo(host.video, stage.now);
        for (int i = 0; i < 200; i++) {
            host.picture(i == 0);
        }

        List<RtpPacket> packets = viewer.videoPackets();
        for (int i = 2; i < packets.size(); i++) {
            assertThat(Stage.pictureId(packets.get(i))).isEqualTo(Stage.pictureId(packets.get(i - 2)) + 1);
            assertThat(packets.get(i).payloadLength()).isEqualTo(61);
        }
    }

    @Test
    void codecsThatTheViewerLacksAreLeftOut() {
        Stage.Viewer onlyH264 = stage.viewer(Stage.H264_OUT);
        onlyH264.video.switchTo(host.video, stage.now);
        host.picture(true);

        assertThat(onlyH264.videoPackets()).isEmpty();
        assertThat(onlyH264.video.stats().unsupportedPackets()).isEqualTo(2);
    }

    @Test
    void audioFlowsAtOnceWithItsLevel() {
        viewer.audio.switchTo(host.audio, stage.now);
        byte[] payload = {1, 2, 3};
        byte[] bytes = new byte[100];
        int at = RtpPacket.writeHeader(bytes, 0, true, true, 111, 7, 960, 0xA0D10);
        var extensions = new dev.tributary.core.rtp.HeaderExtensionWriter();
        extensions.begin(bytes, at, bytes.length, false);
        extensions.put(1, new byte[] {'1'}, 0, 1);
        extensions.putNumber(4, 0x83, 1);
        at = extensions.end();
        System.arraycopy(payload, 0, bytes, at, 3);
        host.media.handleRtp(bytes, 0, at + 3, stage.now);
        host.end();
        host.media.handleRtp(Stage.rtp(111, 8, 1920, 0xA0D10, false, "1", null, payload), 0, 23, stage.now);
        host.end();

        List<RtpPacket> packets = viewer.wire.packets(viewer.audio.ssrc());
        assertThat(packets).isNotEmpty();
        assertThat(packets.get(0).payloadType()).isEqualTo(109);
        long level = HeaderExtensions.find(packets.get(0), 10);
        assertThat(packets.get(0).array()[HeaderExtensions.offset(level)]).isEqualTo((byte) 0x83);
    }

    @Test
    void aGoodbyeEndsThatStreamOnly() {
        viewer.video.switchTo(host.video, stage.now);
        host.picture(true);
        byte[] bytes = new byte[8];
        RtcpWriter writer = new RtcpWriter();
        writer.wrap(bytes, 0, 8);
        writer.bye(host.ssrc);
        host.media.handleRtcp(bytes, 0, 8, stage.now);

        assertThat(host.video.layers()).isEmpty();
        assertThat(host.video.isEnded()).isFalse();
        host.picture(true); // the publisher sends on, under the same SSRC: it is learned anew
        assertThat(viewer.videoPackets()).hasSize(4);
        assertContinuous(viewer.videoPackets());
    }

    @Test
    void anUnsubscribedStreamSaysGoodbyeAndStaysSilent() {
        viewer.video.switchTo(host.video, stage.now);
        host.picture(true);
        viewer.media.unsubscribe(viewer.video);
        host.picture(true);

        assertThat(viewer.videoPackets()).hasSize(2);
        assertThat(viewer.wire.last(Kind.BYE).byeSsrc(0)).isEqualTo(viewer.video.ssrc());
    }

    @Test
    void hostileBytesAreCountedAndNothingElse() {
        var random = new java.util.Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(90)];
            random.nextBytes(bytes);
            if (bytes.length > 12 && i % 2 == 0) {
                byte[] valid = host.vp8(random.nextInt(65_536), i, host.ssrc, i % 5 == 0, i % 3 == 0, true);
                System.arraycopy(valid, 0, bytes, 0, Math.min(valid.length, Math.min(bytes.length, 16 + i % 16)));
            }
            host.media.handleRtp(bytes, 0, bytes.length, stage.now);
            host.media.handleRtcp(bytes, 0, bytes.length, stage.now);
            viewer.media.handleRtcp(bytes, 0, bytes.length, stage.now);
            host.end();
            stage.advance(1);
            host.tick();
        }
        assertThat(host.media.malformedPackets()).isPositive();
    }

    private byte[] padding(int sequence) {
        byte[] packet = Stage.rtp(96, sequence, host.timestamp, host.ssrc, false, "0", null, new byte[] {0, 0, 0, 4});
        packet[0] |= 0x20;
        return packet;
    }

    private static int tl0(RtpPacket packet) {
        return packet.array()[packet.payloadOffset() + 4] & 0xFF;
    }

    private static void assertContinuous(List<RtpPacket> packets) {
        int[] sequences = Stage.sequences(packets);
        assertThat(sequences)
                .isEqualTo(IntStream.range(0, sequences.length)
                        .map(i -> sequences[0] + i & 0xFFFF)
                        .toArray());
    }
}
