// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.srtp.SrtpFailure;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** RFC 3711 appendix B, and the whole packet that libsrtp checks itself with. */
@ParameterizedClass
@EnumSource(CipherForm.class)
final class Rfc3711VectorsTest {
    @Parameter
    CipherForm form;

    private static final byte[] MASTER_KEY = hex("E1F97A0D3E018BE0D64FA32C06DE4139");
    private static final byte[] MASTER_SALT = hex("0EC675AD498AFEEBB6960B3AABE6");

    @Test
    void producesTheKeyStreamOfAppendixB2() {
        // An RTP "packet" without header is the key stream when the payload is zero: SSRC 0, index 0.
        Transform transform = new CounterModeTransform(
                form.source().counterMode(hex("2B7E151628AED2A6ABF7158809CF4F3C")),
                hex("F0F1F2F3F4F5F6F7F8F9FAFBFCFD"),
                new byte[20],
                10);
        byte[] stream = new byte[0xFF02 * 16 + 10];

        transform.sealRtp(0, 0, stream, 0, 0, stream.length - 10, stream, 0);

        assertThat(block(stream, 0)).isEqualTo("e03ead0935c95e80e166b16dd92b4eb4");
        assertThat(block(stream, 1)).isEqualTo("d23513162b02d0f72a43a2fe4a5f97ab");
        assertThat(block(stream, 2)).isEqualTo("41e95b3bb0a2e8dd477901e4fca894c0");
        assertThat(block(stream, 0xFEFF)).isEqualTo("ec8cdf7398607cb0f2d21675ea9ea1e4");
        assertThat(block(stream, 0xFF00)).isEqualTo("362b7c3c6773516318a077d7fc5073ae");
        assertThat(block(stream, 0xFF01)).isEqualTo("6a2cc3787889374fbeb4c81b17ba6c44");
    }

    @Test
    void derivesTheSessionKeysOfAppendixB3() {
        assertThat(derive(KeyDerivation.CIPHER_KEY, 16)).isEqualTo(hex("C61E7A93744F39EE10734AFE3FF7A087"));
        assertThat(derive(KeyDerivation.SALT, 14)).isEqualTo(hex("30CBBC08863D8C85D49DB34A9AE1"));
        assertThat(derive(KeyDerivation.AUTHENTICATION_KEY, 94))
                .isEqualTo(hex("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA48F0A0ACF3C34E2359E6CDBCE"
                        + "E049646C43D9327AD175578EF72270986371C10C9A369AC2F94A8C5FBCDDDC25"
                        + "6D6E919A48B610EF17C2041E474035766B68642C59BBFC2F34DB60DBDFB2"));
    }

    @Test
    void protectsTheReferencePacketOfLibsrtp() {
        Transform transform = new CounterModeTransform(
                form.source().counterMode(derive(KeyDerivation.CIPHER_KEY, 16)),
                derive(KeyDerivation.SALT, 14),
                derive(KeyDerivation.AUTHENTICATION_KEY, 20),
                10);
        byte[] plain = hex("800f1234decafbadcafebabeabababababababababababababababab");
        byte[] out = new byte[plain.length + 10];

        int length = transform.sealRtp(0xcafebabe, 0x1234, plain, 0, 12, plain.length, out, 0);

        assertThat(length).isEqualTo(out.length);
        assertThat(out).isEqualTo(hex("800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb"));
        assertThat(transform.openRtp(0xcafebabe, 0x1234, out, 0, 12, out.length, out, 0))
                .isEqualTo(plain.length);
        assertThat(Arrays.copyOf(out, plain.length)).isEqualTo(plain);
    }

    @Test
    void protectsTheReferenceRtcpPacketOfLibsrtp() {
        Transform transform = rtcpTransform();
        byte[] plain = hex("81c8000bcafebabeabababababababababababababababab");
        byte[] out = new byte[plain.length + 14];

        transform.sealRtcp(0xcafebabe, 1, plain, 0, plain.length, out, 0);

        assertThat(out).isEqualTo(hex("81c8000bcafebabe7128035be487b9bdbef89041f977a5a880000001993e08cd54d6c1230798"));
        assertThat(transform.openRtcp(0xcafebabe, out, 0, out.length, out, 0)).isEqualTo(plain.length);
        assertThat(Arrays.copyOf(out, plain.length)).isEqualTo(plain);
    }

    @Test
    void opensAnRtcpPacketThatIsOnlyTagged() throws Exception {
        byte[] plain = hex("81c8000bcafebabeabababababababababababababababab00000007");
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(derive(KeyDerivation.RTCP + KeyDerivation.AUTHENTICATION_KEY, 20), "HmacSHA1"));
        byte[] tagged = Arrays.copyOf(plain, plain.length + 10);
        System.arraycopy(mac.doFinal(plain), 0, tagged, plain.length, 10);
        byte[] received = tagged.clone();

        assertThat(rtcpTransform().openRtcp(0xcafebabe, received, 0, received.length, received, 0))
                .isEqualTo(24);
        assertThat(received).isEqualTo(tagged);

        received[24] ^= (byte) 0x80;
        assertThat(rtcpTransform().openRtcp(0xcafebabe, received, 0, received.length, received, 0))
                .isEqualTo(SrtpFailure.AUTHENTICATION.status());
    }

    private Transform rtcpTransform() {
        int rtcp = KeyDerivation.RTCP;
        return new CounterModeTransform(
                form.source().counterMode(derive(rtcp + KeyDerivation.CIPHER_KEY, 16)),
                derive(rtcp + KeyDerivation.SALT, 14),
                derive(rtcp + KeyDerivation.AUTHENTICATION_KEY, 20),
                10);
    }

    private static byte[] derive(int label, int length) {
        try (KeyDerivation keys = new KeyDerivation(MASTER_KEY, MASTER_SALT)) {
            return keys.derive(label, length);
        }
    }

    private static String block(byte[] stream, int number) {
        return HexFormat.of().formatHex(stream, number * 16, number * 16 + 16);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
