// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.http;

import dev.tributary.core.http.HttpResponse;
import dev.tributary.core.http.Problem;
import dev.tributary.sdp.SdpException;
import dev.tributary.sdp.SdpFragment;
import dev.tributary.whipwhep.spi.Refusal;
import dev.tributary.whipwhep.spi.WhipWhepException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes responses. Every one of them, errors included, can be read by a script of any origin: a browser that cannot see
 * {@code Location} cannot end its session.
 */
final class Replies {
    static final String SDP = "application/sdp";
    static final String FRAGMENT = SdpFragment.MEDIA_TYPE;

    private static final Logger LOG = LoggerFactory.getLogger(Replies.class);
    private static final String PROBLEMS = "https://tributary.dev/problems/";
    private static final String METHODS = "GET, HEAD, OPTIONS, POST, PATCH, DELETE";

    private final int retryAfterSeconds;

    Replies(int retryAfterSeconds) {
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** Adds what every response carries. */
    static HttpResponse readable(HttpResponse response) {
        return response.with("Access-Control-Allow-Origin", "*")
                .with(
                        "Access-Control-Expose-Headers",
                        "Location, Link, ETag, Accept-Patch, Accept-Post, Retry-After, WWW-Authenticate")
                .with("Cache-Control", "no-store");
    }

    /** The answer to a CORS preflight: without authentication, without Links (RFC 9725 §4.6). */
    static HttpResponse preflight() {
        return HttpResponse.of(204)
                .with("Access-Control-Allow-Methods", METHODS)
                // The Fetch standard: a wildcard does not cover Authorization.
                .with(
                        "Access-Control-Allow-Headers",
                        "Authorization, Content-Type, If-Match, Accept, Last-Event-ID, Signature, Signature-Input, Digest, Link")
                .with("Access-Control-Max-Age", "86400");
    }

    /** What can be done here. */
    static HttpResponse options() {
        return HttpResponse.of(200)
                .with("Allow", METHODS)
                .with("Accept-Post", SDP)
                .with("Accept-Patch", SdpFragment.MEDIA_TYPE)
                .with("Access-Control-Allow-Methods", METHODS);
    }

    private static Throwable causeOf(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** The failure of a stage, to be thrown in the next one. */
    static RuntimeException unwrapped(@Nullable Throwable failure) {
        if (failure == null) {
            return new IllegalStateException("The engine completed a stage with nothing");
        }
        return causeOf(failure) instanceof RuntimeException cause ? cause : new CompletionException(failure);
    }

    /** Whether a stage failed because the engine cannot accept the offer. */
    static boolean isUnacceptableOffer(Throwable failure) {
        Throwable cause = causeOf(failure);
        return cause instanceof SdpException
                || (cause instanceof WhipWhepException refused && refused.refusal() == Refusal.UNACCEPTABLE_OFFER);
    }

    /** The problem document of a failure. */
    HttpResponse problem(Throwable failure) {
        Throwable cause = causeOf(failure);
        if (cause instanceof WhipWhepException refused) {
            return problem(refused);
        }
        if (cause instanceof SdpException unusable) {
            return problem(new WhipWhepException(Refusal.UNACCEPTABLE_OFFER, String.valueOf(unusable.getMessage())));
        }
        LOG.error("A request failed for a reason of our own", cause);
        return problem(new WhipWhepException(Refusal.INTERNAL, "The reason stands in the log of the server."));
    }

    private HttpResponse problem(WhipWhepException refused) {
        Refusal refusal = refused.refusal();
        HttpResponse response = Problem.response(
                refusal.status(), PROBLEMS + refusal.slug(), refusal.title(), String.valueOf(refused.getMessage()));
        return switch (refusal) {
            case UNAUTHENTICATED -> response.with("WWW-Authenticate", "Bearer");
            case METHOD_NOT_ALLOWED -> response.with("Allow", METHODS);
            case NO_PUBLISHER, OVERLOADED, DRAINING, RATE_LIMITED ->
                response.with(
                        "Retry-After",
                        String.valueOf(
                                refused.retryAfterSeconds() > 0
                                        ? refused.retryAfterSeconds()
                                        : Math.max(1, retryAfterSeconds)));
            default ->
                refused.retryAfterSeconds() > 0
                        ? response.with("Retry-After", String.valueOf(refused.retryAfterSeconds()))
                        : response;
        };
    }
}
