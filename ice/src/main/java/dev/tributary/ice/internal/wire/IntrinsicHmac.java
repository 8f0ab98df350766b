// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.wire;

import dev.tributary.ice.internal.wire.IntegrityKey.Algorithm;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * HMAC-SHA1 on the class that the JVM's own SHA-1 is, {@code sun.security.provider.SHA}: the state after the key's blocks
 * is kept and put back, so that a check costs five blocks instead of nine ({@code StunBenchmark}: the codec in two thirds of
 * the time). The public interface can keep a state only by {@code clone}, which costs as much as it saves.
 *
 * <p>Loading this class fails with a {@link LinkageError} where the JVM does not open that package to us or its members
 * are other ones than in JDK 17 to 25: only {@link Hmac} may touch it first. Not thread-safe.
 */
final class IntrinsicHmac extends Hmac {
    private static final int STATE_INTS = 5;
    private static final int LENGTH_BYTES = 8;

    // Constants, because only then does the compiler see through a handle.
    private static final MethodHandle NEW_SHA1;
    private static final MethodHandle STATE;
    private static final MethodHandle COMPRESS;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    static {
        try {
            Class<?> sha1 = Class.forName("sun.security.provider.SHA");
            MethodHandles.Lookup inside = MethodHandles.privateLookupIn(sha1, MethodHandles.lookup());
            NEW_SHA1 = inside.findConstructor(sha1, MethodType.methodType(void.class))
                    .asType(MethodType.methodType(Object.class));
            STATE = inside.findGetter(sha1, "state", int[].class)
                    .asType(MethodType.methodType(int[].class, Object.class));
            COMPRESS = inside.findVirtual(
                            sha1, "implCompress", MethodType.methodType(void.class, byte[].class, int.class))
                    .asType(MethodType.methodType(void.class, Object.class, byte[].class, int.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Object sha1;
    private final int[] state;
    private final int[] afterInner;
    private final int[] afterOuter;
    /** What is left of a message, its padding and its length (FIPS 180-4 §5.1.1). */
    private final byte[] last = new byte[2 * BLOCK_BYTES];

    IntrinsicHmac(byte[] key) {
        try {
            sha1 = (Object) NEW_SHA1.invokeExact();
            state = (int[]) STATE.invokeExact(sha1);
        } catch (Throwable e) {
            throw unexpected(e);
        }
        int[] beginning = state.clone();
        compress(innerBlock(Algorithm.SHA1, key), 0);
        afterInner = state.clone();
        restore(beginning);
        compress(outerBlock(Algorithm.SHA1, key), 0);
        afterOuter = state.clone();
    }

    @Override
    void compute(byte[] bytes, int offset, int length, byte[] out) {
        restore(afterInner);
        finish(bytes, offset, length);
        writeState(out);
        restore(afterOuter);
        finish(out, 0, Algorithm.SHA1.bytes);
        writeState(out);
    }

    private void restore(int[] kept) {
        System.arraycopy(kept, 0, state, 0, STATE_INTS);
    }

    /** Hashes what follows the key's block, to the end. */
    private void finish(byte[] bytes, int offset, int length) {
        int at = offset;
        int left = length;
        for (; left >= BLOCK_BYTES; left -= BLOCK_BYTES) {
            compress(bytes, at);
            at += BLOCK_BYTES;
        }
        System.arraycopy(bytes, at, last, 0, left);
        last[left] = (byte) 0x80;
        int end = left + 1 + LENGTH_BYTES <= BLOCK_BYTES ? BLOCK_BYTES : 2 * BLOCK_BYTES;
        for (int i = left + 1; i < end - LENGTH_BYTES; i++) {
            last[i] = 0;
        }
        LONG.set(last, end - LENGTH_BYTES, 8L * (BLOCK_BYTES + length));
        for (int i = 0; i < end; i += BLOCK_BYTES) {
            compress(last, i);
        }
    }

    private void compress(byte[] bytes, int offset) {
        try {
            COMPRESS.invokeExact(sha1, bytes, offset);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private void writeState(byte[] out) {
        for (int i = 0; i < STATE_INTS; i++) {
            INT.set(out, i * Integer.BYTES, state[i]);
        }
    }

    private static RuntimeException unexpected(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown instanceof RuntimeException runtime ? runtime : new IllegalStateException(thrown);
    }
}
