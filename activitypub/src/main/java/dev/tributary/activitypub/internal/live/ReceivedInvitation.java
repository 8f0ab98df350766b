// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.live;

import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.Invitation;
import dev.tributary.activitypub.InviteState;
import dev.tributary.activitypub.LocalActor;
import dev.tributary.activitypub.RemoteLive;
import dev.tributary.activitypub.StageAccess;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * An invitation of one of our actors, as it is stored.
 *
 * @param id the Invite's id
 * @param guest who is invited
 * @param live the stream, as it was known when this snapshot was taken
 * @param hostId who invites
 * @param hostInbox where answers go
 * @param role what for
 * @param state where it stands
 * @param confirmed the host put the guest on its list
 * @param expiresAt until when it can be answered
 * @param owner does what the verbs say
 */
record ReceivedInvitation(
        String id,
        LocalActor guest,
        RemoteLive live,
        String hostId,
        String hostInbox,
        String role,
        InviteState state,
        boolean confirmed,
        Instant expiresAt,
        Invitations owner)
        implements Invitation {
    String json() {
        return ApObject.of(Map.of())
                .with("id", id)
                .with("guest", guest.id())
                .with("live", live.id())
                .with("host", hostId)
                .with("inbox", hostInbox)
                .with("role", role)
                .with("state", state.name())
                .with("confirmed", confirmed)
                .with("expires", expiresAt)
                .json();
    }

    ReceivedInvitation in(InviteState other) {
        return new ReceivedInvitation(id, guest, live, hostId, hostInbox, role, other, confirmed, expiresAt, owner);
    }

    ReceivedInvitation confirmedByHost() {
        return new ReceivedInvitation(id, guest, live, hostId, hostInbox, role, state, true, expiresAt, owner);
    }

    ReceivedInvitation to(RemoteLive newer) {
        return new ReceivedInvitation(id, guest, newer, hostId, hostInbox, role, state, confirmed, expiresAt, owner);
    }

    /** The Invite, as answers speak of it. */
    ApObject invite() {
        return ApObject.ofType("Invite")
                .with("id", id)
                .with("actor", hostId)
                .with("object", live.id())
                .with("target", guest.id());
    }

    @Override
    public void accept() {
        owner.answer(id, "Accept", InviteState.ACCEPTED);
    }

    @Override
    public void acceptTentatively() {
        owner.answer(id, "TentativeAccept", InviteState.TENTATIVE);
    }

    @Override
    public void reject() {
        owner.answer(id, "Reject", InviteState.REJECTED);
    }

    @Override
    public CompletionStage<StageAccess> join() {
        return owner.join(id);
    }

    @Override
    public void leave() {
        owner.leave(id);
    }

    @Override
    public String toString() {
        return "Invitation[" + guest.address() + " to " + live.hostAddress() + ", " + state + "]";
    }
}
