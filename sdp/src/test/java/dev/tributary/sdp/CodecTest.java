// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CodecTest {
    @ParameterizedTest
    @CsvSource({
        "42e01f, CONSTRAINED_BASELINE",
        "42C01E, CONSTRAINED_BASELINE",
        "4d8020, CONSTRAINED_BASELINE",
        "58c00b, CONSTRAINED_BASELINE",
        "42001f, BASELINE",
        "42a01f, BASELINE",
        "58801f, BASELINE",
        "4d001f, MAIN",
        "4d401f, MAIN",
        "58001f, EXTENDED",
        "58200b, EXTENDED",
        "64001f, HIGH",
        "640c1f, CONSTRAINED_HIGH",
        "6e001f, HIGH_10",
        "7a001f, HIGH_422",
        "f4001f, HIGH_444_PREDICTIVE",
        ", BASELINE"
    })
    void knowsTheProfileFromItsBits(String id, H264Profile profile) {
        assertThat(H264Profile.of(id)).isEqualTo(profile);
    }

    @ParameterizedTest
    @CsvSource({"42e01", "42e01f0", "42e01g", "''", "ffffff", "64ff1f", "4201ff", "\u0664\u0662e01f"})
    void knowsNoProfileOfANumberOutsideTheTable(String id) {
        assertThat(H264Profile.of(id)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"42e01f, 31", "42f00b, 10", "42e00b, 11", "640009, 10", "42e034, 52", ", 10", "xyz, -1"})
    void readsTheLevel(String id, int level) {
        assertThat(H264Profile.levelTimesTen(id)).isEqualTo(level);
    }

    @ParameterizedTest
    @CsvSource({
        "H264, packetization-mode=1;profile-level-id=42e01f, packetization-mode=1;profile-level-id=42C034, true",
        "H264, packetization-mode=1;profile-level-id=42e01f, packetization-mode=0;profile-level-id=42e01f, false",
        "H264, profile-level-id=42e01f, packetization-mode=0;profile-level-id=42e01f, true",
        "H264, packetization-mode=1;profile-level-id=42e01f, packetization-mode=1;profile-level-id=64001f, false",
        "H264, packetization-mode=1;profile-level-id=ffff00, PACKETIZATION-MODE=1; profile-level-id=FFFF00, true",
        "VP9,  '', profile-id=0, true",
        "VP9,  '', profile-id=2, false",
        "AV1,  '', level-idx=5;profile=0;tier=0, true",
        "AV1,  profile=1, profile=0, false",
        "H265, level-id=93, level-id=180;profile-id=1;tier-flag=0;tx-mode=SRST, true",
        "H265, '', profile-id=2, false",
        "VP8,  '', max-fr=30, true",
    })
    void comparesOnlyWhatBothSidesMustShare(String name, String one, String other, boolean match) {
        Codec first = Codec.video(name, one);
        Codec second =
                Codec.video(name.toLowerCase(java.util.Locale.ROOT), other).withPayloadType(100);

        assertThat(first.matches(second)).isEqualTo(match);
        assertThat(second.matches(first)).isEqualTo(match);
    }

    @ParameterizedTest
    @CsvSource({"48000, 2, true", "48000, 1, false", "16000, 2, false"})
    void comparesClockRateAndChannels(int clockRate, int channels, boolean match) {
        assertThat(Codec.audio("opus", 48_000, 2, "").matches(Codec.audio("OPUS", clockRate, channels, "stereo=1")))
                .isEqualTo(match);
    }
}
