// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

/**
 * Told what happens. Called on the module's executor, after what happened is stored, one call per happening; two
 * happenings may be told at the same time. A listener may call back into the API and must not block for long; what it
 * throws is logged and goes no further.
 *
 * @since 0.1
 */
public interface FediverseListener {
    /** An actor of another instance follows one of ours. */
    default void followed(LocalActor actor, RemoteActor follower) {}

    /** An actor of another instance no longer follows one of ours. */
    default void unfollowed(LocalActor actor, String followerId) {}

    /** A follow of ours was accepted. */
    default void followAccepted(LocalActor actor, String targetId) {}

    /** A follow of ours was rejected, or the target ended it. */
    default void followRejected(LocalActor actor, String targetId) {}

    /** A live of another instance became known, or changed; {@link RemoteLive#state} tells whether it is over. */
    default void liveChanged(RemoteLive live) {}

    /** A live of another instance is gone for good. */
    default void liveDeleted(String id) {}

    /** One of our actors was invited onto a stage. */
    default void invited(Invitation invitation) {}

    /** The host put one of our actors on the list of guests: {@link Invitation#join} works from now on. */
    default void invitationConfirmed(Invitation invitation) {}

    /** The host took an invitation back, or took our guest off the stage: end what plays. */
    default void invitationEnded(Invitation invitation) {}

    /** An invited guest answered, or one who knocked was let in. */
    default void inviteAnswered(LiveStream live, GuestInvite invite) {}

    /** Somebody who was not invited asks to come on stage: {@link GuestInvite#admit} or {@link GuestInvite#refuse}. */
    default void knocked(LiveStream live, GuestInvite knock) {}

    /** A guest may no longer be on our stage (left, removed, taken back): end its media session now. */
    default void guestRevoked(LiveStream live, GuestInvite invite) {}

    /** Any authenticated activity, after the module did its own part; for what the module does not know. */
    default void received(ApObject activity, VerifiedActor actor) {}
}
