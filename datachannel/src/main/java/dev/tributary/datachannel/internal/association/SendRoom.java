// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.association;

import dev.tributary.datachannel.SctpEvent;
import dev.tributary.datachannel.internal.tx.OutgoingMessage;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Back-pressure towards the application: who was refused for want of room is told, once, when it is worth trying again. A
 * quarter of the buffer at least must be free then, so that a full one does not wake its owner for every packet.
 *
 * <p>Not thread-safe.
 */
final class SendRoom {
    private record Refused(int stream, int bytes) {}

    private final Association association;
    private final int allBytes;
    private final int aheadBytes;
    private final List<Refused> refused = new ArrayList<>();
    private final List<OutgoingMessage> writers = new ArrayList<>();

    SendRoom(Association association) {
        this.association = association;
        this.allBytes = association.settings.limits().sendBufferBytes();
        this.aheadBytes = association.settings.limits().writtenAheadBytes();
    }

    /** Whether a message of that size can never fit. */
    boolean isBeyondAll(int bytes) {
        return bytes > allBytes;
    }

    /** How much fits now. */
    int freeBytes() {
        return (int) Math.max(0, allBytes - association.bufferedBytes());
    }

    /** How much of a message that is written in pieces fits now. */
    int freeBytes(OutgoingMessage message) {
        // What fills the buffer cannot leave before this message is sent, so it always has room of its own.
        return association.queue.holdsTheLine(message)
                ? (int) Math.max(0, (long) allBytes + aheadBytes - association.bufferedBytes())
                : freeBytes();
    }

    /** A message did not fit. */
    void refused(int stream, int bytes) {
        for (int i = 0; i < refused.size(); i++) {
            if (refused.get(i).stream == stream) {
                refused.set(i, new Refused(stream, bytes));
                return;
            }
        }
        refused.add(new Refused(stream, bytes));
    }

    /** A message that is written in pieces was not taken as far as it was given. */
    void refused(OutgoingMessage message) {
        if (!writers.contains(message)) {
            writers.add(message);
        }
    }

    /** Tells who was refused and fits now; to be called when something was sent, acknowledged or given up. */
    void progress() {
        if (refused.isEmpty() && writers.isEmpty()) {
            return;
        }
        tellWriters();
        int free = freeBytes();
        for (Iterator<Refused> each = refused.iterator(); each.hasNext(); ) {
            Refused one = each.next();
            if (free >= Math.max(one.bytes, allBytes / 4)) {
                each.remove();
                association.tell(new SctpEvent.Writable(one.stream));
            }
        }
    }

    private void tellWriters() {
        for (Iterator<OutgoingMessage> each = writers.iterator(); each.hasNext(); ) {
            OutgoingMessage message = each.next();
            int enough = association.queue.holdsTheLine(message) ? aheadBytes / 2 : allBytes / 4;
            if (message.isAbandoned() || (message.isHalfDrained() && freeBytes(message) >= enough)) {
                each.remove();
                association.tell(new SctpEvent.Writable(message.streamId()));
            }
        }
    }

    /** Nobody is told any more. */
    void close() {
        refused.clear();
        writers.clear();
    }
}
