// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.sdp.CodecFormat.Av1;
import dev.tributary.sdp.CodecFormat.H264;
import dev.tributary.sdp.CodecFormat.H265;
import dev.tributary.sdp.CodecFormat.Opus;
import dev.tributary.sdp.CodecFormat.Other;
import dev.tributary.sdp.CodecFormat.Red;
import dev.tributary.sdp.CodecFormat.Rtx;
import dev.tributary.sdp.CodecFormat.Vp8;
import dev.tributary.sdp.CodecFormat.Vp9;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.NumericChars;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class CodecFormatTest {
    static Stream<Arguments> formats() {
        return Stream.of(
                Arguments.of("opus", "", new Opus(48_000, 0, 3, false, false, false, false, false)),
                Arguments.of(
                        "OPUS",
                        "maxplaybackrate=16000; maxaveragebitrate=20000; minptime=10; stereo=1; sprop-stereo=1; cbr=1; useinbandfec=1; usedtx=1",
                        new Opus(16_000, 20_000, 10, true, true, true, true, true)),
                Arguments.of("VP8", "", new Vp8(0, 0)),
                Arguments.of("VP8", "max-fs=12288;max-fr=60", new Vp8(60, 12_288)),
                Arguments.of("VP9", "", new Vp9(0, 0, 0)),
                Arguments.of("vp9", "profile-id=2;max-fs=3600;max-fr=30", new Vp9(2, 30, 3_600)),
                Arguments.of("AV1", "", new Av1(0, 5, 0)),
                Arguments.of("AV1", "level-idx=9;profile=1;tier=1", new Av1(1, 9, 1)),
                Arguments.of("H264", "", new H264(H264Profile.BASELINE, "42000a", 10, 0, false)),
                Arguments.of(
                        "H264",
                        "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42E01F",
                        new H264(H264Profile.CONSTRAINED_BASELINE, "42e01f", 31, 1, true)),
                Arguments.of("H264", "profile-level-id=nonsense", new H264(null, "nonsense", -1, 0, false)),
                Arguments.of("H265", "", new H265(0, 1, false, 93, "SRST")),
                Arguments.of(
                        "H265",
                        "profile-space=1;profile-id=2;tier-flag=1;level-id=180;tx-mode=MRST",
                        new H265(1, 2, true, 180, "MRST")),
                Arguments.of("red", "111/111", new Red(List.of(111, 111))),
                Arguments.of("red", "", new Red(List.of())),
                Arguments.of("red", "111/x", new Red(List.of())),
                Arguments.of("red", "111/128", new Red(List.of())),
                Arguments.of("rtx", "apt=96", new Rtx(96, 0)),
                Arguments.of("rtx", "apt=96;rtx-time=3000", new Rtx(96, 3_000)),
                Arguments.of("rtx", "", new Rtx(-1, 0)),
                Arguments.of("ulpfec", "x", new Other(FormatParameters.parse("x"))));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void readsWhatTheParametersMean(String name, String parameters, CodecFormat expected) {
        assertThat(Codec.video(name, parameters).format()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "H264, packetization-mode=1;profile-level-id=42e01f, packetization-mode=1;profile-level-id=42C034, true",
        "H264, packetization-mode=1;profile-level-id=42e01f, packetization-mode=0;profile-level-id=42e01f, false",
        "H264, profile-level-id=42e01f, packetization-mode=0;profile-level-id=42e01f, true",
        "H264, packetization-mode=1;profile-level-id=42e01f, packetization-mode=1;profile-level-id=64001f, false",
        "H264, packetization-mode=1;profile-level-id=ffff00, PACKETIZATION-MODE=1; profile-level-id=FFFF00, true",
        "H264, profile-level-id=ffff00, profile-level-id=ffff01, false",
        "VP9,  '', profile-id=0, true",
        "VP9,  '', profile-id=2, false",
        "AV1,  '', level-idx=5;profile=0;tier=0, true",
        "AV1,  level-idx=2, level-idx=9, true",
        "AV1,  profile=1, profile=0, false",
        "H265, level-id=93, level-id=180;profile-id=1;tier-flag=0;tx-mode=SRST, true",
        "H265, '', profile-id=2, false",
        "H265, '', profile-space=1, false",
        "H265, '', tier-flag=1, false",
        "H265, '', tx-mode=MRST, false",
        "VP8,  '', max-fr=30, true",
        "red,  111/111, 96/96, true",
        "rtx,  apt=96, apt=97, true",
        "ulpfec, '', x=1, true",
    })
    void comparesOnlyWhatBothSidesMustShare(String name, String one, String other, boolean match) {
        Codec first = Codec.video(name, one);
        Codec second =
                Codec.video(name.toLowerCase(java.util.Locale.ROOT), other).withPayloadType(100);

        assertThat(first.matches(second)).isEqualTo(match);
        assertThat(second.matches(first)).isEqualTo(match);
    }

    @Test
    void takesNoFormatForAnother() {
        List<CodecFormat> one = Stream.of("opus", "VP8", "VP9", "AV1", "H264", "H265", "red", "rtx", "other")
                .map(name -> Codec.video(name, "").format())
                .toList();

        assertThat(one).hasSize(CodecFormat.class.getPermittedSubclasses().length);
        for (CodecFormat first : one) {
            for (CodecFormat second : one) {
                assertThat(first.isCompatibleWith(second)).isEqualTo(first == second);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"48000, 2, true", "48000, 1, false", "16000, 2, false"})
    void comparesClockRateAndChannels(int clockRate, int channels, boolean match) {
        assertThat(Codec.audio("opus", 48_000, 2, "").matches(Codec.audio("OPUS", clockRate, channels, "stereo=1")))
                .isEqualTo(match);
    }

    @Test
    void readsNoMorePayloadTypesOfRedThanItsLimit() {
        String most = "111/".repeat(Red.PAYLOAD_TYPES_MAX - 1) + "111";

        assertThat(Codec.video("red", most).format())
                .isEqualTo(new Red(java.util.Collections.nCopies(Red.PAYLOAD_TYPES_MAX, 111)));
        assertThat(Codec.video("red", most + "/111").format()).isEqualTo(new Red(List.of()));
    }

    @Property
    void readsAnyParameters(
            @ForAll("names") String name,
            @ForAll @AlphaChars @NumericChars @Chars({'=', ';', '/', '-', ' '}) String parameters) {
        Codec codec = Codec.video(name, parameters);

        assertThat(codec.format().isCompatibleWith(codec.format())).isTrue();
        assertThat(codec.matches(codec)).isTrue();
    }

    @net.jqwik.api.Provide
    net.jqwik.api.Arbitrary<String> names() {
        return net.jqwik.api.Arbitraries.of("opus", "VP8", "VP9", "AV1", "H264", "H265", "red", "rtx", "other");
    }
}
