// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class SerialTest {
    @Test
    void ordersAcrossTheWrap() {
        assertThat(Serial.isNewer16(0, 65_535)).isTrue();
        assertThat(Serial.isNewer16(65_535, 0)).isFalse();
        assertThat(Serial.isNewer16(5, 5)).isFalse();
        assertThat(Serial.isNewer32(0, -1)).isTrue();
        assertThat(Serial.distance16(65_530, 4)).isEqualTo(10);
    }

    @Test
    void numbersHalfTheRangeApartAreNeverNewer() {
        assertThat(Serial.isNewer16(0x8000, 0)).isFalse();
        assertThat(Serial.isNewer16(0, 0x8000)).isFalse();
        assertThat(Serial.isNewer32(Integer.MIN_VALUE, 0)).isFalse();
        assertThat(Serial.isNewer32(0, Integer.MIN_VALUE)).isFalse();
    }

    @Property(tries = 300)
    void unwrapsAnyWalkOfSmallSteps(@ForAll @IntRange(max = 65_535) int first, @ForAll java.util.Random random) {
        SequenceUnwrapper unwrapper = new SequenceUnwrapper();
        long actual = unwrapper.unwrap(first);
        assertThat(actual & 0xFFFF).isEqualTo(first);
        for (int i = 0; i < 200; i++) {
            long next = actual + random.nextInt(20_000) - 3_000;
            assertThat(unwrapper.unwrap((int) next & 0xFFFF)).isEqualTo(next);
            actual = Math.max(actual, next);
            assertThat(unwrapper.highest()).isEqualTo(actual);
        }
    }

    @Test
    void aReportedNumberMovesNothing() {
        SequenceUnwrapper unwrapper = new SequenceUnwrapper();
        long first = unwrapper.unwrap(100);

        assertThat(unwrapper.interpret(110)).isEqualTo(first + 10);
        assertThat(unwrapper.interpret(99)).isEqualTo(first - 1);
        assertThat(unwrapper.highest()).isEqualTo(first);
        assertThat(unwrapper.unwrap(101)).isEqualTo(first + 1);
    }

    @Test
    void packetsFromBeforeTheFirstStayPositive() {
        SequenceUnwrapper unwrapper = new SequenceUnwrapper();
        unwrapper.unwrap(0);

        assertThat(unwrapper.unwrap(65_535)).isPositive();
        assertThat(unwrapper.highest()).isEqualTo(65_536);
    }

    @Property(tries = 300)
    void ntpTimeGoesThereAndBack(
            @ForAll @LongRange(min = 0, max = 4_000_000_000_000_000_000L) long epochNanos,
            @ForAll @LongRange(min = -1_000_000_000_000L, max = 1_000_000_000_000L) long move) {
        long ntp = NtpTime.ofEpochNanos(epochNanos);

        assertThat(NtpTime.nanosBetween(ntp, NtpTime.plusNanos(ntp, move))).isBetween(move - 2, move + 2);
    }

    @Test
    void ntpTimeCountsFrom1900() {
        assertThat(NtpTime.ofEpochNanos(0) >>> 32).isEqualTo(2_208_988_800L);
        assertThat(NtpTime.ofEpochNanos(500_000_000) & 0xFFFF_FFFFL).isEqualTo(0x8000_0000L);
        assertThat(NtpTime.middle32(0x1122334455667788L)).isEqualTo(0x33445566);
        assertThat(NtpTime.shortFormat(1_500_000_000L)).isEqualTo(98_304);
        assertThat(NtpTime.nanosOfShortFormat(98_304)).isEqualTo(1_500_000_000L);
    }
}
