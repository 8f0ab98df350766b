// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.server;

import dev.tributary.activitypub.ActivityPubException;
import dev.tributary.activitypub.ApObject;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.core.http.Problem;
import java.util.concurrent.CompletionException;

/** Responses: documents, and what a failure looks like from outside. */
final class Answers {
    static final String ACTIVITY_JSON = "application/activity+json";

    /** What a cache has to tell apart: HTML from JSON, and who may see what. */
    static final String VARY = "Accept, Signature";

    /** A minute takes the edge off a herd of servers that all ask for what was just announced. */
    static final String CACHED = "public, max-age=60";

    private Answers() {}

    static HttpResponse document(ApObject document) {
        return HttpResponse.of(200, ACTIVITY_JSON, document.json())
                .with("Vary", VARY)
                .with("Access-Control-Allow-Origin", "*");
    }

    static HttpResponse json(String mediaType, ApObject document) {
        return HttpResponse.of(200, mediaType, document.json()).with("Access-Control-Allow-Origin", "*");
    }

    /**
     * A failure as a response. All that has to do with who somebody is looks the same: 401.
     *
     * @throws CompletionException if it is none that a peer is to blame for
     */
    static HttpResponse failure(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (!(cause instanceof ActivityPubException known)) {
            throw new CompletionException(cause);
        }
        return switch (known.reason()) {
            case MALFORMED -> Problem.response(400, "The request does not parse.");
            case TOO_LARGE -> Problem.response(413, "The request is too large.");
            case NOT_FOUND, GONE -> Problem.response(404, "");
            case REFUSED -> Problem.response(403, "");
            case UNREACHABLE -> Problem.response(503, "").with("Retry-After", "60");
            default -> Problem.response(401, "The signature is missing or not accepted.");
        };
    }
}
