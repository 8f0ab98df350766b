// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.load;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The last bytes of each payload: when the packet was sent, and what it is. A server forwards payloads as they are, so the
 * stamp arrives wherever the packet does. It spoils the picture for a decoder, which the generator does not have.
 */
final class Stamp {
    static final int BYTES = 16;

    private static final int MAGIC = 0x7472_6962;
    private static final int KEY_FRAME_BEGINS = 1;
    private static final int VIDEO = 2;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Stamp() {}

    /** Writes a stamp so that it ends where the packet ends. */
    static void write(byte[] bytes, int end, boolean isVideo, boolean keyFrameBegins, long sentNanos) {
        INT.set(bytes, end - BYTES, MAGIC);
        INT.set(bytes, end - 12, (isVideo ? VIDEO : 0) | (keyFrameBegins ? KEY_FRAME_BEGINS : 0));
        LONG.set(bytes, end - 8, sentNanos);
    }

    static boolean isThere(byte[] bytes, int payloadOffset, int end) {
        return end - payloadOffset >= BYTES && (int) INT.get(bytes, end - BYTES) == MAGIC;
    }

    static boolean isVideo(byte[] bytes, int end) {
        return ((int) INT.get(bytes, end - 12) & VIDEO) != 0;
    }

    static boolean keyFrameBegins(byte[] bytes, int end) {
        return ((int) INT.get(bytes, end - 12) & KEY_FRAME_BEGINS) != 0;
    }

    static long sentNanos(byte[] bytes, int end) {
        return (long) LONG.get(bytes, end - 8);
    }
}
