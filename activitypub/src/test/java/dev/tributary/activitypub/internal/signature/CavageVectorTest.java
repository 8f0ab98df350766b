// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.activitypub.ActivityPubException;
import dev.tributary.activitypub.Limits;
import dev.tributary.activitypub.SignatureScheme;
import java.security.PublicKey;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The test values of draft-cavage-http-signatures-12, appendix C, and the forms in which keys come. */
class CavageVectorTest {
    private static final String KEY = """
            -----BEGIN PUBLIC KEY-----
            MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDCFENGw33yGihy92pDjZQhl0C3
            6rPJj+CvfSC8+q28hxA161QFNUd13wuCTUcq0Qd2qsBe/2hFyc2DCJJg0h1L78+6
            Z4UMR7EOcpfdUE9Hf3m/hs+FUR45uBJeDK1HSFHD8bHKD6kv8FPGfJTotc+2xjJw
            oYi+1hqp1fIekaxsyQIDAQAB
            -----END PUBLIC KEY-----
            """;

    @Test
    void verifiesTheBasicTestOfTheDraft() throws Exception {
        PublicKey key = java.security.KeyFactory.getInstance("RSA")
                .generatePublic(new java.security.spec.X509EncodedKeySpec(Base64.getMimeDecoder()
                        .decode(KEY.replace("-----BEGIN PUBLIC KEY-----", "")
                                .replace("-----END PUBLIC KEY-----", ""))));
        String base = "(request-target): post /foo?param=value&pet=dog\n"
                + "host: example.com\n"
                + "date: Sun, 05 Jan 2014 21:31:40 GMT";
        byte[] signature = Base64.getDecoder()
                .decode("qdx+H7PHHDZgy4y/Ahn9Tny9V3GP6YgBPyUXMmoxWtLbHpUnXS2mg2+SbrQDMCJypxBLSPQR2aAjn7ndmw2i"
                        + "icw3HMbe8VfEdKFYRqzic+efkb3nndiv/x1xSHDJWeSWkx3ButlYSuBskLu6kd9Fswtemr3lgdDEmn04swr2"
                        + "Os0=");

        assertThat(new Claim(SignatureScheme.CAVAGE, "Test", List.of(base), signature).verifies(key))
                .isTrue();
        assertThat(new Claim(SignatureScheme.CAVAGE, "Test", List.of(base + "x"), signature).verifies(key))
                .isFalse();
    }

    @Test
    void refusesAKeyOf1024Bits() {
        assertThatThrownBy(() -> Pem.readPublic(KEY, Limits.DEFAULT))
                .isInstanceOf(ActivityPubException.class)
                .hasMessageContaining("1024");
    }

    @Test
    void readsItsOwnKeysAndPkcs1() {
        String pem = Pem.write(TestKeys.ALICE.getPublic());
        assertThat(Pem.readPublic(pem, Limits.DEFAULT)).isEqualTo(TestKeys.ALICE.getPublic());
        assertThat(Pem.readPrivate(Pem.write(TestKeys.ALICE.getPrivate()))).isEqualTo(TestKeys.ALICE.getPrivate());

        byte[] spki = TestKeys.ALICE.getPublic().getEncoded();
        // SEQUENCE(4) + AlgorithmIdentifier(15) + BIT STRING(4) + unused bits(1): what follows is PKCS#1.
        byte[] pkcs1 = java.util.Arrays.copyOfRange(spki, 24, spki.length);
        String rsaPem = "-----BEGIN RSA PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pkcs1) + "\n-----END RSA PUBLIC KEY-----";
        assertThat(Pem.readPublic(rsaPem, Limits.DEFAULT)).isEqualTo(TestKeys.ALICE.getPublic());
    }
}
