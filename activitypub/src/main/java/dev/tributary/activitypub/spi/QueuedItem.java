// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.spi;

/**
 * Something that waits to be done: a delivery, a received activity, a poll.
 *
 * @param queue the queue it waits in
 * @param id unique in its queue
 * @param lane what is done side by side at most so far as one lane allows; for example the origin of an inbox
 * @param subject items of one lane with the same subject keep their order; empty when order does not matter
 * @param supersedes items with the same key replace each other while they wait; empty when they do not
 * @param priority lower goes first
 * @param attempt how often it was tried
 * @param dueAtMillis not before this time (milliseconds since 1970)
 * @param expiresAtMillis useless after this time
 * @param head a few words that belong to it, written by the owner of the queue
 * @param body the rest, often large and shared by many items
 * @since 0.1
 */
public record QueuedItem(
        String queue,
        String id,
        String lane,
        String subject,
        String supersedes,
        int priority,
        int attempt,
        long dueAtMillis,
        long expiresAtMillis,
        String head,
        String body) {
    /** The same item at its next attempt. */
    public QueuedItem again(int nextAttempt, long nextDueAtMillis) {
        return new QueuedItem(
                queue,
                id,
                lane,
                subject,
                supersedes,
                priority,
                nextAttempt,
                nextDueAtMillis,
                expiresAtMillis,
                head,
                body);
    }
}
