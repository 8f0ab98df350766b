// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.http;

import com.sun.net.httpserver.HttpExchange;
import dev.tributary.core.internal.http.FailureLog;
import dev.tributary.core.internal.http.JdkStream;
import java.io.IOException;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Puts a handler into the JDK's own server ({@code jdk.httpserver}).
 *
 * <pre>{@code
 * com.sun.net.httpserver.HttpServer jdk = com.sun.net.httpserver.HttpServer.create(new InetSocketAddress(8080), 0);
 * jdk.setExecutor(Executors.newCachedThreadPool());
 * jdk.createContext("/live", new JdkHttpAdapter(live));
 * }</pre>
 *
 * <p>That server's threads block: a request holds one until it is answered, and a streaming response holds one as long as
 * it lives, so give the server an executor with enough of them. Bodies, waiting times and stream backlogs are bounded by
 * {@link HttpLimits}; what lies below a request (connections, header fields) is the server's own affair. Thread-safe.
 */
public final class JdkHttpAdapter implements com.sun.net.httpserver.HttpHandler {
    private final HttpHandler handler;
    private final HttpLimits limits;
    private final FailureLog failures = new FailureLog();

    /** An adapter with the default limits. */
    public JdkHttpAdapter(HttpHandler handler) {
        this(handler, HttpLimits.DEFAULTS);
    }

    /** An adapter with limits of one's own. */
    public JdkHttpAdapter(HttpHandler handler, HttpLimits limits) {
        this.handler = handler;
        this.limits = limits;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(limits.maxBodyBytes() + 1);
            write(
                    exchange,
                    body.length > limits.maxBodyBytes()
                            ? Problem.response(413, "The body is larger than " + limits.maxBodyBytes() + " bytes.")
                            : answer(exchange, body));
        }
    }

    private HttpResponse answer(HttpExchange exchange, byte[] body) {
        HttpRequest request;
        try {
            request = request(exchange, body);
        } catch (IllegalArgumentException invalid) {
            return Problem.response(400, "This is not a well-formed request.");
        }
        try {
            CompletableFuture<HttpResponse> answer = handler.handle(request).toCompletableFuture();
            return Objects.requireNonNull(
                    answer.get(limits.responseTimeout().toMillis(), TimeUnit.MILLISECONDS), "no response");
        } catch (TimeoutException late) {
            return Problem.response(503, "No answer was ready in time.").with("Retry-After", "5");
        } catch (ExecutionException | RuntimeException failure) {
            failures.failed("A handler failed on " + request.method(), failure);
            return Problem.response(500, "The server failed to handle this request.");
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return Problem.response(503, "The server is stopping.");
        }
    }

    private static HttpRequest request(HttpExchange exchange, byte[] body) {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        exchange.getRequestHeaders()
                .forEach(
                        (name, values) -> values.forEach(value -> fields.add(new SimpleImmutableEntry<>(name, value))));
        String path = exchange.getRequestURI().getRawPath();
        String query = exchange.getRequestURI().getRawQuery();
        if (path == null || !path.startsWith("/")) {
            throw new IllegalArgumentException("The request target is not a path");
        }
        return new HttpRequest(
                exchange.getRequestMethod(),
                path,
                query == null ? "" : query,
                HttpHeaders.copyOf(fields),
                body,
                exchange.getRemoteAddress());
    }

    private void write(HttpExchange exchange, HttpResponse response) throws IOException {
        for (Map.Entry<String, String> field : response.headers().entries()) {
            String name = field.getKey().toLowerCase(Locale.ROOT);
            if (!name.equals("content-length") && !name.equals("transfer-encoding")) {
                exchange.getResponseHeaders().add(field.getKey(), field.getValue());
            }
        }
        boolean head = exchange.getRequestMethod().equals("HEAD");
        boolean bodiless = response.status() == 204 || response.status() == 304;
        if (response.body() instanceof HttpBody.Stream stream && !head && !bodiless) {
            exchange.sendResponseHeaders(response.status(), 0);
            exchange.getResponseBody().flush();
            JdkStream.run(exchange.getResponseBody(), stream, limits.maxStreamBacklogBytes());
        } else if (response.body() instanceof HttpBody.Bytes bytes && bytes.bytes().length > 0 && !bodiless) {
            if (head) {
                exchange.getResponseHeaders().set("Content-Length", Integer.toString(bytes.bytes().length));
            }
            exchange.sendResponseHeaders(response.status(), head ? -1 : bytes.bytes().length);
            if (!head) {
                exchange.getResponseBody().write(bytes.bytes());
            }
        } else {
            exchange.sendResponseHeaders(response.status(), -1);
        }
    }
}
