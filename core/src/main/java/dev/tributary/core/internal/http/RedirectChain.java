// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.internal.http;

import dev.tributary.core.http.HttpClient;
import dev.tributary.core.http.HttpExchange;
import dev.tributary.core.http.HttpHeaders;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.core.http.OutboundException;
import dev.tributary.core.http.OutboundException.Reason;
import dev.tributary.core.http.OutboundRequest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One request and the redirects that it leads to (RFC 9110 section 15.4). Used once. */
public final class RedirectChain {
    /** What speaks for the sender to one origin, and is nobody else's business. */
    private static final List<String> FOR_ONE_ORIGIN =
            List.of("Authorization", "Cookie", "Proxy-Authorization", "Signature", "Signature-Input");

    private final HttpClient client;
    private final UnaryOperator<OutboundRequest> beforeHop;
    private final OutboundRequest first;
    private final long deadlineNanos;
    private int hopsLeft;

    /** A chain that may have so many hops after the first request. */
    public RedirectChain(
            HttpClient client, UnaryOperator<OutboundRequest> beforeHop, OutboundRequest first, int hopsMax) {
        if (hopsMax < 0) {
            throw new IllegalArgumentException("The number of redirects is not negative, got " + hopsMax);
        }
        this.client = client;
        this.beforeHop = beforeHop;
        this.first = first;
        this.hopsLeft = hopsMax;
        this.deadlineNanos = System.nanoTime() + first.timeout().toNanos();
    }

    /** Sends the first request and follows. */
    public CompletionStage<HttpExchange> follow() {
        return hop(first);
    }

    private CompletionStage<HttpExchange> hop(OutboundRequest request) {
        return client.send(request).thenCompose(response -> {
            try {
                OutboundRequest next = next(request, response);
                return next == null
                        ? CompletableFuture.completedFuture(new HttpExchange(request, response))
                        : hop(next);
            } catch (OutboundException refused) {
                return CompletableFuture.failedFuture(refused);
            }
        });
    }

    private @Nullable OutboundRequest next(OutboundRequest request, HttpResponse response) throws OutboundException {
        int status = response.status();
        Optional<String> location = response.headers().first("Location");
        boolean redirects = status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
        if (!redirects || location.isEmpty()) {
            return null;
        }
        if (hopsLeft-- == 0) {
            throw new OutboundException(Reason.TOO_MANY_REDIRECTS, "Redirected too often, last by " + request.uri());
        }
        OutboundRequest next = request(request, location.get());
        if (request.isHttps() && !next.isHttps()) {
            throw new OutboundException(Reason.REFUSED_REDIRECT, request.uri() + " redirects from https to http");
        }
        if (status == 303 && !next.method().equals("HEAD")
                || (status == 301 || status == 302) && next.method().equals("POST")) {
            next = next.withoutBody("GET");
        }
        HttpHeaders headers = next.headers().without("Host");
        if (!next.isSameOrigin(request)) {
            for (String name : FOR_ONE_ORIGIN) {
                headers = headers.without(name);
            }
        }
        return beforeHop.apply(withTimeLeft(next.withHeaders(headers)));
    }

    private static OutboundRequest request(OutboundRequest from, String location) throws OutboundException {
        try {
            return from.withUri(from.uri().resolve(URI.create(location)));
        } catch (IllegalArgumentException invalid) {
            throw new OutboundException(Reason.REFUSED_REDIRECT, from.uri() + " redirects to no http URI", invalid);
        }
    }

    private OutboundRequest withTimeLeft(OutboundRequest request) throws OutboundException {
        long leftNanos = deadlineNanos - System.nanoTime();
        if (leftNanos <= 0) {
            throw new OutboundException(Reason.TIMEOUT, "No time left for the redirect to " + request.uri());
        }
        return request.withLimits(Duration.ofNanos(leftNanos), request.maxResponseBytes());
    }
}
