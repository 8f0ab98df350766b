// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.live;

import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.GuestInvite;
import dev.tributary.activitypub.InviteState;
import java.time.Instant;
import java.util.Map;

/**
 * An invitation of one of our lives, as it is stored.
 *
 * @param id the Invite's id
 * @param guestId who is invited
 * @param guestAddress its address
 * @param guestName its display name
 * @param guestInbox where answers go
 * @param role what for
 * @param instanceId the guest's instance, once it accepted
 * @param state where it stands
 * @param expiresAt until when it can be answered
 * @param owner the live it belongs to
 */
record SentInvite(
        String id,
        String guestId,
        String guestAddress,
        String guestName,
        String guestInbox,
        String role,
        String instanceId,
        InviteState state,
        Instant expiresAt,
        HostedLive owner)
        implements GuestInvite {
    static SentInvite read(ApObject stored, HostedLive owner) {
        return new SentInvite(
                stored.string("id").orElseThrow(),
                stored.string("guest").orElseThrow(),
                stored.string("address").orElse(""),
                stored.string("name").orElse(""),
                stored.string("inbox").orElse(""),
                stored.string("role").orElse(""),
                stored.string("instance").orElse(""),
                InviteState.valueOf(stored.string("state").orElseThrow()),
                stored.instant("expires").orElse(Instant.EPOCH),
                owner);
    }

    String json() {
        return ApObject.of(Map.of())
                .with("id", id)
                .with("guest", guestId)
                .with("address", guestAddress)
                .with("name", guestName)
                .with("inbox", guestInbox)
                .with("role", role)
                .with("instance", instanceId)
                .with("state", state.name())
                .with("expires", expiresAt)
                .json();
    }

    SentInvite in(InviteState other) {
        return accepted(other, instanceId);
    }

    SentInvite accepted(InviteState other, String instance) {
        return new SentInvite(
                id, guestId, guestAddress, guestName, guestInbox, role, instance, other, expiresAt, owner);
    }

    /** The Invite that was sent, as answers and Undo speak of it. */
    ApObject invite() {
        return ApObject.ofType("Invite")
                .with("id", id)
                .with("actor", owner.description().person().id())
                .with("object", owner.id())
                .with("target", guestId);
    }

    @Override
    public void admit() {
        owner.answerKnock(id, true);
    }

    @Override
    public void refuse() {
        owner.answerKnock(id, false);
    }

    @Override
    public void revoke() {
        owner.revoke(id);
    }

    @Override
    public String toString() {
        return "GuestInvite[" + guestAddress + ", " + state + "]";
    }
}
