// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.inbox;

import dev.tributary.activitypub.spi.Store;
import java.util.List;

/** What an activity changes. Runs in the transaction that takes the activity out of the inbox. */
@FunctionalInterface
public interface Effect {
    /** Changes nothing. */
    Effect NONE = transaction -> List.of();

    /** Makes the changes; what it returns is run after they are stored (telling listeners, mostly). */
    List<Runnable> apply(Store.Transaction transaction);
}
