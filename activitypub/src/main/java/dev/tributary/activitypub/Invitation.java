// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

import java.time.Instant;
import java.util.concurrent.CompletionStage;

/**
 * An invitation that one of our actors received. A snapshot but for its verbs; {@link ActivityPub#invitations} has the
 * newest. Thread-safe.
 *
 * @since 0.1
 */
public interface Invitation {
    /** The id of the Invite, a URL. */
    String id();

    /** Who of us is invited. */
    LocalActor guest();

    /** The stream it is about. */
    RemoteLive live();

    /** Who invites: an actor's id. */
    String hostId();

    /** What for. */
    String role();

    /** Where it stands. */
    InviteState state();

    /** Until when it can be answered. */
    Instant expiresAt();

    /**
     * Accepts. {@link FediverseListener#invitationConfirmed} tells when the host has taken note.
     *
     * @throws IllegalStateException if it was answered already, is over or has expired
     */
    void accept();

    /**
     * Answers with perhaps.
     *
     * @throws IllegalStateException as {@link #accept}
     */
    void acceptTentatively();

    /**
     * Declines.
     *
     * @throws IllegalStateException as {@link #accept}
     */
    void reject();

    /**
     * Asks the host for access to the stage; after {@link #accept}. While the host has not taken note of the answer yet
     * this tries again for a few seconds. Each call gives another token.
     *
     * @return fails with {@link ActivityPubException}: REFUSED, UNREACHABLE
     */
    CompletionStage<StageAccess> join();

    /** Leaves the stage, or declines after having accepted. Idempotent. */
    void leave();
}
