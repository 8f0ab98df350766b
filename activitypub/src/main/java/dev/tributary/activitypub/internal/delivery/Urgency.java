// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.delivery;

/** In which order what waits is sent. */
public enum Urgency {
    /** Somebody waits for it: Follow, Accept, Reject, Invite, Undo. */
    ANSWER,
    /** A live starts, changes or ends. */
    LIVE,
    /** All else. */
    ORDINARY
}
