// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.tx;

import dev.tributary.datachannel.SendOptions;
import java.util.ArrayDeque;

/**
 * Chunks and messages that are done and are used again, so that sending makes no garbage. What an idle association keeps is
 * bounded to a few kilobytes, and nothing in it keeps a payload alive.
 *
 * <p>Not thread-safe.
 */
final class Recycling {
    /** The window of a fast path. */
    private static final int KEPT_MAX = 64;

    private final ArrayDeque<OutgoingChunk> chunks = new ArrayDeque<>();
    private final ArrayDeque<OutgoingMessage> messages = new ArrayDeque<>();

    /** A message that is there; its payload is not copied. */
    OutgoingMessage message(
            OutgoingStream stream, int ppid, byte[] payload, SendOptions options, long deadlineNanos, boolean counted) {
        OutgoingMessage message = messages.poll();
        if (message == null) {
            return OutgoingMessage.whole(stream, ppid, payload, options, deadlineNanos, counted);
        }
        message.begin(stream, ppid, payload, options, deadlineNanos, counted);
        return message;
    }

    /** The next fragment of a message: bytes of {@code source}, which nobody changes any more. */
    OutgoingChunk chunk(
            OutgoingMessage message, long tsn, byte[] source, int offset, int lengthBytes, boolean interleaved) {
        OutgoingChunk chunk = chunks.poll();
        if (chunk == null) {
            chunk = new OutgoingChunk();
        }
        chunk.begin(message, tsn, source, offset, lengthBytes, interleaved);
        return chunk;
    }

    /** Takes a chunk that is acknowledged cumulatively, and its message with the last of them. */
    void done(OutgoingChunk chunk) {
        OutgoingMessage message = chunk.message();
        chunk.release();
        if (chunks.size() < KEPT_MAX) {
            chunks.add(chunk);
        }
        if (message.isDone() && messages.size() < KEPT_MAX) {
            message.release();
            messages.add(message);
        }
    }
}
