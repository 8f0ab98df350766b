// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.core.http.GuardedHttpClient;
import dev.tributary.core.http.HttpServer;
import dev.tributary.sfu.RoomSnapshot;
import dev.tributary.sfu.Sfu;
import dev.tributary.whipwhep.ClientException;
import dev.tributary.whipwhep.Purpose;
import dev.tributary.whipwhep.Track;
import dev.tributary.whipwhep.TrackChange;
import dev.tributary.whipwhep.WhipWhep;
import dev.tributary.whipwhep.WhipWhepClient;
import dev.tributary.whipwhep.spi.Grant;
import dev.tributary.whipwhep.spi.Right;
import dev.tributary.whipwhep.spi.SessionKind;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A publisher that comes again takes over its own place and nobody else's, and those who watch stay. */
@Timeout(60)
class TakeOverTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Sfu sfu;
    private HttpServer server;
    private String live;

    @BeforeEach
    void start() {
        sfu = Sfu.builder().udpPort(0).loops(1).build();
        WhipWhep whipWhep = WhipWhep.builder(sfu.sessions())
                // The token is the name: who has one may be the main source.
                .access(request -> CompletableFuture.completedFuture(
                        "host".equals(request.token())
                                ? Grant.of("host", "", Right.PLAY, Right.HOST)
                                : Grant.of(
                                        request.token() == null ? "" : request.token(),
                                        "",
                                        Right.PLAY,
                                        Right.PUBLISH_MAIN)))
                .prefix("/live")
                .build();
        server = HttpServer.bind(0).host("127.0.0.1").mount("/live", whipWhep).start();
        live = "http://127.0.0.1:" + server.port() + "/live/room";
    }

    @AfterEach
    void stop() {
        server.close();
        sfu.close();
    }

    @Test
    void hostWhoComesAgainWhileNobodyWatchesIsSeen() {
        Publisher first = Publisher.start(live + "/whip", "alice", Purpose.MAIN, "Alice");
        Publisher second = Publisher.start(live + "/whip", "alice", Purpose.MAIN, "Alice");

        assertThat(rooms())
                .singleElement()
                .satisfies(room -> assertThat(room.sessions()).hasSize(1));
        try (Viewer viewer = Viewer.start(live + "/whep", "", false)) {
            viewer.await("media of the second session arrives", v -> v.packets() > 20, PATIENCE);
        }
        first.close();
        second.close();
    }

    @Test
    void viewersStayWhenTheHostComesAgain() {
        Publisher first = Publisher.start(live + "/whip", "alice", Purpose.MAIN, "Alice");
        try (Viewer viewer = Viewer.start(live + "/whep", "", false)) {
            viewer.await("media arrives", v -> v.packets() > 20, PATIENCE);

            Publisher second = Publisher.start(live + "/whip", "alice", Purpose.MAIN, "Alice");
            first.close();
            int before = viewer.packets();
            viewer.await("media goes on in the same session", v -> v.packets() > before + 50, PATIENCE);
            second.close();
        }
    }

    @Test
    void whatTheHostDisabledStaysSoWhenItsPublisherComesAgain() {
        Publisher first = Publisher.start(live + "/whip", "alice", Purpose.MAIN, "Alice");
        try (Viewer host = Viewer.start(live + "/whep", "host", true)) {
            host.await("the tracks are listed", v -> v.tracks().size() == 2, PATIENCE);
            String video = "Alice-video";
            assertThat(host.set(video, TrackChange.enabled(false))).isEqualTo("ok");
            host.await("the picture is disabled", v -> !track(v, video).enabled(), PATIENCE);

            Publisher second = Publisher.start(live + "/whip", "alice", Purpose.MAIN, "Alice");
            host.await("the second session is there", v -> first.gone.isDone(), PATIENCE);
            host.await("both tracks are listed again", v -> v.tracks().size() == 2, PATIENCE);
            assertThat(track(host, video).enabled()).isFalse();
            assertThat(track(host, "Alice-audio").enabled()).isTrue();

            assertThat(host.set(video, TrackChange.enabled(true))).isEqualTo("ok");
            host.await("the picture is enabled", v -> track(v, video).enabled(), PATIENCE);
            first.close();
            second.close();
        }
    }

    private static Track track(Viewer viewer, String id) {
        return viewer.tracks().stream()
                .filter(track -> track.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void offerThatCannotBeAnsweredTakesNothingOver() {
        Publisher host = Publisher.start(live + "/whip", "alice", Purpose.MAIN, "Alice");
        String nothingToSend = """
                v=0\r
                o=- 1 1 IN IP4 127.0.0.1\r
                s=-\r
                t=0 0\r
                m=audio 9 UDP/TLS/RTP/SAVPF 0\r
                c=IN IP4 0.0.0.0\r
                a=mid:0\r
                a=sendonly\r
                a=rtcp-mux\r
                a=rtpmap:0 PCMU/8000\r
                a=ice-ufrag:abcd\r
                a=ice-pwd:abcdefghijklmnopqrstuvwx\r
                a=fingerprint:sha-256 %s\r
                a=setup:actpass\r
                """.formatted(String.join(":", java.util.Collections.nCopies(32, "AB")));

        assertThatThrownBy(() -> post("alice", nothingToSend)).hasCauseInstanceOf(ClientException.class);
        assertThat(rooms())
                .singleElement()
                .satisfies(room -> assertThat(room.sessions()).hasSize(1));
        host.close();
    }

    @Test
    void somebodyElseIsNotLetOntoThePlaceOfTheMainSource() {
        Publisher host = Publisher.start(live + "/whip", "alice", Purpose.MAIN, "Alice");

        assertThatThrownBy(() -> Publisher.start(live + "/whip", "mallory", Purpose.MAIN, "Mallory"))
                .rootCause()
                .isInstanceOfSatisfying(
                        ClientException.class,
                        refused -> assertThat(refused.status()).isEqualTo(409));
        assertThat(rooms())
                .singleElement()
                .satisfies(room -> assertThat(room.sessions()).hasSize(1));
        host.close();
    }

    @Test
    void roomIsGoneWhenItsLastMemberIs() {
        Publisher host = Publisher.start(live + "/whip", "alice", Purpose.MAIN, "Alice");
        host.close();

        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!rooms().isEmpty() && System.nanoTime() - end < 0) {
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
        }
        assertThat(rooms()).isEmpty();
    }

    private List<RoomSnapshot> rooms() {
        return sfu.rooms().toCompletableFuture().join();
    }

    private void post(String token, String offer) throws CompletionException {
        try (GuardedHttpClient http =
                GuardedHttpClient.builder().allowPrivateAddresses(true).build()) {
            WhipWhepClient.of(http)
                    .withToken(token)
                    .open(SessionKind.WHIP, URI.create(live + "/whip"), offer)
                    .toCompletableFuture()
                    .join();
        }
    }
}
