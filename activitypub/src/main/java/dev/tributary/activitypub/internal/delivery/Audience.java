// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.delivery;

import dev.tributary.activitypub.spi.Store.Transaction;

/**
 * The inboxes that reach the followers of an actor of ours, each once, with how many followers each one stands for. It is
 * kept as followers come and go, so that a fan-out reads a thousand shared inboxes and not ten thousand followers.
 */
public final class Audience {
    private Audience() {}

    /** The store's collection, by inbox. */
    public static String of(String actorId) {
        return "inboxes " + actorId;
    }

    /** One more follower behind an inbox. */
    public static void add(Transaction transaction, String actorId, String inbox) {
        transaction.put(of(actorId), inbox, String.valueOf(behind(transaction, actorId, inbox) + 1));
    }

    /** One follower less. */
    public static void remove(Transaction transaction, String actorId, String inbox) {
        int left = behind(transaction, actorId, inbox) - 1;
        if (left > 0) {
            transaction.put(of(actorId), inbox, String.valueOf(left));
        } else {
            transaction.remove(of(actorId), inbox);
        }
    }

    private static int behind(Transaction transaction, String actorId, String inbox) {
        String known = transaction.get(of(actorId), inbox);
        return known == null ? 0 : Integer.parseInt(known);
    }
}
