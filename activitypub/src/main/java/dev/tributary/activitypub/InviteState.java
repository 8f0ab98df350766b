// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

/**
 * Where an invitation stands. The first final answer wins; what is over stays over.
 *
 * @since 0.1
 */
public enum InviteState {
    /** Not invited, but asks to come on stage; the host may let it in or not. */
    KNOCKING,
    /** Sent, not answered. */
    OPEN,
    /** Answered with perhaps; a final answer may follow. */
    TENTATIVE,
    /** Accepted: the guest may come on stage. */
    ACCEPTED,
    /** Declined. */
    REJECTED,
    /** Taken back by the host. */
    WITHDRAWN,
    /** The guest left the stage. */
    LEFT,
    /** The host removed the guest from the stage. */
    REMOVED;

    /** True while an answer is possible. */
    public boolean isOpen() {
        return this == OPEN || this == TENTATIVE;
    }
}
