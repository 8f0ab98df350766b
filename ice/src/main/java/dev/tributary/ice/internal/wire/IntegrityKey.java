// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.wire;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The key of MESSAGE-INTEGRITY and MESSAGE-INTEGRITY-SHA256 for one password (RFC 8489 §14.5, §14.6).
 *
 * <p>{@link Hmac} stands here and not {@code javax.crypto.Mac}, which copies its result into a new array: a server answers
 * a check of every peer every few seconds, and with this class a check costs no garbage.
 *
 * <p>Not thread-safe: owned by one event loop, as its agent is.
 */
public final class IntegrityKey {
    /** The two algorithms of RFC 8489. */
    public enum Algorithm {
        /** MESSAGE-INTEGRITY: the one that every ICE agent speaks. */
        SHA1("SHA-1", 20, StunAttributes.MESSAGE_INTEGRITY),
        /** MESSAGE-INTEGRITY-SHA256. */
        SHA256("SHA-256", 32, StunAttributes.MESSAGE_INTEGRITY_SHA256);

        final String digestName;
        final int bytes;
        final int attribute;

        Algorithm(String digestName, int bytes, int attribute) {
            this.digestName = digestName;
            this.bytes = bytes;
            this.attribute = attribute;
        }
    }

    private final byte[] key;
    private final Hmac sha1;
    private @Nullable Hmac sha256;
    private final byte[] computed = new byte[Algorithm.SHA256.bytes];

    private IntegrityKey(byte[] key) {
        this.key = key;
        this.sha1 = Hmac.of(Algorithm.SHA1, key);
    }

    /** The key of a short-term credential: the password itself, RFC 8489 §9.1.1. */
    public static IntegrityKey ofPassword(String password) {
        return new IntegrityKey(password.getBytes(StandardCharsets.UTF_8));
    }

    /** A key given as bytes, for instance the digest of a long-term credential. */
    public static IntegrityKey ofBytes(byte[] key) {
        return new IntegrityKey(key.clone());
    }

    /** Writes the code of {@code length} bytes into {@code out}. */
    void sign(Algorithm algorithm, byte[] bytes, int offset, int length, byte[] out, int outOffset) {
        hmac(algorithm).compute(bytes, offset, length, computed);
        System.arraycopy(computed, 0, out, outOffset, algorithm.bytes);
    }

    /**
     * Whether the code of {@code length} bytes begins with the received one. All bytes are looked at whatever the
     * first ones are, so that time tells a forger nothing.
     */
    boolean verify(Algorithm algorithm, byte[] bytes, int offset, int length, int codeOffset, int codeBytes) {
        hmac(algorithm).compute(bytes, offset, length, computed);
        int difference = 0;
        for (int i = 0; i < codeBytes; i++) {
            difference |= computed[i] ^ bytes[codeOffset + i];
        }
        return difference == 0;
    }

    private Hmac hmac(Algorithm algorithm) {
        if (algorithm == Algorithm.SHA1) {
            return sha1;
        }
        if (sha256 == null) {
            sha256 = Hmac.of(Algorithm.SHA256, key);
        }
        return sha256;
    }
}
