// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.dynamic;

import static dev.tributary.core.DatagramProtocol.NEVER;

import dev.tributary.whipwhep.DynamicLimits;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The messages that wait for the transport, bounded in number and bytes. State messages can be dropped together, because
 * one snapshot of the track list says all that they say; when that snapshot is due is kept here as well. Not thread-safe.
 */
final class Outbox {
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private final DynamicLimits limits;
    private int bytes;
    private long snapshotDueNanos = NEVER;

    Outbox(DynamicLimits limits) {
        this.limits = limits;
    }

    private record Entry(String text, int bytes, boolean isState) {}

    /** Whether a message is not larger than the peer takes. */
    boolean fits(String text) {
        // A text has at most three bytes of UTF-8 for each of its characters: count only when it may be too long.
        return text.length() <= limits.sentBytes() / 3 || Texts.utf8Length(text) <= limits.sentBytes();
    }

    /** Appends a message unless too much waits. */
    boolean add(String text, boolean isState) {
        int size = Texts.utf8Length(text);
        if (entries.size() >= limits.queueMessages() || bytes + size > limits.queueBytes()) {
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
        snapshotDueNanos = NEVER;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** A snapshot shall be made, not before a time. */
    void requestSnapshot(long notBeforeNanos) {
        snapshotDueNanos = Math.min(snapshotDueNanos, notBeforeNanos);
    }

    /** Whether a snapshot waits to be made: it will say what state messages would. */
    boolean isSnapshotRequested() {
        return snapshotDueNanos != NEVER;
    }

    /** The snapshot is made now, or not wanted any more. */
    void snapshotTaken() {
        snapshotDueNanos = NEVER;
    }

    /** Whether a snapshot is due and nothing waits before it. */
    boolean isSnapshotDue(long nowNanos) {
        return snapshotDueNanos <= nowNanos && entries.isEmpty();
    }

    /** When a snapshot is due; one that is due already waits for the transport, not for time. */
    long nextTimeoutNanos(long nowNanos) {
        return snapshotDueNanos > nowNanos ? snapshotDueNanos : NEVER;
    }
}
