// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.transform;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * AES in counter mode on the class that the JDK's own cipher uses inside, {@code com.sun.crypto.provider.CounterMode}: the
 * compiler replaces its inner method by vector code. The counter block is written in place, so a packet costs neither an
 * {@code init} nor garbage.
 *
 * <p>Loading this class fails with a {@link LinkageError} where the JVM does not open that package to us or its members
 * are other ones than in JDK 17 to 25: only {@link Acceleration} may touch it first. Not thread-safe.
 */
final class IntrinsicAes implements CounterCipher {
    private static final int BLOCK_BYTES = 16;

    // Constants, because only then does the compiler see through a handle: SrtpBenchmark lives by it.
    private static final MethodHandle NEW_AES;
    private static final MethodHandle INIT_AES;
    private static final MethodHandle ROUND_KEYS;
    private static final MethodHandle SESSION_KEYS;
    private static final MethodHandle LAST_KEY;
    private static final MethodHandle NEW_COUNTER_MODE;
    private static final MethodHandle COUNTER;
    private static final MethodHandle KEY_STREAM;
    private static final MethodHandle CRYPT;
    private static final VarHandle USED;

    static {
        try {
            MethodHandles.Lookup aes = JdkInternals.open("AESCrypt");
            MethodHandles.Lookup mode = JdkInternals.open("CounterMode");
            Class<?> block = JdkInternals.open("SymmetricCipher").lookupClass();
            NEW_AES = aes.findConstructor(aes.lookupClass(), MethodType.methodType(void.class))
                    .asType(MethodType.methodType(Object.class));
            INIT_AES = JdkInternals.method(aes, "init", void.class, boolean.class, String.class, byte[].class);
            ROUND_KEYS = JdkInternals.getter(aes, "K", int[].class);
            SESSION_KEYS = JdkInternals.getter(aes, "sessionK", int[][].class);
            LAST_KEY = JdkInternals.getter(aes, "lastKey", byte[].class);
            NEW_COUNTER_MODE = mode.findConstructor(mode.lookupClass(), MethodType.methodType(void.class, block))
                    .asType(MethodType.methodType(Object.class, Object.class));
            COUNTER = JdkInternals.getter(mode, "counter", byte[].class);
            KEY_STREAM = JdkInternals.getter(mode, "encryptedCounter", byte[].class);
            CRYPT = JdkInternals.method(
                    mode, "implCrypt", int.class, byte[].class, int.class, int.class, byte[].class, int.class);
            USED = mode.findVarHandle(mode.lookupClass(), "used", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Object aes;
    private final Object mode;
    private final byte[] counter;

    /** Expands a key of 16 or 32 bytes, and zeroes it. */
    IntrinsicAes(byte[] key) {
        try {
            aes = (Object) NEW_AES.invokeExact();
            INIT_AES.invokeExact(aes, false, "AES", key);
            mode = (Object) NEW_COUNTER_MODE.invokeExact(aes);
            counter = (byte[]) COUNTER.invokeExact(mode);
        } catch (Throwable e) {
            throw JdkInternals.unexpected(e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    @Override
    public byte[] counter() {
        return counter;
    }

    @Override
    public void crypt(byte[] src, int srcOffset, int length, byte[] dst, int dstOffset) {
        try {
            // As after an init: nothing is left of the key stream's last block.
            USED.set(mode, BLOCK_BYTES);
            int ignored = (int) CRYPT.invokeExact(mode, src, srcOffset, length, dst, dstOffset);
        } catch (Throwable e) {
            throw JdkInternals.unexpected(e);
        }
    }

    @Override
    public void close() {
        try {
            Arrays.fill((int[]) ROUND_KEYS.invokeExact(aes), 0);
            for (int[] roundKeys : (int[][]) SESSION_KEYS.invokeExact(aes)) {
                if (roundKeys != null) {
                    Arrays.fill(roundKeys, 0);
                }
            }
            Arrays.fill((byte[]) LAST_KEY.invokeExact(aes), (byte) 0);
            Arrays.fill((byte[]) KEY_STREAM.invokeExact(mode), (byte) 0);
        } catch (Throwable e) {
            throw JdkInternals.unexpected(e);
        }
        Arrays.fill(counter, (byte) 0);
    }
}
