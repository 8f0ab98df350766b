// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A live stream of this instance, as the Fediverse knows it. What is called here is stored and sent; media is not
 * touched. Thread-safe. Methods that change something write to the store on the calling thread.
 *
 * @since 0.1
 */
public interface LiveStream {
    /** The id of its Video, a URL. */
    String id();

    /** What it is. */
    LiveStreamDescription description();

    /** Its state. */
    LiveState state();

    /** Counts its sessions, from 1. */
    int epoch();

    /**
     * Tells everybody about another state. From ENDED, a permanent live begins its next epoch; ending one takes every
     * guest off the stage.
     *
     * @throws IllegalStateException if it ended and is not permanent
     */
    void update(LiveState state);

    /** Ends it: {@link #update} with ENDED. Idempotent. */
    default void end() {
        if (state() != LiveState.ENDED) {
            update(LiveState.ENDED);
        }
    }

    /** Takes it away for good: peers forget it. */
    void delete();

    /**
     * Invites an actor of another instance onto the stage, as a guest, for an hour.
     *
     * @param address {@code name@host[:port]}
     */
    default CompletionStage<GuestInvite> invite(String address) {
        return invite(address, "guest", Duration.ofHours(1));
    }

    /**
     * Invites an actor of another instance onto the stage.
     *
     * @param address {@code name@host[:port]}
     * @param role what it is invited as
     * @param lifetime how long an answer is possible
     * @return fails with {@link ActivityPubException}: NOT_FOUND, UNREACHABLE, or REFUSED if the actor's server does not
     *     say that it understands invitations
     */
    CompletionStage<GuestInvite> invite(String address, String role, Duration lifetime);

    /** Every invitation of this session, whatever its state. */
    List<GuestInvite> invites();

    /** Who accepted and may be on stage. */
    default List<GuestInvite> guests() {
        return invites().stream()
                .filter(invite -> invite.state() == InviteState.ACCEPTED)
                .toList();
    }
}
