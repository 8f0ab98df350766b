// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.core.http.GuardedHttpClient;
import dev.tributary.core.http.HttpServer;
import dev.tributary.sdp.SessionDescription;
import dev.tributary.sfu.Sfu;
import dev.tributary.whipwhep.ClientSession;
import dev.tributary.whipwhep.Purpose;
import dev.tributary.whipwhep.Track;
import dev.tributary.whipwhep.WhipWhep;
import dev.tributary.whipwhep.WhipWhepClient;
import dev.tributary.whipwhep.spi.Access;
import dev.tributary.whipwhep.spi.SessionKind;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ways into a session that are not the usual one: control over HTTP, an offer of the server, before the publisher. */
@Timeout(60)
class OtherWaysInTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Sfu sfu;
    private HttpServer server;
    private String live;

    @BeforeEach
    void start() {
        sfu = Sfu.builder()
                .udpPort(0)
                .loops(1)
                .waitingRooms(room -> room.equals("early"))
                .build();
        WhipWhep whipWhep = WhipWhep.builder(sfu.sessions())
                .access(Access.allowEverybody())
                .counterOffers(room -> true)
                .emptyPosts(room -> true)
                .prefix("/live")
                .build();
        server = HttpServer.bind(0).host("127.0.0.1").mount("/live", whipWhep).start();
        live = "http://127.0.0.1:" + server.port() + "/live/";
    }

    @AfterEach
    void stop() {
        server.close();
        sfu.close();
    }

    private static void await(String what, BooleanSupplier fits) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!fits.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("Not within " + PATIENCE + ": " + what);
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    @Test
    void viewerWithoutSctpFollowsTheStageByRestAlone() {
        try (Publisher host = Publisher.start(live + "room/whip", "", Purpose.MAIN, "Host");
                RestViewer viewer = RestViewer.start(live + "room/whep", "")) {
            await("media of the programme", () -> viewer.packets() > 20);
            await("the host's tracks are listed", () -> viewer.tracks().size() == 2);

            try (Publisher guest = Publisher.start(live + "room/whip", "", Purpose.GUEST, "Guest")) {
                await(
                        "the guest is negotiated",
                        () -> viewer.tracks().stream()
                                        .filter(track -> track.mid() != null)
                                        .count()
                                == 4);
                assertThat(viewer.offers()).isPositive();
                guest.mute(true);
                await("the guest is muted", () -> viewer.tracks().stream().anyMatch(Track::muted));
                assertThat(viewer.snapshot()).contains("\"type\":\"tracks\"").contains("\"label\":\"Guest\"");
            }
            await("the guest is gone", () -> viewer.tracks().size() == 2);

            // The stream is lost, and opened again: the session goes on.
            viewer.openControl();
            host.mute(true);
            await("the host is muted", () -> viewer.tracks().stream().anyMatch(Track::muted));
        }
    }

    @Test
    void viewerAnswersTheOffersOfTheServer() throws Exception {
        try (Publisher host = Publisher.start(live + "room/whip", "", Purpose.MAIN, "Host")) {
            URI whep = URI.create(live + "room/whep");
            HttpResponse<String> offered = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(whep)
                                    .POST(HttpRequest.BodyPublishers.noBody())
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(offered.statusCode()).isEqualTo(201);

            try (Viewer viewer = Viewer.answering(offered.body(), answer -> patch(whep, offered, answer))) {
                viewer.await("media after an answer by PATCH", v -> v.packets() > 20, PATIENCE);
            }
        }
    }

    private static void patch(URI whep, HttpResponse<String> offered, String answer) {
        URI session = whep.resolve(offered.headers().firstValue("Location").orElseThrow());
        try {
            int status = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(session)
                                    .header("Content-Type", "application/sdp")
                                    .method("PATCH", HttpRequest.BodyPublishers.ofString(answer))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            assertThat(status).isEqualTo(204);
        } catch (java.io.IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void viewerTakesUpACounterOffer() {
        try (Publisher host = Publisher.start(live + "room/whip", "", Purpose.MAIN, "Host");
                GuardedHttpClient http =
                        GuardedHttpClient.builder().allowPrivateAddresses(true).build()) {
            String hopeless = Viewer.someOffer().replaceAll("a=rtpmap:(\\d+) [^/]+/", "a=rtpmap:$1 x-unheard-of/");
            CompletableFuture<ClientSession> opened = new CompletableFuture<>();
            CompletableFuture<String> counterOffer = new CompletableFuture<>();
            CompletableFuture<String> answer = new CompletableFuture<>();
            WhipWhepClient.of(http)
                    .withAnswerer(offer -> {
                        counterOffer.complete(offer);
                        return answer;
                    })
                    .open(SessionKind.WHEP, URI.create(live + "room/whep"), hopeless)
                    .whenComplete((session, failure) -> {
                        if (failure == null) {
                            opened.complete(session);
                        } else {
                            opened.completeExceptionally(failure);
                        }
                    });
            String offer = UdpPeer.await(counterOffer);
            assertThat(SessionDescription.parse(offer).media()).isNotEmpty();

            try (Viewer viewer = Viewer.answering(offer, answer::complete)) {
                viewer.await("media after a counter-offer", v -> v.packets() > 20, PATIENCE);
            }
            UdpPeer.await(UdpPeer.await(opened).delete().toCompletableFuture());
        }
    }

    @Test
    void viewerWhoComesBeforeThePublisherSeesItBegin() {
        try (Viewer plain = Viewer.start(live + "early/whep", "", false);
                Viewer dynamic = Viewer.start(live + "early/whep", "", true)) {
            assertThat(plain.packets()).isZero();

            try (Publisher host = Publisher.start(live + "early/whip", "", Purpose.MAIN, "Host")) {
                plain.await("media for the plain one", v -> v.packets() > 20, PATIENCE);
                dynamic.await("media for the dynamic one", v -> v.packets() > 20, PATIENCE);
                dynamic.await(
                        "both tracks are negotiated",
                        v -> v.tracks().stream()
                                        .filter(track -> track.mid() != null)
                                        .count()
                                == 2,
                        PATIENCE);
            }
        }
    }
}
