// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.core.rtp.NtpTime;
import dev.tributary.core.rtp.RtcpReader;
import dev.tributary.core.rtp.RtcpReader.Kind;
import dev.tributary.core.rtp.RtcpWriter;
import org.junit.jupiter.api.Test;

class ReportsTest {
    private static final long PUBLISHER_NTP = NtpTime.ofEpochNanos(1_700_000_000_000_000_000L);

    private final Stage stage = new Stage();
    private final Stage.Publisher host = stage.publisher(0xA11CE);
    private final Stage.Viewer viewer = stage.viewer();

    @Test
    void noReportIsSentBeforeTheFirstPacket() {
        viewer.video.switchTo(host.video, stage.now);
        stage.advance(60_000);
        viewer.tick();

        assertThat(viewer.wire.rtcp).isEmpty();
        assertThat(viewer.media.nextTimeoutNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theReportCarriesThePublishersClockMovedByTheOffsetOfItsPackets() {
        viewer.video.switchTo(host.video, stage.now);
        host.picture(true);
        senderReport(host, host.timestamp);
        viewer.tick();

        RtcpReader report = viewer.wire.last(Kind.SENDER_REPORT);
        assertThat(report.senderSsrc()).isEqualTo(viewer.video.ssrc());
        assertThat(report.rtpTimestamp()).isEqualTo(host.timestamp);
        assertThat(report.ntpTime()).isEqualTo(NtpTime.plusNanos(0, stage.now));
        assertThat(report.packetCount()).isEqualTo(2);
        assertThat(viewer.wire.last(Kind.SOURCE_DESCRIPTION).cname()).isEqualTo(host.video.cname());
    }

    @Test
    void afterASwitchTheReportFollowsAtOnceWithTheNewOffset() {
        Stage.Publisher guest = stage.publisher(0xB0B);
        guest.timestamp = -90_000;
        viewer.video.switchTo(host.video, stage.now);
        host.picture(true);
        senderReport(host, host.timestamp);
        viewer.tick();
        stage.advance(40);
        guest.picture(false);
        senderReport(guest, guest.timestamp);
        viewer.video.switchTo(guest.video, stage.now);
        guest.picture(true);
        viewer.wire.rtcp.clear();
        viewer.tick();

        RtcpReader report = viewer.wire.last(Kind.SENDER_REPORT);
        int sent = viewer.videoPackets().get(2).timestamp();
        // The guest's report was for the picture before the one sent first: 3,000 units earlier, at this same moment.
        assertThat(report.rtpTimestamp()).isEqualTo(sent - 3_000);
    }

    @Test
    void aPublisherWithoutReportsGetsOneOfOursAfterAWhile() {
        viewer.video.switchTo(host.video, stage.now);
        host.picture(true);
        viewer.tick();
        assertThat(viewer.wire.rtcp).isEmpty();
        for (int i = 0; i < 130; i++) {
            stage.advance(25);
            viewer.tick();
        }

        RtcpReader report = viewer.wire.last(Kind.SENDER_REPORT);
        assertThat(report.rtpTimestamp() - host.timestamp).isBetween(90 * 3_000 - 1, 90 * 3_250);
    }

    @Test
    void roundTripTimeComesFromOurOwnReportsOnly() {
        viewer.video.switchTo(host.video, stage.now);
        host.picture(true);
        senderReport(host, host.timestamp);
        viewer.tick();
        int ours = NtpTime.middle32(viewer.wire.last(Kind.SENDER_REPORT).ntpTime());

        stage.advance(80);
        receiverReport(ours + 1, 0);
        assertThat(viewer.video.stats().roundTripNanos()).isEqualTo(-1);
        receiverReport(ours, 0x7FFF_FFFF);
        assertThat(viewer.video.stats().roundTripNanos()).isEqualTo(-1);
        receiverReport(ours, NtpTime.shortFormat(30 * Stage.MILLIS));

        assertThat(viewer.video.stats().roundTripNanos()).isBetween(49 * Stage.MILLIS, 51 * Stage.MILLIS);
        assertThat(viewer.video.stats().fractionLost()).isEqualTo(0.25);
    }

    @Test
    void ourReportsToThePublisherQuoteItsOwn() {
        host.picture(true);
        senderReport(host, host.timestamp);
        stage.advance(500);
        host.tick();

        RtcpReader report = host.wire.last(Kind.RECEIVER_REPORT);
        assertThat(report.reportLastSenderReport(0)).isEqualTo(NtpTime.middle32(PUBLISHER_NTP));
        assertThat(report.reportDelaySinceLastSenderReport(0)).isEqualTo(32_768);
        assertThat(host.wire.last(Kind.SOURCE_DESCRIPTION).cname()).isEqualTo("tributary");
    }

    private void senderReport(Stage.Publisher publisher, int timestamp) {
        byte[] bytes = new byte[28];
        RtcpWriter writer = new RtcpWriter();
        writer.wrap(bytes, 0, 28);
        writer.senderReport(publisher.ssrc, PUBLISHER_NTP, timestamp, 1, 1);
        publisher.media.handleRtcp(bytes, 0, 28, stage.now);
    }

    private void receiverReport(int lastSenderReport, long delay) {
        byte[] bytes = new byte[32];
        RtcpWriter writer = new RtcpWriter();
        writer.wrap(bytes, 0, 32);
        writer.receiverReport(1);
        writer.reportBlock(viewer.video.ssrc(), 64, 1, 1, 1, lastSenderReport, delay);
        viewer.media.handleRtcp(bytes, 0, 32, stage.now);
    }
}
