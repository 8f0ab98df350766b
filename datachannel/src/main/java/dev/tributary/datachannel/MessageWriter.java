// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

import dev.tributary.datachannel.internal.association.Association;
import dev.tributary.datachannel.internal.tx.OutgoingMessage;
import java.nio.ByteBuffer;

/**
 * A message that is sent while it is written, piece by piece: for one that is too large to be held whole. What waits to be
 * sent is bounded by {@link Limits#writtenAheadBytes}; the peer gets one message all the same.
 *
 * <pre>{@code
 * var writer = channels.beginMessage(channel, false, fileBytes, now);
 * // now, and after each Writable event of the channel:
 * while (writer.remainingBytes() > 0) {
 *     if (!piece.hasRemaining()) read(piece);
 *     if (writer.write(piece, now) <= 0) break;   // 0: later; -1: never
 * }
 * }</pre>
 *
 * <p>The message is finished when as many bytes were written as were announced. Until then the messages behind it on its
 * stream wait, and, when the peer does not know interleaving (RFC 8260), so do those of all other streams once its first
 * fragment is sent: whoever begins a message should have its bytes at hand. A shutdown and the closing of its channel wait
 * for it too; {@link #cancel} gives it up.
 *
 * <p>Not thread-safe: belongs to the owner of its association.
 */
public final class MessageWriter {
    private final Association association;
    private final OutgoingMessage message;

    MessageWriter(Association association, OutgoingMessage message) {
        this.association = association;
        this.message = message;
    }

    /**
     * Takes as much of a piece as there is room for, and moves its position over it.
     *
     * @param piece the next bytes of the message; what is beyond its announced size is not taken
     * @return how many bytes were taken, 0..; when it is less than there was, a {@code Writable} event follows. -1 when the
     *     message will never be finished: its lifetime is over, it was cancelled, or the association ended or began anew
     */
    public int write(ByteBuffer piece, long nowNanos) {
        return association.write(message, piece, nowNanos);
    }

    /** Bytes of the announced size that are still to be written. */
    public int remainingBytes() {
        return message.unwrittenBytes();
    }

    /**
     * Gives the message up, unless it is finished: the peer drops what it got of it (RFC 3758).
     *
     * @return false when it is finished, or the peer cannot drop it because it does not know RFC 3758; then it goes on
     */
    public boolean cancel(long nowNanos) {
        return association.cancel(message, nowNanos);
    }
}
