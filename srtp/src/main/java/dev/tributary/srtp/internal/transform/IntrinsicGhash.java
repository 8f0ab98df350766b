// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.transform;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;

/**
 * GHASH (NIST SP 800-38D §6.4) by the JDK's {@code com.sun.crypto.provider.GHASH}, over whole blocks that lie in one
 * piece. What {@link IntrinsicAes} says of loading holds here too. Not thread-safe.
 */
final class IntrinsicGhash {
    private static final MethodHandle NEW_GHASH;
    private static final MethodHandle SUBKEYS;
    private static final MethodHandle PROCESS_BLOCKS;

    static {
        try {
            MethodHandles.Lookup ghash = JdkInternals.open("GHASH");
            NEW_GHASH = ghash.findConstructor(ghash.lookupClass(), MethodType.methodType(void.class, byte[].class))
                    .asType(MethodType.methodType(Object.class, byte[].class));
            SUBKEYS = JdkInternals.getter(ghash, "subkeyHtbl", long[].class);
            PROCESS_BLOCKS = ghash.findStatic(
                    ghash.lookupClass(),
                    "processBlocks",
                    MethodType.methodType(void.class, byte[].class, int.class, int.class, long[].class, long[].class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long[] subkeys;
    private final long[] state = new long[2];

    /** Under the hash subkey H, 16 bytes. */
    IntrinsicGhash(byte[] subkey) {
        try {
            subkeys = (long[]) SUBKEYS.invokeExact((Object) NEW_GHASH.invokeExact(subkey));
        } catch (Throwable e) {
            throw JdkInternals.unexpected(e);
        }
    }

    /** Hashes the first so many blocks of 16 bytes; the result is in {@link #high} and {@link #low}. */
    void hash(byte[] bytes, int blocks) {
        state[0] = 0;
        state[1] = 0;
        try {
            PROCESS_BLOCKS.invokeExact(bytes, 0, blocks, state, subkeys);
        } catch (Throwable e) {
            throw JdkInternals.unexpected(e);
        }
    }

    /** The first half of the hash. */
    long high() {
        return state[0];
    }

    /** The second half of the hash. */
    long low() {
        return state[1];
    }

    /** Zeroes the subkeys. */
    void destroy() {
        Arrays.fill(subkeys, 0);
        Arrays.fill(state, 0);
    }
}
