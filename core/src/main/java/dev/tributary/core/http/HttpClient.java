// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.http;

import dev.tributary.core.internal.http.RedirectChain;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/**
 * Sends requests to other servers. {@link GuardedHttpClient} is the one for the internet; a test gives a lambda.
 *
 * <p>Thread-safe. Stages complete on a thread of the client, which must not be blocked.
 */
@FunctionalInterface
public interface HttpClient {
    /**
     * Sends one request and takes one response, whose body is always {@link HttpBody.Bytes}. A redirect is a response
     * like any other: it is not followed.
     *
     * @return a stage that fails with an {@link OutboundException} when there is no whole response within the request's
     *     limits
     */
    CompletionStage<HttpResponse> send(OutboundRequest request);

    /**
     * Sends a request and follows redirects: each hop is a {@link #send} of its own, so it is checked like the first.
     * The time of the first request is the time of all hops together.
     *
     * <p>307 and 308 keep method and body; 303 turns into a GET, and so do 301 and 302 of a POST (RFC 9110 section
     * 15.4). A hop to another origin loses {@code Authorization}, {@code Cookie} and the fields of HTTP signatures; a
     * hop from https to http is refused. A redirect without a usable {@code Location} is returned as it is.
     *
     * @param hopsMax how many redirects are followed; the next one fails the stage with
     *     {@link OutboundException.Reason#TOO_MANY_REDIRECTS}
     * @return the last request sent, whose URI is where the response came from, and the response to it
     */
    default CompletionStage<HttpExchange> followRedirects(OutboundRequest request, int hopsMax) {
        return followRedirects(request, hopsMax, UnaryOperator.identity());
    }

    /**
     * As {@link #followRedirects(OutboundRequest, int)}, with a last word before each hop after the first: for example
     * to sign it anew, because a signature covers the host and the path.
     */
    default CompletionStage<HttpExchange> followRedirects(
            OutboundRequest request, int hopsMax, UnaryOperator<OutboundRequest> beforeHop) {
        return new RedirectChain(this, beforeHop, request, hopsMax).follow();
    }
}
