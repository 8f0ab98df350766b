// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.udp;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Datagrams out of a stream of bytes (RFC 4571): two bytes of length before each. Sans-IO; holds no more than one frame.
 */
final class FrameReader {
    static final int LENGTH_BYTES = 2;

    private final byte[] frame;
    private int have;
    private int want = -1;
    private int lengthSoFar;

    /** A reader that takes frames of up to so many bytes. */
    FrameReader(int frameBytesMax) {
        frame = new byte[frameBytesMax];
    }

    /**
     * Takes the next bytes of the stream.
     *
     * @param bytes all of it is consumed, unless a frame is too long
     * @param frames gets each complete frame, borrowed for the call; empty frames are skipped
     * @return {@code false} when a frame is longer than this reader takes: the stream cannot be followed any further
     */
    boolean read(ByteBuffer bytes, Consumer<ByteBuffer> frames) {
        while (bytes.hasRemaining()) {
            if (want < 0) {
                lengthSoFar = lengthSoFar << 8 | bytes.get() & 0xFF;
                if (++have < LENGTH_BYTES) {
                    continue;
                }
                want = lengthSoFar;
                have = 0;
                lengthSoFar = 0;
                if (want > frame.length) {
                    return false;
                }
            } else {
                int more = Math.min(want - have, bytes.remaining());
                bytes.get(frame, have, more);
                have += more;
            }
            if (have == want) {
                complete(frames);
            }
        }
        return true;
    }

    private void complete(Consumer<ByteBuffer> frames) {
        int length = want;
        want = -1;
        have = 0;
        if (length > 0) {
            frames.accept(ByteBuffer.wrap(frame, 0, length));
        }
    }
}
