/**
 * Sending activities. An activity enters the queue in the transaction that makes it true
 * ({@link dev.tributary.activitypub.internal.delivery.Outgoing}); {@code Deliveries} empties the queue, one request at a
 * time per origin, signed anew at each attempt.
 */
package dev.tributary.activitypub.internal.delivery;
