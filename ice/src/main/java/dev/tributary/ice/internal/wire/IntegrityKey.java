// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.wire;

import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The key of MESSAGE-INTEGRITY and MESSAGE-INTEGRITY-SHA256 for one password (RFC 8489 §14.5, §14.6).
 *
 * <p>HMAC (RFC 2104) stands here over {@link MessageDigest} because {@code javax.crypto.Mac} copies its result into a
 * new array, and a server answers a check of every peer every few seconds: with this class a check costs no garbage.
 * The result is compared with {@code javax.crypto.Mac} in the tests.
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

    private static final int BLOCK_BYTES = 64;

    private final byte[] key;
    private final Hmac sha1;
    private @Nullable Hmac sha256;
    private final byte[] computed = new byte[Algorithm.SHA256.bytes];

    private IntegrityKey(byte[] key) {
        this.key = key;
        this.sha1 = new Hmac(key, Algorithm.SHA1);
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
            sha256 = new Hmac(key, Algorithm.SHA256);
        }
        return sha256;
    }

    private static final class Hmac {
        private final MessageDigest digest;
        private final byte[] inner = new byte[BLOCK_BYTES];
        private final byte[] outer = new byte[BLOCK_BYTES];
        private final int digestBytes;

        Hmac(byte[] key, Algorithm algorithm) {
            try {
                digest = MessageDigest.getInstance(algorithm.digestName);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("Every Java platform has " + algorithm.digestName, e);
            }
            digestBytes = algorithm.bytes;
            byte[] short64 = key.length > BLOCK_BYTES ? digest.digest(key) : key;
            System.arraycopy(short64, 0, inner, 0, short64.length);
            System.arraycopy(short64, 0, outer, 0, short64.length);
            for (int i = 0; i < BLOCK_BYTES; i++) {
                inner[i] ^= 0x36;
                outer[i] ^= 0x5C;
            }
            if (short64 != key) {
                Arrays.fill(short64, (byte) 0);
            }
        }

        void compute(byte[] bytes, int offset, int length, byte[] out) {
            try {
                digest.update(inner);
                digest.update(bytes, offset, length);
                digest.digest(out, 0, digestBytes);
                digest.update(outer);
                digest.update(out, 0, digestBytes);
                digest.digest(out, 0, digestBytes);
            } catch (DigestException e) {
                throw new IllegalStateException("The output has room for " + digestBytes + " bytes", e);
            }
        }
    }
}
