// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

import java.util.ArrayList;
import java.util.List;

/** Writes down what a listener is told, a line each. */
public final class Recorded implements FediverseListener {
    public final List<String> lines = new ArrayList<>();
    public final List<GuestInvite> revoked = new ArrayList<>();

    @Override
    public void followed(LocalActor actor, RemoteActor follower) {
        lines.add("followed " + actor.username() + " by " + follower.address());
    }

    @Override
    public void unfollowed(LocalActor actor, String followerId) {
        lines.add("unfollowed " + actor.username());
    }

    @Override
    public void followAccepted(LocalActor actor, String targetId) {
        lines.add("accepted " + actor.username());
    }

    @Override
    public void followRejected(LocalActor actor, String targetId) {
        lines.add("rejected " + actor.username());
    }

    @Override
    public void liveChanged(RemoteLive live) {
        lines.add("live " + live.name() + " " + live.state() + " " + live.epoch());
    }

    @Override
    public void liveDeleted(String id) {
        lines.add("deleted");
    }

    @Override
    public void invited(Invitation invitation) {
        lines.add("invited " + invitation.guest().username() + " by "
                + invitation.live().hostAddress());
    }

    @Override
    public void invitationConfirmed(Invitation invitation) {
        lines.add("confirmed " + invitation.guest().username());
    }

    @Override
    public void invitationEnded(Invitation invitation) {
        lines.add("ended " + invitation.guest().username() + " " + invitation.state());
    }

    @Override
    public void inviteAnswered(LiveStream live, GuestInvite invite) {
        lines.add("answered " + invite.guestAddress() + " " + invite.state());
    }

    @Override
    public void knocked(LiveStream live, GuestInvite knock) {
        lines.add("knocked " + knock.guestAddress());
    }

    @Override
    public void guestRevoked(LiveStream live, GuestInvite invite) {
        revoked.add(invite);
        lines.add("revoked " + invite.guestAddress() + " " + invite.state());
    }
}
