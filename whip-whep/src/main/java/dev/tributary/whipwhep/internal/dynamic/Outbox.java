// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.dynamic;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The messages that wait for the transport, bounded in number and bytes. State messages can be dropped together, because
 * one snapshot of the track list says all that they say. Not thread-safe.
 */
final class Outbox {
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private final int messagesMax;
    private final int bytesMax;
    private int bytes;

    Outbox(int messagesMax, int bytesMax) {
        this.messagesMax = messagesMax;
        this.bytesMax = bytesMax;
    }

    private record Entry(String text, int bytes, boolean isState) {}

    /** Appends a message unless it does not fit. */
    boolean add(String text, boolean isState) {
        int size = Texts.utf8Length(text);
        if (entries.size() >= messagesMax || bytes + size > bytesMax) {
            return false;
        }
        entries.add(new Entry(text, size, isState));
        bytes += size;
        return true;
    }

    /** Drops every state message. */
    void dropState() {
        entries.removeIf(Entry::isState);
        bytes = entries.stream().mapToInt(Entry::bytes).sum();
    }

    @Nullable
    String poll() {
        Entry entry = entries.poll();
        if (entry == null) {
            return null;
        }
        bytes -= entry.bytes();
        return entry.text();
    }

    void clear() {
        entries.clear();
        bytes = 0;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }
}
