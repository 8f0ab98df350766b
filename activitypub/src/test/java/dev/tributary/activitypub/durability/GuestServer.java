// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.durability;

import dev.tributary.activitypub.ActivityPub;
import dev.tributary.activitypub.FediverseListener;
import dev.tributary.activitypub.GuestInvite;
import dev.tributary.activitypub.Invitation;
import dev.tributary.activitypub.LiveStream;
import dev.tributary.activitypub.LiveStreamDescription;
import dev.tributary.activitypub.LocalActor;
import dev.tributary.activitypub.RemoteLive;
import dev.tributary.activitypub.StageAccess;
import dev.tributary.core.http.HttpServer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/**
 * A server with one account and its channel, in a process of its own, that does what it reads and says what it is told.
 * Arguments: its port, its store, the account's user name.
 */
public final class GuestServer {
    private GuestServer() {}

    private static void say(String what) {
        System.out.println(what);
    }

    private static final FediverseListener SAYING = new FediverseListener() {
        @Override
        public void followAccepted(LocalActor actor, String targetId) {
            say("ACCEPTED " + targetId);
        }

        @Override
        public void liveChanged(RemoteLive live) {
            say("LIVE " + live.state() + " " + live.name());
        }

        @Override
        public void invited(Invitation invitation) {
            say("INVITED " + invitation.guest().username() + " by "
                    + invitation.live().hostAddress());
        }

        @Override
        public void invitationConfirmed(Invitation invitation) {
            say("CONFIRMED");
        }

        @Override
        public void inviteAnswered(LiveStream live, GuestInvite invite) {
            say("ANSWERED " + invite.guestAddress() + " " + invite.state());
        }

        @Override
        public void guestRevoked(LiveStream live, GuestInvite invite) {
            say("REVOKED " + invite.guestAddress() + " " + invite.state());
        }
    };

    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        String base = "http://localhost:" + port;
        ActivityPub fediverse = ActivityPub.builder(base)
                .store(DurableServer.open(arguments[1]))
                .allowPrivateAddresses(true)
                .accessIssuer(request -> CompletableFuture.completedFuture(new StageAccess(
                        base + "/whip",
                        base + "/whep",
                        "for " + request.guestId() + " of " + request.instanceId(),
                        Instant.now().plusSeconds(60))))
                .listener(SAYING)
                .build();
        LocalActor person = fediverse.person(arguments[2], arguments[2]);
        LocalActor channel = fediverse.channel(arguments[2] + "_live", "On air", person);
        HttpServer.bind(port).mount("/", fediverse).start();
        say("READY");
        BufferedReader words = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = words.readLine(); line != null; line = words.readLine()) {
            String[] word = line.split(" ");
            switch (word[0]) {
                case "follow" -> fediverse.follow(fediverse.instanceActor(), word[1]);
                case "live" ->
                    fediverse.goLive(LiveStreamDescription.builder(person, channel, "Friday session")
                            .watchPage(base + "/watch")
                            .whep(base + "/whep")
                            .build());
                case "invite" -> fediverse.hostedLives().get(0).invite(word[1]);
                case "accept" -> fediverse.invitations().get(0).accept();
                case "join" ->
                    fediverse
                            .invitations()
                            .get(0)
                            .join()
                            .whenComplete((access, failure) -> say(
                                    failure == null ? "ACCESS " + access.token() : "REFUSED " + failure.getMessage()));
                case "leave" -> fediverse.invitations().get(0).leave();
                case "end" -> fediverse.hostedLives().get(0).end();
                default -> say("UNKNOWN " + line);
            }
        }
        fediverse.close();
    }
}
