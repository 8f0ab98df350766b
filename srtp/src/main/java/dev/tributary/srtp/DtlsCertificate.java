// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import dev.tributary.srtp.internal.dtls.DtlsIdentity;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;

/**
 * A self-signed ECDSA P-256 certificate with its private key. Peers trust it by its {@link #fingerprint} in the session
 * description (RFC 8827 §6.5), so it says nothing about anyone. Making one takes a few milliseconds; one may serve any
 * number of handshakes at once. Thread-safe. The private key never shows.
 *
 * @since 0.1
 */
public final class DtlsCertificate {
    /** How long a certificate is good for. */
    public static final Duration VALIDITY = Duration.ofDays(30);

    /** A peer's clock may be behind ours. */
    private static final Duration CLOCK_SKEW = Duration.ofDays(1);

    private final DtlsIdentity identity;
    private final Fingerprint fingerprint;
    private final Instant expiresAt;

    private DtlsCertificate(DtlsIdentity identity, Instant expiresAt) {
        this.identity = identity;
        this.fingerprint = Fingerprint.of("sha-256", identity.certificate());
        this.expiresAt = expiresAt;
    }

    /** Makes a certificate that is good for {@link #VALIDITY} from now. */
    public static DtlsCertificate generate() {
        return generate(Instant.now(), new SecureRandom());
    }

    /**
     * Makes a certificate.
     *
     * @param now the wall clock
     * @param random where the key comes from
     */
    public static DtlsCertificate generate(Instant now, SecureRandom random) {
        Instant expiresAt = now.plus(VALIDITY);
        return new DtlsCertificate(DtlsIdentity.generate(now.minus(CLOCK_SKEW), expiresAt, random), expiresAt);
    }

    /** SHA-256 of the certificate, for {@code a=fingerprint}. */
    public Fingerprint fingerprint() {
        return fingerprint;
    }

    /** The certificate in DER, a copy. */
    public byte[] encoded() {
        return identity.certificate().clone();
    }

    /** When it ends. */
    public Instant expiresAt() {
        return expiresAt;
    }

    DtlsIdentity identity() {
        return identity;
    }

    @Override
    public String toString() {
        return "DtlsCertificate[" + fingerprint + ", until " + expiresAt + "]";
    }
}
