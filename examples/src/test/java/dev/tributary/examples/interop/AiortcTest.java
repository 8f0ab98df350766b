// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.examples.Demo;
import dev.tributary.testkit.foreign.ForeignProgram;
import dev.tributary.testkit.foreign.Installed;
import dev.tributary.testkit.foreign.Python;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A plain WHIP publisher and plain WHEP players that nobody here wrote (aiortc): no data channel, no {@code i=} lines, no
 * trickle. They publish and play through one instance and, pulled, through the other.
 */
@Timeout(120)
class AiortcTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @BeforeEach
    void aiortcIsInstalled() {
        Installed.pythonModule("aiortc", "apt-get install python3-aiortc");
    }

    @Test
    void plainPeersPublishAndPlayThroughBothInstances() throws IOException {
        try (Demo demo = Demo.onFreePorts()) {
            String token = JSON.readTree(call("POST", demo.first().url() + "/api/sign-in", "{\"name\":\"alice\"}"))
                    .get("token")
                    .asString();
            String away = URLEncoder.encode("alice@" + demo.first().authority(), StandardCharsets.UTF_8);
            try (Peer host = Peer.start("publish", demo.first().url() + "/live/alice/whip", token)) {
                host.await("the host sends", report -> report.at("/sent/video").asInt() > 5);
                awaitListed(
                        demo.second().url() + "/api/lives",
                        "alice@" + demo.first().authority());
                try (Peer here = Peer.start("play", demo.first().url() + "/live/alice/whep", "");
                        Peer there = Peer.start("play", demo.second().url() + "/live/" + away + "/whep", "")) {
                    for (Peer viewer : List.of(here, there)) {
                        viewer.await(
                                "pictures and sound arrive",
                                report -> report.at("/frames/video").asInt() > 20
                                        && report.at("/frames/audio").asInt() > 50);
                    }
                    assertThat(demo.first().sessions("WHEP", "pipe")).isEqualTo(1);
                    assertThat(demo.second().sessions("WHEP", "viewer")).isEqualTo(1);
                }
            }
        }
    }

    private static void awaitListed(String url, String room) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        String last = "";
        while (System.nanoTime() - end < 0) {
            last = call("GET", url, "");
            for (JsonNode live : JSON.readTree(last).get("lives")) {
                if (live.get("room").asString().equals(room)
                        && live.get("state").asString().equals("live")) {
                    return;
                }
            }
            LockSupport.parkNanos(50_000_000);
        }
        throw new AssertionError(room + " is not listed as live: " + last);
    }

    private static String call(String method, String url, String body) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            return HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** One aiortc process, which reports what it sent and got, as JSON lines. */
    private record Peer(ForeignProgram program) implements AutoCloseable {
        static Peer start(String mode, String url, String token) {
            return new Peer(Python.start(AiortcTest.class, "aiortc_peer.py", Map.of("TOKEN", token), mode, url, "60"));
        }

        void await(String what, Predicate<JsonNode> fits) {
            program.awaitLine(line -> line.startsWith("{") && fits.test(JSON.readTree(line)), what, PATIENCE);
        }

        @Override
        public void close() {
            program.close();
        }
    }
}
