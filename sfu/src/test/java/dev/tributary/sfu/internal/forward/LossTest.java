// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.core.rtp.RtcpReader;
import dev.tributary.core.rtp.RtcpReader.Kind;
import dev.tributary.core.rtp.RtpPacket;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LossTest {
    private final Stage stage = new Stage();
    private final Stage.Publisher host = stage.publisher(0xA11CE);

    @Nested
    class FromThePublisher {
        @Test
        void aGapIsAskedForAfterTheGuardAndAgainEachRoundTrip() {
            host.picture(true);
            int lost = host.sequence++;
            host.picture(false);
            host.tick();
            assertThat(host.wire.count(Kind.GENERIC_NACK)).isZero();

            stage.advance(10);
            host.tick();

            RtcpReader nack = host.wire.last(Kind.GENERIC_NACK);
            assertThat(nack.mediaSsrc()).isEqualTo(host.ssrc);
            assertThat(nack.nackPacketId(0)).isEqualTo(lost);
            assertThat(nack.nackBitmask(0)).isZero();
            stage.advance(99);
            host.tick();
            assertThat(host.wire.count(Kind.GENERIC_NACK)).isEqualTo(1);
            stage.advance(1);
            host.tick();
            assertThat(host.wire.count(Kind.GENERIC_NACK)).isEqualTo(2);
        }

        @Test
        void reorderingWithinTheGuardIsNoLoss() {
            host.picture(true);
            byte[] late = host.vp8(host.sequence++, host.timestamp, host.ssrc, false, false, false);
            host.picture(false);
            stage.advance(5);
            host.send(late);
            stage.advance(100);
            host.tick();

            assertThat(host.wire.count(Kind.GENERIC_NACK)).isZero();
        }

        @Test
        void aRetransmissionBringsThePacketToTheViewersInItsPlace() {
            Stage.Viewer viewer = stage.viewer();
            viewer.video.switchTo(host.video, stage.now);
            host.picture(true);
            byte[] lost = host.vp8(host.sequence++, host.timestamp, host.ssrc, false, false, false);
            host.picture(false);

            host.send(rtx(0x7777, lost));
            host.end();

            int first = viewer.videoPackets().get(0).sequenceNumber();
            assertThat(Stage.sequences(viewer.videoPackets()))
                    .containsExactly(first, first + 1, first + 3, first + 4, first + 2);
            assertThat(payload(viewer.videoPackets().get(4))).endsWith((byte) (host.sequence - 3));
            stage.advance(50);
            host.tick();
            assertThat(host.wire.count(Kind.GENERIC_NACK)).isZero();
            assertThat(host.video.stats().get(0).packetsRecovered()).isEqualTo(1);
            assertThat(host.video.stats().get(0).packetsLost()).isZero();
        }

        @Test
        void retransmissionsWithoutPayloadOrOfWhatIsThereAreIgnored() {
            host.picture(true);
            byte[] there = host.vp8(host.sequence - 1, host.timestamp, host.ssrc, false, false, true);
            host.send(rtx(0x7777, there));
            host.send(Stage.rtp(97, 5, 1, 0x7777, false, "0", null, new byte[0]));
            host.send(Stage.rtp(97, 6, 1, 0x7777, false, "0", null, new byte[1]));

            assertThat(host.video.stats().get(0).packetsReceived()).isEqualTo(2);
        }

        @Test
        void requestsEndAfterTenAndAKeyFrameIsAskedForInstead() {
            host.picture(true);
            host.sequence++;
            host.picture(false);
            for (int i = 0; i < 100; i++) {
                stage.advance(50);
                host.tick();
            }

            assertThat(host.wire.count(Kind.GENERIC_NACK)).isEqualTo(ForwardLimits.NACK_TRIES_MAX);
            assertThat(host.wire.count(Kind.PICTURE_LOSS_INDICATION)).isPositive();
        }

        @Test
        void aKeyFrameMakesOlderLossesWorthless() {
            host.picture(true);
            host.sequence++;
            host.picture(false);
            host.picture(true);
            stage.advance(50);
            host.tick();

            assertThat(host.wire.count(Kind.GENERIC_NACK)).isZero();
        }

        @Test
        void whatIsMissingRightBeforeAKeyFrameMayBelongToIt() {
            host.picture(true);
            host.sequence++;
            host.picture(true);
            stage.advance(50);
            host.tick();

            assertThat(host.wire.count(Kind.GENERIC_NACK)).isEqualTo(1);
        }

        @Test
        void tooManyMissingPacketsAreGivenUpForAKeyFrame() {
            host.picture(true);
            host.sequence += ForwardLimits.NACK_MISSING_MAX;
            host.picture(false);
            stage.advance(20);
            host.tick();
            assertThat(host.wire.count(Kind.PICTURE_LOSS_INDICATION)).isZero();
            assertThat(host.wire.count(Kind.GENERIC_NACK)).isPositive();
            host.wire.clear();

            host.sequence += 1;
            host.picture(false);
            stage.advance(20);
            host.tick();

            assertThat(host.wire.count(Kind.PICTURE_LOSS_INDICATION)).isEqualTo(1);
            assertThat(host.wire.count(Kind.GENERIC_NACK)).isZero();
        }

        @Test
        void neighbouringLossesShareAnEntry() {
            host.picture(true);
            int first = host.sequence;
            host.sequence += 17;
            host.picture(false);
            stage.advance(10);
            host.tick();

            RtcpReader nack = host.wire.last(Kind.GENERIC_NACK);
            assertThat(nack.nackCount()).isEqualTo(1);
            assertThat(nack.nackPacketId(0)).isEqualTo(first);
            assertThat(nack.nackBitmask(0)).isEqualTo(0xFFFF);
        }

        @Test
        void lossIsReported() {
            for (int i = 0; i < 40; i++) {
                host.picture(i == 0);
                if (i % 4 == 3) {
                    host.sequence++;
                }
            }
            stage.advance(1_000);
            host.tick();

            RtcpReader report = new RtcpReader();
            report.wrap(host.wire.rtcp.get(0), 0, host.wire.rtcp.get(0).length);
            report.next();
            assertThat(report.kind()).isEqualTo(Kind.RECEIVER_REPORT);
            assertThat(report.reportCount()).isEqualTo(1);
            assertThat(report.reportSsrc(0)).isEqualTo(host.ssrc);
            assertThat(report.reportCumulativeLost(0)).isEqualTo(9);
            assertThat(report.reportFractionLost(0)).isEqualTo(9 * 256 / 89);
            assertThat(report.reportExtendedHighestSequenceNumber(0)).isEqualTo(host.sequence - 2);
        }
    }

    @Nested
    class ToTheViewer {
        private final Stage.Viewer viewer = stage.viewer();

        ToTheViewer() {
            viewer.video.switchTo(host.video, stage.now);
            for (int i = 0; i < 10; i++) {
                host.picture(i == 0);
            }
        }

        @Test
        void aNackIsAnsweredByRtxWithTheSamePayload() {
            RtpPacket original = viewer.videoPackets().get(7);
            viewer.nack(original.sequenceNumber());

            List<RtpPacket> resends = viewer.resends();
            assertThat(resends).hasSize(1);
            RtpPacket resend = resends.get(0);
            assertThat(resend.payloadType()).isEqualTo(121);
            assertThat(resend.timestamp()).isEqualTo(original.timestamp());
            assertThat(resend.marker()).isEqualTo(original.marker());
            byte[] payload = payload(resend);
            assertThat((payload[0] & 0xFF) << 8 | payload[1] & 0xFF).isEqualTo(original.sequenceNumber());
            assertThat(Arrays.copyOfRange(payload, 2, payload.length)).isEqualTo(payload(original));
        }

        @Test
        void rtxNumbersAreCountedWhenSentSoThatTheyHaveNoGaps() {
            int first = viewer.videoPackets().get(0).sequenceNumber();
            viewer.nack(first + 3, first + 999, first + 5, first - 10, first + 4);

            int[] numbers = Stage.sequences(viewer.resends());
            assertThat(numbers).containsExactly(numbers[0], numbers[0] + 1, numbers[0] + 2);
            assertThat(numbers[0]).isBetween(1_000, 32_767);
            assertThat(viewer.video.stats().nacksUnanswered()).isEqualTo(2);
        }

        @Test
        void theSamePacketIsSentAgainOncePerRoundTripAndThreeTimesAtMost() {
            int sequence = viewer.videoPackets().get(3).sequenceNumber();
            for (int i = 0; i < 100; i++) {
                viewer.nack(sequence);
                stage.advance(5);
            }

            assertThat(viewer.resends()).hasSize(ForwardLimits.RESENDS_MAX);
        }

        @Test
        void withoutRtxNothingIsSentTwiceUnderOneIndex() {
            Stage.Viewer plain = stage.viewer(Stage.VP8_OUT_WITHOUT_RTX);
            plain.video.switchTo(host.video, stage.now);
            int sent = plain.wire.rtp.size();
            plain.nack(plain.videoPackets().get(0).sequenceNumber());

            assertThat(plain.wire.rtp).hasSize(sent).isNotEmpty();
            assertThat(plain.video.stats().nacksUnanswered()).isEqualTo(1);
        }

        @Test
        void packetsFromBeforeASwitchAreStillSentAgainAsTheyWere() {
            RtpPacket original = viewer.videoPackets().get(19);
            Stage.Publisher guest = stage.publisher(0xB0B);
            guest.picture(true);
            viewer.video.switchTo(guest.video, stage.now);
            guest.picture(true);
            viewer.nack(original.sequenceNumber());

            byte[] payload = payload(viewer.resends().get(0));
            assertThat(Arrays.copyOfRange(payload, 2, payload.length)).isEqualTo(payload(original));
        }

        @Test
        void aStaleOrForgedNackMovesNothing() {
            int last = viewer.videoPackets().get(19).sequenceNumber();
            viewer.nack(last + 30_000, last - 30_000, last + 1);
            host.picture(false);

            assertThat(viewer.videoPackets().get(20).sequenceNumber()).isEqualTo(last + 1);
            assertThat(viewer.resends()).isEmpty();
        }

        @Test
        void nacksAreIgnoredWhileAKeyFrameIsOwedAndAnsweredAfterIt() {
            int sequence = viewer.videoPackets().get(3).sequenceNumber();
            viewer.pli();
            viewer.nack(sequence);
            assertThat(viewer.resends()).isEmpty();

            host.picture(true);
            viewer.nack(sequence);

            assertThat(viewer.resends()).hasSize(1);
        }

        @Test
        void oneViewersRequestsForKeyFramesAreLimited() {
            for (int i = 0; i < 90; i++) {
                viewer.pli();
                host.tick();
                host.picture(i % 20 == 19);
                stage.advance(100);
            }

            assertThat(viewer.video.stats().keyFramesRequested()).isEqualTo(ForwardLimits.PLI_PER_WINDOW_MAX);
        }

        @Test
        void resendsHaveABudget() {
            for (int i = 0; i < 3_000; i++) {
                host.picture(false);
                int last = viewer.videoPackets()
                        .get(viewer.videoPackets().size() - 1)
                        .sequenceNumber();
                for (int back = 0; back < 20; back++) {
                    viewer.nack(last - back & 0xFFFF);
                }
                stage.advance(33);
                viewer.wire
                        .rtp
                        .subList(0, Math.max(0, viewer.wire.rtp.size() - 50))
                        .clear();
            }

            SubscriptionStats stats = viewer.video.stats();
            assertThat(stats.packetsResent()).isLessThan(stats.packetsSent() * 2 / 3);
        }
    }

    private static byte[] payload(RtpPacket packet) {
        return Arrays.copyOfRange(
                packet.array(), packet.payloadOffset(), packet.payloadOffset() + packet.payloadLength());
    }

    private static byte[] rtx(int ssrc, byte[] original) {
        RtpPacket packet = Stage.parse(original);
        byte[] payload = new byte[packet.payloadLength() + 2];
        payload[0] = (byte) (packet.sequenceNumber() >> 8);
        payload[1] = (byte) packet.sequenceNumber();
        System.arraycopy(packet.array(), packet.payloadOffset(), payload, 2, packet.payloadLength());
        return Stage.rtp(97, 4711, packet.timestamp(), ssrc, packet.marker(), "0", null, payload);
    }
}
