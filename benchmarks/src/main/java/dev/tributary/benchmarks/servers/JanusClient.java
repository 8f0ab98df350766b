// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.servers;

import dev.tributary.benchmarks.load.LoadPeer;
import dev.tributary.benchmarks.load.Signalling;
import dev.tributary.whipwhep.spi.SessionKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Janus's own HTTP API as a way to exchange descriptions: a session and a handle for each peer. Publishers offer; to
 * subscribers Janus offers. Thread-safe.
 */
final class JanusClient implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int POLLS_MAX = 20;
    private static final String PLUGIN = "janus.plugin.videoroom";

    private final URI api;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpClient http = HttpClient.newBuilder().executor(threads).build();
    private final AtomicLong transactions = new AtomicLong();
    private final Map<Integer, Long> publishers = new ConcurrentHashMap<>();

    JanusClient(URI api) {
        this.api = api;
    }

    Signalling signalling(SessionKind kind, int room) {
        return kind == SessionKind.WHIP ? new Publishing(room) : new Subscribing(room);
    }

    private CompletableFuture<Handle> attach() {
        return CompletableFuture.supplyAsync(() -> new Handle(api), threads);
    }

    private final class Publishing implements Signalling {
        private final int room;

        Publishing(int room) {
            this.room = room;
        }

        @Override
        public boolean isOurOffer() {
            return true;
        }

        @Override
        public CompletionStage<Session> open(LoadPeer peer) {
            String offer = peer.offer();
            Map<String, Object> join = Map.of("request", "joinandconfigure", "ptype", "publisher", "room", room);
            return attach().thenCompose(handle -> CompletableFuture.supplyAsync(
                            () -> handle.ask(join, Map.of("type", "offer", "sdp", offer)), threads)
                    .thenApplyAsync(
                            event -> {
                                publishers.put(
                                        room, event.at("/plugindata/data/id").asLong());
                                peer.answered(event.at("/jsep/sdp").asString());
                                return handle;
                            },
                            peer.loop()));
        }
    }

    private final class Subscribing implements Signalling {
        private final int room;

        Subscribing(int room) {
            this.room = room;
        }

        @Override
        public boolean isOurOffer() {
            return false;
        }

        @Override
        public CompletionStage<Session> open(LoadPeer peer) {
            Map<String, Object> join = Map.of(
                    "request",
                    "join",
                    "ptype",
                    "subscriber",
                    "room",
                    room,
                    "streams",
                    List.of(Map.of("feed", publishers.get(room))));
            return attach().thenCompose(handle -> CompletableFuture.supplyAsync(
                            () -> handle.ask(join, Map.of()), threads)
                    .thenApplyAsync(event -> peer.answer(event.at("/jsep/sdp").asString()), peer.loop())
                    .thenApplyAsync(
                            answer -> {
                                handle.ask(Map.of("request", "start"), Map.of("type", "answer", "sdp", answer));
                                return handle;
                            },
                            threads));
        }
    }

    /** A session of the API with one handle of the videoroom. Blocks; for the client's own threads. */
    private final class Handle implements Signalling.Session {
        private final URI session;
        private final URI handle;

        Handle(URI api) {
            session = URI.create(api + "/"
                    + post(api, Map.of("janus", "create")).at("/data/id").asLong());
            Map<String, Object> attach = Map.of("janus", "attach", "plugin", PLUGIN);
            handle = URI.create(
                    session + "/" + post(session, attach).at("/data/id").asLong());
        }

        /** Asks the plugin, and waits for the event that is its answer. */
        JsonNode ask(Map<String, Object> body, Map<String, String> description) {
            Map<String, Object> message = new LinkedHashMap<>(Map.of("janus", "message", "body", body));
            if (!description.isEmpty()) {
                message.put("jsep", description);
            }
            post(handle, message);
            for (int polls = 0; polls < POLLS_MAX; polls++) {
                JsonNode event = send(HttpRequest.newBuilder(session).GET());
                if (event.path("janus").asString().equals("event")) {
                    JsonNode error = event.at("/plugindata/data/error");
                    if (!error.isMissingNode()) {
                        throw new IllegalStateException("Janus refused: " + error.asString());
                    }
                    return event;
                }
            }
            throw new IllegalStateException("Janus does not answer " + body);
        }

        @Override
        public CompletionStage<Void> close() {
            return CompletableFuture.runAsync(() -> post(session, Map.of("janus", "destroy")), threads);
        }
    }

    private JsonNode post(URI to, Map<String, Object> message) {
        Map<String, Object> whole = new LinkedHashMap<>(message);
        whole.put("transaction", Long.toString(transactions.incrementAndGet()));
        JsonNode reply = send(
                HttpRequest.newBuilder(to).POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(whole))));
        if (reply.path("janus").asString().equals("error")) {
            throw new IllegalStateException(
                    "Janus refused: " + reply.at("/error/reason").asString());
        }
        return reply;
    }

    private JsonNode send(HttpRequest.Builder request) {
        try {
            return JSON.readTree(http.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString())
                    .body());
        } catch (IOException e) {
            throw new UncheckedIOException("Janus cannot be reached", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking Janus", e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
