/**
 * Receiving activities: {@code InboxEndpoint} authenticates and stores, {@code Inbox} works off what was stored, and
 * {@code InboxRule}s decide what an activity may do. An activity's effects and its leaving the queue are one transaction,
 * so that each has its effect once.
 */
package dev.tributary.activitypub.internal.inbox;
