// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.live;

import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.internal.federation.Federation;
import dev.tributary.activitypub.spi.Store.Transaction;
import java.util.Locale;

/** The public activities of an actor, newest first. */
public final class Outbox {
    private Outbox() {}

    /** The store's collection. */
    public static String of(String actorId) {
        return "outbox " + actorId;
    }

    static void add(Transaction transaction, Federation federation, String actorId, ApObject activity) {
        // Keys go up as time goes down: the newest is first.
        long descending = Long.MAX_VALUE - federation.clock().millis();
        String key =
                String.format(Locale.ROOT, "%019d %s", descending, activity.id().orElse(""));
        transaction.put(of(actorId), key, activity.without("@context").json());
    }
}
