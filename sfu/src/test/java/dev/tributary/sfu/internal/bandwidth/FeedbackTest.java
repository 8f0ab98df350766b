// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.bandwidth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.core.DatagramProtocol;
import dev.tributary.core.rtp.RtcpReader;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Transport-wide feedback, written and read, honest and hostile. */
class FeedbackTest {
    private static final long MILLIS = BandwidthLimits.MILLIS;

    private final ArrivalLog log = new ArrivalLog();
    private final byte[] bytes = new byte[1_500];

    /** What a report said of one packet: ticks, or −1 for missing. */
    private static TreeMap<Integer, Long> read(byte[] bytes, int length) {
        FeedbackReader reader = new FeedbackReader();
        assertThat(reader.wrap(bytes, 0, length)).isTrue();
        TreeMap<Integer, Long> said = new TreeMap<>();
        while (reader.next()) {
            said.put(reader.sequenceNumber(), reader.isReceived() ? reader.ticks() : -1);
        }
        assertThat(said).hasSize(reader.count());
        return said;
    }

    private int write(long now) {
        int length = log.write(bytes, 0, 1_200, 1, 2, now);
        if (length == 0) {
            return 0;
        }
        RtcpReader rtcp = new RtcpReader();
        rtcp.wrap(bytes, 0, length);
        assertThat(rtcp.next()).isTrue();
        assertThat(rtcp.kind()).isEqualTo(RtcpReader.Kind.TRANSPORT_CC);
        return rtcp.length();
    }

    @Test
    void readsAReportAsTheDraftDrawsIt() {
        // Base 5, seven packets, reference 3 (192 ms), a vector of two-bit symbols, a run of one.
        byte[] report = HexFormat.of()
                .parseHex("8fcd0007" + "00000001" + "00000002" + "0005" + "0008" + "000003" + "01" + "d201" + "2001"
                        + "04" + "ff38" + "08" + "01" + "000000");

        assertThat(read(report, report.length))
                .containsExactlyEntriesOf(new TreeMap<>(java.util.Map.of(
                        5,
                        768L + 4,
                        6,
                        -1L,
                        7,
                        768L + 4 - 200,
                        8,
                        -1L,
                        9,
                        -1L,
                        10,
                        -1L,
                        11,
                        768L + 4 - 200 + 8,
                        12,
                        768L + 4 - 200 + 8 + 1)));
    }

    @Test
    void saysOfEveryPacketOnceWhenItCame() {
        Random random = new Random(7);
        TreeMap<Integer, Long> truth = new TreeMap<>();
        TreeMap<Integer, Long> said = new TreeMap<>();
        long now = 5_000 * MILLIS;
        for (int i = 0; i < 3_000; i++) {
            now += random.nextInt(100) == 0 ? 700 * MILLIS : random.nextInt(4_000_000);
            if (random.nextInt(10) > 0) {
                log.arrived(i & 0xFFFF, now);
                truth.put(i, now / FeedbackReader.NANOS_PER_TICK);
            }
            while (log.nextDueNanos() <= now) {
                int length = write(now);
                if (length > 0) {
                    said.putAll(read(bytes, length));
                }
            }
        }
        said.values().removeIf(ticks -> ticks < 0);
        int reported = said.lastKey();

        assertThat(said).isEqualTo(new TreeMap<>(truth.headMap(reported, true)));
    }

    @Test
    void saysAgainWhatCameLateAndWasSaidToBeMissing() {
        log.arrived(10, 0);
        log.arrived(12, MILLIS);
        assertThat(read(bytes, write(100 * MILLIS))).containsEntry(11, -1L);

        log.arrived(11, 110 * MILLIS);
        log.arrived(13, 111 * MILLIS);

        assertThat(read(bytes, write(210 * MILLIS)))
                .containsEntry(11, 440L)
                .containsEntry(13, 444L)
                .doesNotContainKey(10);
    }

    @Test
    void numbersWrapAndNothingIsLost() {
        for (int i = 65_530; i < 65_546; i++) {
            log.arrived(i & 0xFFFF, i * MILLIS);
        }

        assertThat(read(bytes, write(66_000 * MILLIS)).keySet())
                .contains(65_530, 65_535, 0, 9)
                .hasSize(16);
    }

    @Test
    void splitsAReportWhereADeltaDoesNotFit() {
        log.arrived(1, 0);
        log.arrived(2, 9_000 * MILLIS);
        log.arrived(3, 9_001 * MILLIS);

        assertThat(read(bytes, write(9_100 * MILLIS)).keySet()).containsExactly(1);
        assertThat(log.nextDueNanos()).isLessThanOrEqualTo(9_100 * MILLIS);
        assertThat(read(bytes, write(9_100 * MILLIS)).keySet()).containsExactly(2, 3);
        assertThat(log.nextDueNanos()).isEqualTo(DatagramProtocol.NEVER);
    }

    @Test
    void aLeapOfNumbersIsNotToldAsAThousandLosses() {
        log.arrived(1, 0);
        log.arrived(20_000, MILLIS);

        assertThat(read(bytes, write(100 * MILLIS)).keySet()).containsExactly(20_000);
    }

    @Test
    void whateverBytesComeNothingIsThrownAndTheReaderEnds() {
        Random random = new Random(3);
        FeedbackReader reader = new FeedbackReader();
        SendSideBandwidth bandwidth = new SendSideBandwidth();
        List<byte[]> honest = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            log.arrived(i, i * 3 * MILLIS);
            bandwidth.sent(1_000, i * 3 * MILLIS);
        }
        honest.add(java.util.Arrays.copyOf(bytes, write(700 * MILLIS)));
        for (int i = 0; i < 200_000; i++) {
            byte[] hostile =
                    i % 2 == 0 ? new byte[random.nextInt(60)] : honest.get(0).clone();
            if (i % 2 == 0) {
                random.nextBytes(hostile);
            } else {
                hostile[random.nextInt(hostile.length)] = (byte) random.nextInt();
                hostile[12 + random.nextInt(12)] = (byte) random.nextInt();
            }
            if (reader.wrap(hostile, 0, hostile.length)) {
                int count = 0;
                while (reader.next()) {
                    count++;
                }
                assertThat(count).isEqualTo(reader.count());
            }
            bandwidth.handleFeedback(hostile, 0, hostile.length, 700 * MILLIS + i * MILLIS);
            assertThat(bandwidth.targetBps(0)).isBetween(BandwidthLimits.BPS_MIN, BandwidthLimits.BPS_MAX);
        }
    }
}
