// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RtcpTest {
    private static final int OURS = 0x5E55101D;
    private static final int THEIRS = 0xCAFEBABE;

    private final byte[] room = new byte[512];
    private final RtcpWriter writer = new RtcpWriter();
    private final RtcpReader reader = new RtcpReader();

    @Test
    void readsACompoundOfReportAndDescription() {
        writer.wrap(room, 3, room.length - 3);
        assertThat(writer.senderReport(OURS, 0x1122334455667788L, 0x99AABBCC, 7, 8))
                .isTrue();
        assertThat(writer.reportBlock(THEIRS, 64, -2, 0x0001FFFF, 12, 0x33445566, 65_536))
                .isTrue();
        assertThat(writer.cname(OURS, "stage")).isTrue();

        reader.wrap(room, 3, writer.length());

        assertThat(reader.next()).isTrue();
        assertThat(reader.kind()).isEqualTo(RtcpReader.Kind.SENDER_REPORT);
        assertThat(reader.senderSsrc()).isEqualTo(OURS);
        assertThat(reader.ntpTime()).isEqualTo(0x1122334455667788L);
        assertThat(reader.rtpTimestamp()).isEqualTo(0x99AABBCC);
        assertThat(reader.packetCount()).isEqualTo(7);
        assertThat(reader.octetCount()).isEqualTo(8);
        assertThat(reader.reportCount()).isEqualTo(1);
        assertThat(reader.reportSsrc(0)).isEqualTo(THEIRS);
        assertThat(reader.reportFractionLost(0)).isEqualTo(64);
        assertThat(reader.reportCumulativeLost(0)).isEqualTo(-2);
        assertThat(reader.reportExtendedHighestSequenceNumber(0)).isEqualTo(0x0001FFFF);
        assertThat(reader.reportJitter(0)).isEqualTo(12);
        assertThat(reader.reportLastSenderReport(0)).isEqualTo(0x33445566);
        assertThat(reader.reportDelaySinceLastSenderReport(0)).isEqualTo(65_536);
        assertThat(reader.next()).isTrue();
        assertThat(reader.kind()).isEqualTo(RtcpReader.Kind.SOURCE_DESCRIPTION);
        assertThat(reader.cname()).isEqualTo("stage");
        assertThat(reader.next()).isFalse();
    }

    @Test
    void writesTheBytesOfTheRfc() {
        writer.wrap(room, 0, room.length);
        writer.receiverReport(OURS);
        writer.pictureLossIndication(OURS, THEIRS);
        writer.nack(OURS, THEIRS);
        writer.nackEntry(0x1234, 0x8001);
        writer.bye(THEIRS);

        assertThat(HexFormat.of().formatHex(room, 0, writer.length()))
                .isEqualTo("80c900015e55101d" + "81ce00025e55101dcafebabe" + "81cd00035e55101dcafebabe12348001"
                        + "81cb0001cafebabe");
    }

    @Test
    void readsFeedbackOfEveryKind() {
        writer.wrap(room, 0, room.length);
        writer.nack(OURS, THEIRS);
        writer.nackEntry(10, 0);
        writer.nackEntry(65_535, 3);
        writer.pictureLossIndication(OURS, THEIRS);
        writer.fullIntraRequest(OURS, THEIRS, 200);
        writer.receiverEstimatedMaximumBitrate(OURS, THEIRS, 2_500_000);
        writer.bye(THEIRS);
        reader.wrap(room, 0, writer.length());

        assertThat(reader.next()).isTrue();
        assertThat(reader.kind()).isEqualTo(RtcpReader.Kind.GENERIC_NACK);
        assertThat(reader.mediaSsrc()).isEqualTo(THEIRS);
        assertThat(reader.nackCount()).isEqualTo(2);
        assertThat(reader.nackPacketId(1)).isEqualTo(65_535);
        assertThat(reader.nackBitmask(1)).isEqualTo(3);
        assertThat(reader.next()).isTrue();
        assertThat(reader.kind()).isEqualTo(RtcpReader.Kind.PICTURE_LOSS_INDICATION);
        assertThat(reader.next()).isTrue();
        assertThat(reader.kind()).isEqualTo(RtcpReader.Kind.FULL_INTRA_REQUEST);
        assertThat(reader.firCount()).isEqualTo(1);
        assertThat(reader.firSsrc(0)).isEqualTo(THEIRS);
        assertThat(reader.firSequenceNumber(0)).isEqualTo(200);
        assertThat(reader.next()).isTrue();
        assertThat(reader.kind()).isEqualTo(RtcpReader.Kind.RECEIVER_ESTIMATED_MAXIMUM_BITRATE);
        assertThat(reader.rembBitrateBps()).isBetween(2_499_900L, 2_500_000L);
        assertThat(reader.rembSsrcCount()).isEqualTo(1);
        assertThat(reader.rembSsrc(0)).isEqualTo(THEIRS);
        assertThat(reader.next()).isTrue();
        assertThat(reader.kind()).isEqualTo(RtcpReader.Kind.BYE);
        assertThat(reader.byeSsrc(0)).isEqualTo(THEIRS);
        assertThat(reader.next()).isFalse();
    }

    @Test
    void aReportWithFewerBlocksThanItCountsIsMalformedAndTheNextPartStillRead() {
        byte[] bytes = HexFormat.of().parseHex("82c900015e55101d" + "81cb0001cafebabe");
        reader.wrap(bytes, 0, bytes.length);

        assertThat(reader.next()).isTrue();
        assertThat(reader.kind()).isEqualTo(RtcpReader.Kind.MALFORMED);
        assertThat(reader.next()).isTrue();
        assertThat(reader.kind()).isEqualTo(RtcpReader.Kind.BYE);
    }

    @Test
    void aLengthBeyondTheDatagramEndsTheWalk() {
        byte[] bytes = HexFormat.of().parseHex("80c900025e55101d");
        reader.wrap(bytes, 0, bytes.length);

        assertThat(reader.next()).isFalse();
    }

    @Test
    void aReportTakesThirtyOneBlocksAndNoMore() {
        byte[] large = new byte[1500];
        writer.wrap(large, 0, large.length);
        writer.receiverReport(OURS);
        for (int i = 0; i < 31; i++) {
            assertThat(writer.reportBlock(i, 0, 0, 0, 0, 0, 0)).isTrue();
        }

        assertThat(writer.reportBlock(31, 0, 0, 0, 0, 0, 0)).isFalse();
        reader.wrap(large, 0, writer.length());
        assertThat(reader.next()).isTrue();
        assertThat(reader.reportSsrc(30)).isEqualTo(30);
    }

    @Test
    void nothingIsWrittenThatDoesNotFit() {
        writer.wrap(room, 0, 19);

        assertThat(writer.fullIntraRequest(1, 2, 3)).isFalse();
        assertThat(writer.length()).isZero();
        assertThat(writer.nack(1, 2)).isTrue();
        assertThat(writer.nackEntry(1, 0)).isTrue();
        assertThat(writer.nackEntry(2, 0)).isFalse();
        assertThat(writer.bye(1)).isFalse();
        assertThat(writer.length()).isEqualTo(16);
    }

    @Test
    void lostPacketsAreClampedToTwentyFourBits() {
        writer.wrap(room, 0, room.length);
        writer.receiverReport(OURS);
        writer.reportBlock(1, 300, 9_000_000, 0, 0, 0, 0);
        writer.reportBlock(2, -1, -9_000_000, 0, 0, 0, 0);
        reader.wrap(room, 0, writer.length());
        reader.next();

        assertThat(reader.reportCumulativeLost(0)).isEqualTo(8_388_607);
        assertThat(reader.reportFractionLost(0)).isEqualTo(255);
        assertThat(reader.reportCumulativeLost(1)).isEqualTo(-8_388_608);
        assertThat(reader.reportFractionLost(1)).isZero();
    }

    @Property(tries = 300)
    void rembKeepsSeventeenSignificantBits(@ForAll @LongRange(min = 0, max = 1L << 61) long bitrate) {
        writer.wrap(room, 0, room.length);
        writer.receiverEstimatedMaximumBitrate(1, 2, bitrate);
        reader.wrap(room, 0, writer.length());
        reader.next();

        assertThat(reader.rembBitrateBps()).isBetween(bitrate - (bitrate >> 16), bitrate);
    }

    @Property(tries = 1000)
    void neverThrowsOnArbitraryBytes(@ForAll @Size(max = 120) byte[] bytes, @ForAll boolean plausible) {
        if (plausible && bytes.length >= 8) {
            bytes[0] = (byte) (0x80 | bytes[0] & 0x3F);
            bytes[1] = (byte) (200 + (bytes[1] & 7));
            bytes[2] = 0;
            bytes[3] = (byte) (bytes[3] & 0x1F);
        }
        reader.wrap(bytes, 0, bytes.length);
        int steps = 0;
        while (reader.next()) {
            readEverything();
            assertThat(++steps).isLessThanOrEqualTo(30);
        }
    }

    private void readEverything() {
        int count = reader.count();
        switch (reader.kind()) {
            case SENDER_REPORT, RECEIVER_REPORT -> {
                for (int i = 0; i < count; i++) {
                    reader.reportDelaySinceLastSenderReport(i);
                }
            }
            case BYE -> {
                for (int i = 0; i < count; i++) {
                    reader.byeSsrc(i);
                }
            }
            case GENERIC_NACK -> {
                for (int i = 0; i < reader.nackCount(); i++) {
                    reader.nackBitmask(i);
                }
            }
            case FULL_INTRA_REQUEST -> {
                for (int i = 0; i < reader.firCount(); i++) {
                    reader.firSequenceNumber(i);
                }
            }
            case RECEIVER_ESTIMATED_MAXIMUM_BITRATE -> {
                reader.rembBitrateBps();
                for (int i = 0; i < reader.rembSsrcCount(); i++) {
                    reader.rembSsrc(i);
                }
            }
            case SOURCE_DESCRIPTION -> reader.cname();
            case PICTURE_LOSS_INDICATION -> reader.mediaSsrc();
            default -> reader.length();
        }
    }
}
