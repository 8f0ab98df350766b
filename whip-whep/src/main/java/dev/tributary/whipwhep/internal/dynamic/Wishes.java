// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.dynamic;

import java.util.HashSet;
import java.util.Set;

/** Which tracks the receiver does not want an m-line for: what it unsubscribed, and what it declined. Not thread-safe. */
final class Wishes {
    private final Set<String> declined = new HashSet<>();
    private final Set<String> unsubscribed = new HashSet<>();

    boolean isWanted(String track) {
        return !declined.contains(track) && !unsubscribed.contains(track);
    }

    void declined(String track) {
        declined.add(track);
    }

    /** Returns whether that is news. */
    boolean unsubscribed(String track) {
        return unsubscribed.add(track);
    }

    /** Returns whether it was unwanted before. */
    boolean subscribed(String track) {
        boolean wasDeclined = declined.remove(track);
        return unsubscribed.remove(track) || wasDeclined;
    }

    void forget(String track) {
        declined.remove(track);
        unsubscribed.remove(track);
    }
}
