// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.spi;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where an instance keeps what it must not lose: documents by collection and key, and queues. Small on purpose, so that
 * another database is an afternoon's work.
 *
 * <p>Implementations are thread-safe. They may block: the module calls them from its executor only.
 *
 * @since 0.1
 */
public interface Store extends AutoCloseable {
    /**
     * Runs work as one transaction: all of it happens or none, no other transaction is seen half done, and when this
     * returns the outcome survives a crash (if the store is durable at all). Work that throws is undone. Work does not
     * nest and does no I/O of its own.
     */
    <T extends @Nullable Object> T transact(Function<Transaction, T> work);

    /** Ends it. Idempotent. */
    @Override
    void close();

    /**
     * A document with its key.
     *
     * @param key unique in its collection
     * @param document JSON text
     */
    record Entry(String key, String document) {}

    /** What can be done inside of {@link #transact}. Valid only there, and on that thread. */
    interface Transaction {
        /** The document of a key, null when there is none. */
        @Nullable
        String get(String collection, String key);

        /** Sets the document of a key. */
        void put(String collection, String key, String document);

        /**
         * Takes a document away.
         *
         * @return false when there was none
         */
        boolean remove(String collection, String key);

        /**
         * Documents in the order of their keys (by code point).
         *
         * @param after only keys behind this one; empty to begin
         * @param limit at most so many
         */
        List<Entry> list(String collection, String after, int limit);

        /** How many documents a collection holds. */
        int count(String collection);

        /**
         * Remembers a key for a time.
         *
         * @param untilMillis when it may be forgotten (milliseconds since 1970)
         * @return false, and nothing changes, when it is remembered already
         */
        boolean remember(String key, long untilMillis);

        /**
         * Forgets keys whose time is over, and the oldest of those that are too many.
         *
         * @param keep how many may stay at most
         * @param limit at most so many are forgotten by one call
         * @return how many were
         */
        int forget(long nowMillis, int keep, int limit);

        /**
         * Appends to a queue.
         *
         * @return false, and nothing changes, when the queue holds an item with this id
         */
        boolean enqueue(QueuedItem item);

        /**
         * Appends items that have one body in common to a queue; the body is kept once. Those whose id the queue holds
         * are left out.
         */
        void enqueueAll(List<QueuedItem> items);

        /** Takes away every waiting item with this {@code supersedes} key, whatever its lane. */
        void supersede(String queue, String supersedes);

        /** Changes attempt and due time of an item that is still there. */
        void reschedule(String queue, String id, int attempt, long dueAtMillis);

        /**
         * Takes an item out.
         *
         * @return false when it was not there (any more)
         */
        boolean dequeue(String queue, String id);

        /** True if the queue holds an item with this id. */
        boolean isQueued(String queue, String id);

        /**
         * What may be done now in one lane, by priority and then by the order of entering. An item that has an older one
         * with the same lane and the same non-empty subject before it is not among them.
         */
        List<QueuedItem> due(String queue, String lane, long nowMillis, int limit);

        /** When the next item of a lane becomes due after a time; {@code Long.MAX_VALUE} when none does. */
        long nextDue(String queue, String lane, long afterMillis);

        /** The lanes that hold items, in no order. */
        List<Lane> lanes(String queue);

        /** How many items wait. */
        int length(String queue);
    }

    /**
     * A lane of a queue.
     *
     * @param name the lane
     * @param dueAtMillis when the first of its items is due
     * @param priority the most urgent of its items
     */
    record Lane(String name, long dueAtMillis, int priority) {}
}
