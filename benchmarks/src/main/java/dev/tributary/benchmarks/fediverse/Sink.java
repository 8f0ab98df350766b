// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.fediverse;

import dev.tributary.core.http.HttpRequest;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.core.http.HttpServer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** The rest of the network: hosts of the loopback network that take every activity, and the actors that sign ours. */
final class Sink implements AutoCloseable {
    private static final int HOSTS = 250;

    private final AtomicInteger taken = new AtomicInteger();
    private final Map<String, String> documents;
    private final HttpServer server;

    /** A network whose actors have these documents, by path. */
    Sink(int port, Map<String, String> documents) {
        this.documents = documents;
        this.server = HttpServer.bind(port).mount("/", this::handle).start();
    }

    /** So many inboxes on 250 hosts. */
    static List<String> inboxes(int count, int port) {
        return IntStream.range(0, count)
                .mapToObj(i ->
                        "http://127.0." + (1 + i / HOSTS % 250) + "." + (1 + i % HOSTS) + ":" + port + "/inbox/" + i)
                .toList();
    }

    private CompletionStage<HttpResponse> handle(HttpRequest request) {
        if (request.method().equals("POST")) {
            taken.incrementAndGet();
            return CompletableFuture.completedFuture(HttpResponse.of(202));
        }
        String document = documents.get(request.path());
        return CompletableFuture.completedFuture(
                document == null ? HttpResponse.of(404) : HttpResponse.of(200, "application/activity+json", document));
    }

    int taken() {
        return taken.get();
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
    }
}
