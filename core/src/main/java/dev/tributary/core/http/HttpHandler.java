// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.http;

import java.util.concurrent.CompletionStage;

/**
 * Turns a request into a response. This is the whole integration surface between Tributary and a web server: an adapter
 * for a server of one's own is a few lines around {@link #handle}.
 *
 * <p>Thread-safe: called from many threads at once. A handler must not block the calling thread.
 */
@FunctionalInterface
public interface HttpHandler {
    /**
     * Handles one request.
     *
     * @param request the request, its body complete
     * @return a stage that completes with the response; when it completes exceptionally the adapter answers 500
     */
    CompletionStage<HttpResponse> handle(HttpRequest request);
}
