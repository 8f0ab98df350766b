// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FingerprintTest {
    private static final byte[] ABC = {'a', 'b', 'c'};

    @Test
    void isTheHashOfTheCertificate() {
        assertThat(Fingerprint.of("sha-256", ABC))
                .hasToString("sha-256 BA:78:16:BF:8F:01:CF:EA:41:41:40:DE:5D:AE:22:23"
                        + ":B0:03:61:A3:96:17:7A:9C:B4:10:FF:61:F2:00:15:AD");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha-256", "sha-384", "sha-512"})
    void matchesItsCertificateInWhateverCaseItIsWritten(String algorithm) {
        String text = Fingerprint.of(algorithm, ABC).toString();

        assertThat(Fingerprint.parse(text)).hasToString(text);
        assertThat(Fingerprint.parse(text.toLowerCase(Locale.ROOT)).matches(ABC))
                .isTrue();
        assertThat(Fingerprint.parse(" " + text.toUpperCase(Locale.ROOT) + " ").matches(ABC))
                .isTrue();
        assertThat(Fingerprint.parse(text).matches(new byte[] {1})).isFalse();
    }

    @Test
    void neverMatchesByAWeakHash() {
        Fingerprint sha1 = Fingerprint.parse("sha-1 A9:99:3E:36:47:06:81:6A:BA:3E:25:71:78:50:C2:6C:9C:D0:D8:9D");

        assertThat(sha1.isStrong()).isFalse();
        assertThat(sha1.matches(ABC)).isFalse();
        assertThatThrownBy(() -> Fingerprint.of("sha-1", ABC)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sha-256", "sha-256 ", "sha-256 A", "sha-256 AB:C", "sha-256 ABCD", "sha-256 XY:ZZ"})
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> Fingerprint.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hasAtMost64Bytes() {
        assertThat(Fingerprint.parse("sha-512 " + "AB:".repeat(63) + "AB").value())
                .hasSize(191);
        assertThatThrownBy(() -> Fingerprint.parse("sha-512 " + "AB:".repeat(64) + "AB"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void belongsToACertificateThatTheJdkFindsInOrder() throws Exception {
        Instant now = Instant.parse("2026-01-31T12:00:00Z");
        DtlsCertificate certificate = DtlsCertificate.generate(now, new SecureRandom());

        X509Certificate parsed = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(certificate.encoded()));
        parsed.verify(parsed.getPublicKey());
        assertThat(parsed.getNotAfter()).isEqualTo(now.plus(Duration.ofDays(30)));
        assertThat(parsed.getNotBefore()).isBefore(now);
        assertThat(parsed.getSigAlgName()).isEqualTo("SHA256withECDSA");
        assertThat(certificate.fingerprint().matches(certificate.encoded())).isTrue();
        assertThat(certificate.toString()).contains(certificate.fingerprint().value());
    }

    @Test
    void changesWhenTheCertificateIsRotated() {
        Instant[] now = {Instant.parse("2026-01-01T00:00:00Z")};
        RotatingCertificate rotating = new RotatingCertificate(() -> now[0], new SecureRandom());
        DtlsCertificate first = rotating.current();

        now[0] = now[0].plus(Duration.ofDays(15)).minusSeconds(1);
        assertThat(rotating.current()).isSameAs(first);
        now[0] = now[0].plusSeconds(1);
        assertThat(rotating.current()).isNotSameAs(first);
        assertThat(rotating.current().fingerprint()).isNotEqualTo(first.fingerprint());
    }
}
