// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.room;

import dev.tributary.whipwhep.spi.Grant;
import dev.tributary.whipwhep.spi.Right;
import dev.tributary.whipwhep.spi.SessionKind;

/**
 * Who a session is of.
 *
 * @param kind the protocol that set it up
 * @param id its id, which the dynamic extension says to the client
 * @param grant who the other end is and what it may do
 * @param isOutgoing whether we are the HTTP client
 * @param offersFirst whether the first offer is ours
 * @param dynamicAllowed whether it may have a control channel
 */
record SessionIdentity(
        SessionKind kind, String id, Grant grant, boolean isOutgoing, boolean offersFirst, boolean dynamicAllowed) {
    boolean isPipe() {
        return isOutgoing || grant.allows(Right.PIPE);
    }

    /** Whether two sessions are of the same somebody, who may take over their own. */
    boolean isSameSubjectAs(SessionIdentity other) {
        return !grant.subject().isEmpty() && grant.subject().equals(other.grant.subject());
    }
}
