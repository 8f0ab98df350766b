// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.index;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PacketIndexTest {
    @Test
    void agreesWithAppendixAOfRfc3711() {
        for (long rollOver : new long[] {1, 2, 0xFFFF, 0xFFFF_FFFEL}) {
            for (int last = 0; last < 65_536; last += 257) {
                for (int sequenceNumber = 0; sequenceNumber < 65_536; sequenceNumber += 251) {
                    assertThat(PacketIndex.estimate(rollOver << 16 | last, sequenceNumber))
                            .isEqualTo(appendixA(rollOver, last, sequenceNumber));
                }
                int halfAway = last ^ 0x8000;
                assertThat(PacketIndex.estimate(rollOver << 16 | last, halfAway))
                        .isEqualTo(appendixA(rollOver, last, halfAway));
            }
        }
    }

    @Test
    void staysInTheFirstLapWhenThereIsNoneBefore() {
        assertThat(PacketIndex.estimate(5, 65_530)).isEqualTo(65_530);
    }

    @Test
    void overflowsToTheEnd() {
        assertThat(PacketIndex.estimate(PacketIndex.END - 1, 0)).isEqualTo(PacketIndex.END);
    }

    /** The pseudo-code of the RFC, line by line. */
    private static long appendixA(long rollOver, int last, int sequenceNumber) {
        long v;
        if (last < 32_768) {
            v = sequenceNumber - last > 32_768 ? rollOver - 1 : rollOver;
        } else {
            v = last - 32_768 > sequenceNumber ? rollOver + 1 : rollOver;
        }
        return sequenceNumber + v * 65_536;
    }
}
