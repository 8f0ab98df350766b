// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The certificate of a server for new connections: made when first asked for, and again when half of its time is over,
 * so that a connection never begins with one that is about to end. Thread-safe.
 *
 * @since 0.1
 */
public final class RotatingCertificate {
    private static final Duration RENEW_BEFORE_END = DtlsCertificate.VALIDITY.dividedBy(2);

    private final InstantSource clock;
    private final SecureRandom random;
    private @Nullable DtlsCertificate current;

    /** Begins with no certificate. */
    public RotatingCertificate(InstantSource clock, SecureRandom random) {
        this.clock = clock;
        this.random = random;
    }

    /** The certificate to begin a connection with. Takes some milliseconds when a new one is due. */
    public synchronized DtlsCertificate current() {
        DtlsCertificate certificate = current;
        if (certificate == null
                || !clock.instant().isBefore(certificate.expiresAt().minus(RENEW_BEFORE_END))) {
            certificate = DtlsCertificate.generate(clock.instant(), random);
            current = certificate;
        }
        return certificate;
    }
}
