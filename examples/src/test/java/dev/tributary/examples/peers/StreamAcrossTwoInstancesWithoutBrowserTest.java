// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.examples.Demo;
import dev.tributary.whipwhep.Purpose;
import dev.tributary.whipwhep.Track;
import dev.tributary.whipwhep.TrackChange;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The main job, end to end, on any machine: the seven steps of the demo with peers in Java over real UDP on loopback, and
 * everything else as it is: HTTP, signatures, ICE, DTLS, SRTP, SCTP, two instances that share only the network.
 */
@Timeout(120)
class StreamAcrossTwoInstancesWithoutBrowserTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** A little more than 300 packets take, at 100 a second. */
    private static final Duration STEADY = Duration.ofSeconds(5);

    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void streamCrossesTwoInstancesAndChangesWhileItRuns() throws IOException {
        try (Demo demo = Demo.onFreePorts()) {
            String a = demo.first().url().toString();
            String b = demo.second().url().toString();
            String room = "alice@" + demo.first().authority();
            String away = URLEncoder.encode(room, StandardCharsets.UTF_8);
            String alice = signIn(a, "alice");
            String bob = signIn(b, "bob");

            Publisher host = Publisher.start(a + "/live/alice/whip", alice, Purpose.MAIN, "Alice");
            awaitJson(
                    b + "/api/lives",
                    "",
                    lives -> lives.at("/lives/0/room").asString("").equals(room));

            try (Viewer onA = Viewer.start(a + "/live/alice/whep", alice, true);
                    Viewer onB = Viewer.start(b + "/live/" + away + "/whep", "", true);
                    Viewer plain = Viewer.start(b + "/live/" + away + "/whep", "", false)) {
                for (Viewer viewer : List.of(onA, onB, plain)) {
                    viewer.await("media arrives", v -> v.packets() > 50, PATIENCE);
                }
                tenViewersAreOneCopy(demo, b + "/live/" + away + "/whep");

                Publisher guest = guestJoins(demo, room, alice, bob, onA, onB);
                // Two pipes between the same two servers: neither may hold up the other.
                int meanwhile = plain.packets();
                plain.await("the programme flows while two pipes run", v -> v.packets() > meanwhile + 300, STEADY);
                stateTravelsWithoutOffers(guest, onA, onB);

                guest.close();
                for (Viewer viewer : List.of(onA, onB)) {
                    viewer.await("the guest's tracks go", v -> v.tracks().size() == 2, PATIENCE);
                }
                int before = plain.packets();
                plain.await("the programme plays on all the while", v -> v.packets() > before + 50, PATIENCE);

                call("POST", a + "/api/lives/alice/end", alice, "");
                for (Viewer viewer : List.of(onA, onB)) {
                    viewer.await("the viewers are told", v -> v.bye().equals("ended"), PATIENCE);
                }
                everythingIsFreed(demo, room);
            }
            host.close();
        }
    }

    private static void tenViewersAreOneCopy(Demo demo, String whep) {
        List<Viewer> crowd = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            crowd.add(Viewer.start(whep, "", false));
        }
        assertThat(demo.second().sessions("WHEP", "viewer")).isEqualTo(10);
        assertThat(demo.first().sessions("WHEP", "pipe")).isEqualTo(1);
        crowd.forEach(Viewer::close);
    }

    private static Publisher guestJoins(Demo demo, String room, String alice, String bob, Viewer onA, Viewer onB)
            throws IOException {
        String a = demo.first().url().toString();
        String b = demo.second().url().toString();
        String guestName = "bob@" + demo.second().authority();
        call("POST", a + "/api/lives/alice/invite", alice, "{\"guest\":\"" + guestName + "\"}");
        JsonNode open = awaitJson(
                b + "/api/invitations",
                bob,
                reply -> reply.at("/invitations/0/state").asString("").equals("open"));
        String id = open.at("/invitations/0/id").asString();
        call("POST", b + "/api/invitations/" + URLEncoder.encode(id, StandardCharsets.UTF_8) + "/accept", bob, "");

        String whip = b + "/live/" + URLEncoder.encode(room, StandardCharsets.UTF_8) + "/whip";
        Publisher guest = Publisher.start(whip, bob, Purpose.GUEST, "Bob");
        long begin = System.nanoTime();
        for (Viewer viewer : List.of(onA, onB)) {
            viewer.await(
                    "the guest's media arrives",
                    v -> guests(v).size() == 2 && guests(v).stream().allMatch(track -> v.packetsOf(track) > 0),
                    PATIENCE);
            assertThat(guests(viewer))
                    .allSatisfy(track -> assertThat(track.label()).isEqualTo("Bob"));
            assertThat(viewer.offers()).isEqualTo(1);
            assertThat(viewer.earlyMedia()).as("packets before the answer").isZero();
        }
        assertThat((System.nanoTime() - begin) / 1_000_000)
                .as("the guest on both instances, ms")
                .isLessThan(2000);
        assertThat(demo.first().sessions("WHIP", "pipe")).isEqualTo(1);
        return guest;
    }

    private static void stateTravelsWithoutOffers(Publisher guest, Viewer onA, Viewer onB) {
        long begin = System.nanoTime();
        guest.mute(true);
        for (Viewer viewer : List.of(onA, onB)) {
            viewer.await("mute shows", v -> guests(v).stream().anyMatch(Track::muted), PATIENCE);
        }
        assertThat((System.nanoTime() - begin) / 1_000_000)
                .as("mute on both instances, ms")
                .isLessThan(300);

        String sound = guests(onA).stream()
                .filter(Track::muted)
                .findFirst()
                .orElseThrow()
                .id();
        assertThat(onA.set(sound, TrackChange.muted(false))).isEqualTo("forbidden");
        assertThat(onA.set(sound, TrackChange.enabled(false))).isEqualTo("ok");
        onB.await("off the programme shows", v -> guests(v).stream().anyMatch(track -> !track.enabled()), PATIENCE);
        assertThat(onA.set(sound, TrackChange.enabled(true))).isEqualTo("ok");
        onB.await("back on shows", v -> guests(v).stream().allMatch(Track::enabled), PATIENCE);
        assertThat(onA.offers()).isEqualTo(1);
        assertThat(onB.offers()).isEqualTo(1);
    }

    private static List<Track> guests(Viewer viewer) {
        return viewer.tracks().stream()
                .filter(track -> track.purpose() == Purpose.GUEST)
                .toList();
    }

    private static void everythingIsFreed(Demo demo, String room) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (demo.first().sessions() + demo.second().sessions() > 0 && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(10_000_000);
        }
        assertThat(demo.first().sessions()).isZero();
        assertThat(demo.second().sessions()).isZero();
        assertThat(demo.first().liveState("alice")).isEqualTo("ended");
        while (!demo.second().liveState(room).equals("ended") && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(10_000_000);
        }
        assertThat(demo.second().liveState(room)).isEqualTo("ended");
    }

    private static String signIn(String base, String name) throws IOException {
        return JSON.readTree(call("POST", base + "/api/sign-in", "", "{\"name\":\"" + name + "\"}"))
                .get("token")
                .asString();
    }

    private static JsonNode awaitJson(String url, String token, Predicate<JsonNode> fits) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        String last = "";
        while (System.nanoTime() - end < 0) {
            last = call("GET", url, token, "");
            JsonNode reply = JSON.readTree(last);
            if (fits.test(reply)) {
                return reply;
            }
            LockSupport.parkNanos(20_000_000);
        }
        throw new AssertionError(url + " says " + last);
    }

    private static String call(String method, String url, String token, String body) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            HttpResponse<String> response =
                    HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode())
                    .as(method + " " + url + ": " + response.body())
                    .isLessThan(300);
            return response.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
