// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.durability;

import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.internal.signature.Pem;
import dev.tributary.core.http.HttpRequest;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.core.http.HttpServer;
import java.security.PublicKey;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The other servers: inboxes that take everything and write it down, and a thousand actors with one key. */
final class Sink implements AutoCloseable {
    /** How often the activity of each id came. */
    final Map<String, AtomicInteger> received = new ConcurrentHashMap<>();

    /** The ids of the Accepts that each actor got. */
    final Map<String, Set<String>> accepts = new ConcurrentHashMap<>();

    private final String publicKeyPem;
    private final HttpServer server;

    Sink(PublicKey key) {
        publicKeyPem = Pem.write(key);
        server = HttpServer.bind(0).mount("/", this::handle).start();
    }

    int port() {
        return server.port();
    }

    String actor(int number) {
        return "http://127.0.2.1:" + port() + "/u/" + number;
    }

    private CompletionStage<HttpResponse> handle(HttpRequest request) {
        if (request.method().equals("POST")) {
            ApObject activity = ApObject.parse(request.bodyText());
            String id = activity.id().orElseThrow();
            if (activity.isType("Accept")) {
                accepts.computeIfAbsent(
                                activity.object("object")
                                        .orElseThrow()
                                        .reference("actor")
                                        .orElseThrow(),
                                actor -> ConcurrentHashMap.newKeySet())
                        .add(id);
            } else {
                received.computeIfAbsent(id, unseen -> new AtomicInteger()).incrementAndGet();
            }
            return CompletableFuture.completedFuture(HttpResponse.of(202));
        }
        String id = "http://127.0.2.1:" + port() + request.path();
        return CompletableFuture.completedFuture(HttpResponse.of(
                200,
                "application/activity+json",
                ApObject.ofType("Person")
                        .with("@context", ApObject.CONTEXT)
                        .with("id", id)
                        .with("preferredUsername", "somebody")
                        .with("inbox", id + "/inbox")
                        .with("publicKey", Map.of("id", id + "#main-key", "owner", id, "publicKeyPem", publicKeyPem))
                        .json()));
    }

    @Override
    public void close() {
        server.close();
    }
}
