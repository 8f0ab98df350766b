// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.core.http.HttpServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way of a guest once more, between two embedded servers over TCP, with threads, H2 files and the guarded client. */
class OverRealHttpTest {
    @TempDir
    private Path directory;

    @Test
    void bringsAGuestOntoTheStageOfAnotherServer() throws Exception {
        int portA = freePort();
        int portB = freePort();
        CompletableFuture<String> accepted = new CompletableFuture<>();
        CompletableFuture<RemoteLive> seen = new CompletableFuture<>();
        CompletableFuture<Invitation> invited = new CompletableFuture<>();
        CompletableFuture<String> revoked = new CompletableFuture<>();
        CompletableFuture<RemoteLive> ended = new CompletableFuture<>();
        FediverseListener onA = new FediverseListener() {
            @Override
            public void guestRevoked(LiveStream live, GuestInvite invite) {
                revoked.complete(invite.guestId());
            }
        };
        FediverseListener onB = new FediverseListener() {
            @Override
            public void followAccepted(LocalActor actor, String targetId) {
                accepted.complete(targetId);
            }

            @Override
            public void liveChanged(RemoteLive live) {
                seen.complete(live);
                if (live.state() == LiveState.ENDED) {
                    ended.complete(live);
                }
            }

            @Override
            public void invited(Invitation invitation) {
                invited.complete(invitation);
            }
        };
        try (ActivityPub a = instance(portA, onA);
                ActivityPub b = instance(portB, onB);
                HttpServer serverA = HttpServer.bind(portA).mount("/", a).start();
                HttpServer serverB = HttpServer.bind(portB).mount("/", b).start()) {
            LocalActor alice = a.person("alice", "Alice");
            LocalActor channel = a.channel("alice_live", "Alice live", alice);
            LocalActor bob = b.person("bob", "Bob");

            soon(b.follow(b.instanceActor(), "alice_live@localhost:" + portA).toCompletableFuture());
            assertThat(soon(accepted)).isEqualTo(channel.id());
            LiveStream live = a.goLive(LiveStreamDescription.builder(alice, channel, "Friday session")
                    .watchPage("http://localhost:" + portA + "/watch/friday")
                    .whep("http://localhost:" + portA + "/live/friday/whep")
                    .build());
            assertThat(soon(seen).whep()).endsWith("/live/friday/whep");

            soon(live.invite("bob@localhost:" + portB).toCompletableFuture());
            Invitation invitation = soon(invited);
            assertThat(invitation.guest()).isEqualTo(bob);
            invitation.accept();
            StageAccess access = soon(invitation.join().toCompletableFuture());
            assertThat(access.token()).isEqualTo("token of " + bob.id());

            invitation.leave();
            assertThat(soon(revoked)).isEqualTo(bob.id());
            live.end();
            assertThat(soon(ended).id()).isEqualTo(live.id());
            assertThat(serverA.port()).isNotEqualTo(serverB.port());
        }
    }

    private ActivityPub instance(int port, FediverseListener listener) {
        String base = "http://localhost:" + port;
        return ActivityPub.builder(base)
                .store(Stores.file(directory.resolve("store-" + port)))
                .allowPrivateAddresses(true)
                .listener(listener)
                .accessIssuer(request -> CompletableFuture.completedFuture(new StageAccess(
                        base + "/live/friday/whip",
                        base + "/live/friday/whep",
                        "token of " + request.guestId(),
                        Instant.now().plusSeconds(60))))
                .build();
    }

    private static <T> T soon(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
