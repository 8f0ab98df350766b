// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.association;

import dev.tributary.datachannel.SctpState;
import dev.tributary.datachannel.SendOptions;
import dev.tributary.datachannel.SendStatus;
import dev.tributary.datachannel.internal.tx.OutgoingMessage;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What the application gives to be sent: whether it is taken, and who is told later that there is room.
 *
 * <p>Not thread-safe.
 */
final class Outbox {
    private final Association association;
    private final SendRoom room;
    private final int messageBytesMax;
    private final int aheadBytesMax;

    Outbox(Association association) {
        this.association = association;
        this.room = new SendRoom(association);
        this.messageBytesMax = association.settings.remoteMessageBytesMax();
        this.aheadBytesMax = association.settings.limits().writtenAheadBytes();
    }

    SendStatus send(int stream, int ppid, byte[] payload, SendOptions options, boolean counted, long nowNanos) {
        if (!takes(stream)) {
            return SendStatus.NOT_OPEN;
        }
        if ((messageBytesMax > 0 && payload.length > messageBytesMax) || room.isBeyondAll(payload.length)) {
            return SendStatus.TOO_LARGE;
        }
        if (payload.length > room.freeBytes()) {
            room.refused(stream, payload.length);
            return SendStatus.BUFFER_FULL;
        }
        return association.queue.add(stream, ppid, payload, options, counted, nowNanos)
                ? SendStatus.QUEUED
                : SendStatus.NOT_OPEN;
    }

    @Nullable
    OutgoingMessage begin(int stream, int ppid, int sizeBytes, SendOptions options, long nowNanos) {
        return takes(stream)
                ? association.queue.begin(stream, ppid, sizeBytes, aheadBytesMax, options, nowNanos)
                : null;
    }

    int write(OutgoingMessage message, ByteBuffer piece, long nowNanos) {
        Session session = association.session();
        if (session != null && session.retransmissions.isExpired(message, nowNanos)) {
            session.retransmissions.abandon(message);
        }
        if (message.isAbandoned() || association.state() == SctpState.CLOSED) {
            return -1;
        }
        int taken = association.queue.write(message, piece, room.freeBytes(message));
        if (piece.hasRemaining() && message.unwrittenBytes() > 0) {
            room.refused(message);
        }
        return taken;
    }

    boolean cancel(OutgoingMessage message) {
        if (message.unwrittenBytes() == 0 || message.isAbandoned() || association.state() == SctpState.CLOSED) {
            return message.isAbandoned() || message.unwrittenBytes() > 0;
        }
        Session session = association.session();
        boolean cancelled =
                association.queue.cancel(message) || (session != null && session.retransmissions.abandon(message));
        association.shutdown.progress();
        return cancelled;
    }

    /** Something was sent, acknowledged or given up. */
    void progress() {
        room.progress();
    }

    /** The association is over. */
    void close() {
        room.close();
    }

    private boolean takes(int stream) {
        return association.state().compareTo(SctpState.ESTABLISHED) <= 0 && stream < association.outboundStreams();
    }
}
