// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.transform;

import java.security.GeneralSecurityException;
import java.security.Provider;
import javax.crypto.Cipher;
import org.jspecify.annotations.Nullable;

/**
 * Where a session's ciphers come from.
 *
 * @param provider the one that the host asked for, or {@code null} for the JVM's own
 * @param accelerated whether {@link Acceleration} is to be used; the caller has made sure that there is one
 * @param scratch working room, shared by the transforms of a session
 */
public record CipherSource(@Nullable Provider provider, boolean accelerated, Scratch scratch) {
    /**
     * Checks that a provider has the ciphers of every profile.
     *
     * @throws IllegalArgumentException if it has not
     */
    public static void requireCiphers(Provider provider) {
        try {
            Cipher.getInstance("AES/GCM/NoPadding", provider);
            Cipher.getInstance("AES/CTR/NoPadding", provider);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "The provider " + provider.getName() + " lacks an AES cipher of SRTP", e);
        }
    }

    /** AES-GCM with a key and salt, which are taken over. */
    Transform gcm(byte[] key, byte[] salt) {
        return accelerated ? new FusedGcmTransform(key, salt, scratch) : new GcmTransform(key, salt, scratch, provider);
    }

    /** AES in counter mode with a key, which is taken over. */
    CounterCipher counterMode(byte[] key) {
        return accelerated ? new IntrinsicAes(key) : new JcaCounterCipher(key, scratch, provider);
    }
}
