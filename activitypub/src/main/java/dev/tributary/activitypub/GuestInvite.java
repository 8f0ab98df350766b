// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

import java.time.Instant;

/**
 * An invitation that one of our lives sent. A snapshot but for {@link #revoke}; {@link LiveStream#invites} has the newest.
 *
 * @since 0.1
 */
public interface GuestInvite {
    /** The id of the Invite, a URL. */
    String id();

    /** The invited actor's id. */
    String guestId();

    /** Its address, {@code name@host[:port]}. */
    String guestAddress();

    /** Its display name; a stranger's text. */
    String guestName();

    /** What it is invited as. */
    String role();

    /** The Application actor of the guest's instance, once it accepted; empty before, or if it did not say. */
    String instanceId();

    /** Where it stands. */
    InviteState state();

    /** Until when it can be answered. */
    Instant expiresAt();

    /** Lets in who knocks. Does nothing unless it is {@link InviteState#KNOCKING}; refuses when the stage is full. */
    void admit();

    /** Refuses who knocks. Does nothing unless it is {@link InviteState#KNOCKING}. */
    void refuse();

    /** Takes the invitation back, or the guest off the stage. Idempotent. */
    void revoke();
}
