// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

import dev.tributary.activitypub.internal.signature.Pem;
import dev.tributary.activitypub.spi.Store;
import dev.tributary.core.http.HttpBody;
import dev.tributary.core.http.HttpClient;
import dev.tributary.core.http.HttpHeaders;
import dev.tributary.core.http.HttpRequest;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.core.http.OutboundException;
import dev.tributary.core.http.OutboundRequest;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Several instances in one JVM that talk HTTP without sockets, in virtual time: a request goes to the handler of its
 * authority. Everything happens on the test's thread.
 */
public final class Neighbourhood implements AutoCloseable {
    public static final String A = "http://localhost:8081";
    public static final String B = "http://localhost:8082";

    /** Made once: RSA keys are slow to make, and no test has more actors than this. */
    private static final List<KeyPair> KEYS =
            Stream.generate(Pem::generate).limit(8).toList();

    private int nextKey;

    /** One request as it went over the wire. */
    public record Exchange(OutboundRequest request, int status) {
        public String path() {
            return request.uri().getPath();
        }

        public String bodyText() {
            return new String(request.body(), java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    public final List<Exchange> exchanges = new ArrayList<>();
    public final Map<String, Integer> answersInstead = new HashMap<>();
    private final Map<String, ActivityPub> instances = new HashMap<>();
    private final Map<String, HttpResponse> documents = new HashMap<>();
    private Instant now = Instant.parse("2026-11-25T12:00:00Z");

    public final HttpClient client = this::send;

    public ActivityPub instance(String baseUrl, UnaryOperator<ActivityPub.Builder> options) {
        return instance(baseUrl, Stores.memory(), options);
    }

    public ActivityPub instance(String baseUrl, Store store, UnaryOperator<ActivityPub.Builder> options) {
        ActivityPub instance = options.apply(ActivityPub.builder(baseUrl)
                        .store(store)
                        .httpClient(client)
                        .allowPrivateAddresses(true)
                        .clock(this::now)
                        .random(new Random(7))
                        .keyPairs(() -> KEYS.get(nextKey++ % KEYS.size()))
                        .executor(Runnable::run)
                        .pulled())
                .build();
        instances.put(URI.create(baseUrl).getAuthority(), instance);
        return instance;
    }

    /** Serves a document of a host that is no instance, for example an attacker's. */
    public void document(String url, String contentType, String body) {
        documents.put(url, HttpResponse.of(200, contentType, body));
    }

    /** Serves any answer for a URL. */
    public void answer(String url, HttpResponse response) {
        documents.put(url, response);
    }

    public Instant now() {
        return now;
    }

    public void advance(Duration duration) {
        now = now.plus(duration);
    }

    /** Runs every instance until none has anything to do. */
    public void settle() {
        for (int turn = 0; turn < 2_000; turn++) {
            int begun =
                    instances.values().stream().mapToInt(ActivityPub::runDue).sum();
            if (begun == 0) {
                return;
            }
        }
        throw new AssertionError("The instances do not come to rest");
    }

    public long requests(String path) {
        return exchanges.stream()
                .filter(exchange -> exchange.path().equals(path))
                .count();
    }

    /** Sends as another server would, and waits. */
    public HttpResponse request(OutboundRequest request) {
        return send(request).toCompletableFuture().join();
    }

    private CompletionStage<HttpResponse> send(OutboundRequest request) {
        String authority = request.authority();
        Integer instead = answersInstead.get(authority);
        if (instead != null && instead == 0) {
            exchanges.add(new Exchange(request, 0));
            return CompletableFuture.failedFuture(
                    new OutboundException(OutboundException.Reason.CONNECT_FAILED, "nothing listens there"));
        }
        HttpResponse document = documents.get(request.uri().toString());
        ActivityPub instance = instances.get(authority);
        HttpResponse response;
        if (instead != null) {
            response = HttpResponse.of(instead);
        } else if (document != null) {
            response = document;
        } else if (instance != null) {
            response = instance.handle(new HttpRequest(
                            request.method(),
                            request.uri().getRawPath(),
                            request.uri().getRawQuery() == null
                                    ? ""
                                    : request.uri().getRawQuery(),
                            request.headers(),
                            request.body(),
                            InetSocketAddress.createUnresolved("peer", 1)))
                    .toCompletableFuture()
                    .join();
        } else {
            response = HttpResponse.of(404);
        }
        exchanges.add(new Exchange(request, response.status()));
        return CompletableFuture.completedFuture(response);
    }

    public static String text(HttpResponse response) {
        return response.body() instanceof HttpBody.Bytes bytes
                ? new String(bytes.bytes(), java.nio.charset.StandardCharsets.UTF_8)
                : "";
    }

    public ApObject get(String url) {
        HttpResponse response = request(OutboundRequest.get(URI.create(url))
                .withHeaders(HttpHeaders.of("Accept", "application/activity+json")));
        if (response.status() != 200) {
            throw new AssertionError(url + " answered " + response.status());
        }
        return ApObject.parse(text(response));
    }

    public static Throwable failure(CompletionStage<?> stage) {
        return stage.handle((value, failure) -> failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure)
                .toCompletableFuture()
                .join();
    }

    @Override
    public void close() {
        instances.values().forEach(ActivityPub::close);
    }
}
