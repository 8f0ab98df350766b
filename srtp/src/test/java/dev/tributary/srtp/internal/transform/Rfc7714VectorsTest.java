// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.srtp.SrtpFailure;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** RFC 7714 sections 16 and 17: session key 00 01 02…, salt "Quid pro quo". */
@ParameterizedClass
@EnumSource(CipherForm.class)
final class Rfc7714VectorsTest {
    @Parameter
    CipherForm form;

    private static final int RTP_SSRC = 0x5501a0b2;
    private static final int RTP_INDEX = 0xf17b;
    private static final int RTCP_SSRC = 0x4d617273;
    private static final int RTCP_INDEX = 0x5d4;
    private static final byte[] RTP = hex("8040f17b 8041f8d3 5501a0b2 47616c6c 69612065 7374206f 6d6e6973 20646976"
            + "69736120 696e2070 61727465 73207472 6573");
    private static final byte[] RTCP = hex("81c8000d 4d617273 4e545031 4e545032 52545020 0000042a 0000e930 4c756e61"
            + "deadbeef deadbeef deadbeef deadbeef deadbeef");

    @ParameterizedTest
    @CsvSource({
        "16, f24de3a3 fb34de6c acba861c 9d7e4bca be633bd5 0d294e6f 42a5f47a 51c7d19b 36de3adf 8833"
                + " 899d7f27 beb16a91 52cf765e e4390cce",
        "32, 32b1de78 a822fe12 ef9f78fa 332e33aa b1801238 9a58e2f3 b50b2a02 76ffae0f 1ba63799 b87b"
                + " 7aa3db36 dfffd6b0 f9bb7878 d7a76c13"
    })
    void sealsAndOpensTheRtpPacketsOfSection16(int keyBytes, String sealed) {
        Transform transform = transform(keyBytes);
        byte[] expected = concat(Arrays.copyOf(RTP, 12), hex(sealed));
        byte[] out = new byte[expected.length];

        assertThat(transform.sealRtp(RTP_SSRC, RTP_INDEX, RTP, 0, 12, RTP.length, out, 0))
                .isEqualTo(expected.length);
        assertThat(out).isEqualTo(expected);

        assertThat(transform.openRtp(RTP_SSRC, RTP_INDEX, out, 0, 12, out.length, out, 0))
                .isEqualTo(RTP.length);
        assertThat(Arrays.copyOf(out, RTP.length)).isEqualTo(RTP);
    }

    @ParameterizedTest
    @CsvSource({
        "16, 63e94885 dcdab67c a727d766 2f6b7e99 7ff5c0f7 6c06f32d c676a5f1 730d6fda 4ce09b46 86303ded"
                + " 0bb9275b c84aa458 96cf4d2f c5abf872 45d9eade 800005d4",
        "32, d50ae4d1 f5ce5d30 4ba297e4 7d470c28 2c3ece5d bffe0a50 a2eaa5c1 110555be 8415f658 c61de047"
                + " 6f1b6fad 1d1eb30c 4446839f 57ff6f6c b26ac3be 800005d4"
    })
    void sealsAndOpensTheRtcpPacketsOfSection17(int keyBytes, String sealed) {
        Transform transform = transform(keyBytes);
        byte[] expected = concat(Arrays.copyOf(RTCP, 8), hex(sealed));
        byte[] out = new byte[expected.length];

        assertThat(transform.sealRtcp(RTCP_SSRC, RTCP_INDEX, RTCP, 0, RTCP.length, out, 0))
                .isEqualTo(expected.length);
        assertThat(out).isEqualTo(expected);

        assertThat(transform.openRtcp(RTCP_SSRC, out, 0, out.length, out, 0)).isEqualTo(RTCP.length);
        assertThat(Arrays.copyOf(out, RTCP.length)).isEqualTo(RTCP);
    }

    @ParameterizedTest
    @CsvSource({"16, 841dd968 3dd78ec9 2ae58790 125f62b3 000005d4", "32, 91db4afb feee5a97 8fab4393 ed2615fe 000005d4"})
    void opensTheRtcpPacketsOfSection17ThatAreOnlyTagged(int keyBytes, String trailer) {
        Transform transform = transform(keyBytes);
        byte[] tagged = concat(RTCP, hex(trailer));

        assertThat(transform.openRtcp(RTCP_SSRC, tagged, 0, tagged.length, tagged, 0))
                .isEqualTo(RTCP.length);
        assertThat(Arrays.copyOf(tagged, RTCP.length)).isEqualTo(RTCP);

        tagged[20] ^= 1;
        assertThat(transform.openRtcp(RTCP_SSRC, tagged, 0, tagged.length, tagged, 0))
                .isEqualTo(SrtpFailure.AUTHENTICATION.status());
    }

    @ParameterizedTest
    @CsvSource({"16", "32"})
    void refusesEveryDamagedBitAndLeavesThePacketAsItWas(int keyBytes) {
        Transform transform = transform(keyBytes);
        byte[] sealed = new byte[RTP.length + 16];
        transform.sealRtp(RTP_SSRC, RTP_INDEX, RTP, 0, 12, RTP.length, sealed, 0);

        for (int bit = 0; bit < sealed.length * 8; bit++) {
            byte[] damaged = sealed.clone();
            damaged[bit >> 3] ^= (byte) (1 << (bit & 7));
            byte[] before = damaged.clone();
            assertThat(transform.openRtp(RTP_SSRC, RTP_INDEX, damaged, 0, 12, damaged.length, damaged, 0))
                    .isEqualTo(SrtpFailure.AUTHENTICATION.status());
            assertThat(damaged).isEqualTo(before);
        }
    }

    private Transform transform(int keyBytes) {
        byte[] key = new byte[keyBytes];
        for (int i = 0; i < keyBytes; i++) {
            key[i] = (byte) i;
        }
        return form.source().gcm(key, hex("51756964 2070726f 2071756f"));
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
