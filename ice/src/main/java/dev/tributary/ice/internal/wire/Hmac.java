// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.wire;

import dev.tributary.ice.internal.wire.IntegrityKey.Algorithm;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * HMAC (RFC 2104) under one key, without garbage. The tests compare it with {@code javax.crypto.Mac}.
 *
 * <p>Not thread-safe.
 */
abstract class Hmac {
    static final int BLOCK_BYTES = 64;
    private static final byte INNER = 0x36;
    private static final byte OUTER = 0x5C;

    /** The fastest there is on this JVM. */
    static Hmac of(Algorithm algorithm, byte[] key) {
        return algorithm == Algorithm.SHA1 && Acceleration.IS_AVAILABLE
                ? new IntrinsicHmac(key)
                : new DigestHmac(algorithm, key);
    }

    /** Writes the code of {@code length} bytes to the beginning of {@code out}. */
    abstract void compute(byte[] bytes, int offset, int length, byte[] out);

    static byte[] innerBlock(Algorithm algorithm, byte[] key) {
        return block(algorithm, key, INNER);
    }

    static byte[] outerBlock(Algorithm algorithm, byte[] key) {
        return block(algorithm, key, OUTER);
    }

    private static byte[] block(Algorithm algorithm, byte[] key, byte mask) {
        byte[] fitting = key.length > BLOCK_BYTES ? digest(algorithm).digest(key) : key;
        byte[] block = Arrays.copyOf(fitting, BLOCK_BYTES);
        for (int i = 0; i < BLOCK_BYTES; i++) {
            block[i] ^= mask;
        }
        if (fitting != key) {
            Arrays.fill(fitting, (byte) 0);
        }
        return block;
    }

    private static MessageDigest digest(Algorithm algorithm) {
        try {
            return MessageDigest.getInstance(algorithm.digestName);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has " + algorithm.digestName, e);
        }
    }

    /** Over the JVM's public interface, which has to hash the key's blocks each time. */
    static final class DigestHmac extends Hmac {
        private final MessageDigest digest;
        private final byte[] inner;
        private final byte[] outer;
        private final int digestBytes;

        DigestHmac(Algorithm algorithm, byte[] key) {
            digest = digest(algorithm);
            digestBytes = algorithm.bytes;
            inner = innerBlock(algorithm, key);
            outer = outerBlock(algorithm, key);
        }

        @Override
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

    /** Whether the JVM lets us use the inside of its SHA-1, found out once: it agrees with the public interface. */
    private static final class Acceleration {
        private static final int CHECKS = 130;

        static final boolean IS_AVAILABLE = agrees();

        private static boolean agrees() {
            try {
                byte[] message = new byte[CHECKS];
                byte[] expected = new byte[Algorithm.SHA1.bytes];
                byte[] actual = new byte[Algorithm.SHA1.bytes];
                for (int length = 0; length < CHECKS; length++) {
                    message[length] = (byte) (length * 7 + 1);
                    byte[] key = Arrays.copyOf(message, length);
                    new DigestHmac(Algorithm.SHA1, key).compute(message, 0, length, expected);
                    new IntrinsicHmac(key).compute(message, 0, length, actual);
                    if (!Arrays.equals(expected, actual)) {
                        return false;
                    }
                }
                return true;
            } catch (LinkageError | RuntimeException e) {
                return false; // not opened to us, or made differently
            }
        }
    }
}
