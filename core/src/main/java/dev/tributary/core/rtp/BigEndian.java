// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.rtp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Network byte order over byte arrays, compiled to single loads and stores. The caller has checked the bounds. */
final class BigEndian {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private BigEndian() {}

    static int uint8(byte[] array, int offset) {
        return array[offset] & 0xFF;
    }

    static int uint16(byte[] array, int offset) {
        return (short) SHORT.get(array, offset) & 0xFFFF;
    }

    static int int32(byte[] array, int offset) {
        return (int) INT.get(array, offset);
    }

    static long uint32(byte[] array, int offset) {
        return (int) INT.get(array, offset) & 0xFFFF_FFFFL;
    }

    static long int64(byte[] array, int offset) {
        return (long) LONG.get(array, offset);
    }

    static void putInt16(byte[] array, int offset, int value) {
        SHORT.set(array, offset, (short) value);
    }

    static void putInt32(byte[] array, int offset, int value) {
        INT.set(array, offset, value);
    }

    static void putInt64(byte[] array, int offset, long value) {
        LONG.set(array, offset, value);
    }
}
