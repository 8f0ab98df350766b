// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.spi;

import java.util.List;
import java.util.Set;
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
         * Appends to a queue.
         *
         * @return false, and nothing changes, when the queue holds an item with this id
         */
        boolean enqueue(QueuedItem item);

        /** Takes away every waiting item of a lane with this {@code supersedes} key. */
        void supersede(String queue, String lane, String supersedes);

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
         * What may be done now: at most one item per lane, by priority and then by the order of entering. An item that
         * has an older one with the same lane and the same non-empty subject before it is not among them.
         *
         * @param busyLanes lanes that are left out
         */
        List<QueuedItem> due(String queue, long nowMillis, Set<String> busyLanes, int limit);

        /** How many items wait. */
        int length(String queue);
    }
}
