// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.fetch;

import dev.tributary.activitypub.ActivityPubException;
import dev.tributary.activitypub.ActivityPubException.Reason;
import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.Limits;
import dev.tributary.activitypub.RequestSigner;
import dev.tributary.activitypub.internal.json.Json;
import dev.tributary.core.http.HttpBody;
import dev.tributary.core.http.HttpClient;
import dev.tributary.core.http.HttpHeaders;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.core.http.OutboundRequest;
import java.net.URI;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Fetches one document, signed by the instance actor. What comes back has the id that was asked for, or it is refused:
 * so nobody serves an object in another's name.
 */
public final class DocumentLoader {
    private static final String ACCEPT =
            "application/activity+json, application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"";

    private final HttpClient client;
    private final RequestSigner signer;
    private final RemoteUrl urls;
    private final Json json;
    private final int documentBytes;

    /** A loader that signs as one actor. */
    public DocumentLoader(HttpClient client, RequestSigner signer, RemoteUrl urls, Limits limits) {
        this.client = client;
        this.signer = signer;
        this.urls = urls;
        this.json = new Json(limits);
        this.documentBytes = limits.documentBytes();
    }

    /**
     * Fetches an ActivityStreams document.
     *
     * @return fails with {@link ActivityPubException}: MALFORMED, TOO_LARGE, NOT_FOUND, GONE, REFUSED, UNREACHABLE,
     *     NOT_AUTHORIZED if the document claims another id
     */
    public CompletionStage<ApObject> load(String id) {
        String url = withoutFragment(id);
        return fetch(url).thenCompose(document -> {
            String claimed = withoutFragment(document.id().orElse(""));
            if (claimed.equals(url)) {
                return CompletableFuture.completedFuture(document);
            }
            if (!urls.sameOrigin(claimed, url)) {
                throw mismatch();
            }
            // GoToSocial answers for a key's URL with its actor: what counts is what stands under the claimed id.
            return fetch(claimed).thenApply(again -> {
                if (!withoutFragment(again.id().orElse("")).equals(claimed)) {
                    throw mismatch();
                }
                return again;
            });
        });
    }

    private static ActivityPubException mismatch() {
        return new ActivityPubException(Reason.NOT_AUTHORIZED, "The document has another id than its URL");
    }

    private CompletionStage<ApObject> fetch(String url) {
        return guarded(() -> {
            URI uri = urls.check(url);
            HttpHeaders headers = signer.sign("GET", uri, HttpHeaders.of("Accept", ACCEPT), new byte[0]);
            return send("GET", uri, headers, new byte[0]).thenApply(response -> document(uri, response));
        });
    }

    /** Fetches any JSON object, unsigned, as WebFinger and NodeInfo are. */
    public CompletionStage<ApObject> loadJson(String url, String accept) {
        return guarded(() -> {
            URI uri = urls.check(url);
            return send("GET", uri, HttpHeaders.of("Accept", accept), new byte[0])
                    .thenApply(response -> ApObject.of(json.readObject(body(uri, response))));
        });
    }

    /** Sends a request that is ready, and maps every failure to get an answer to UNREACHABLE. */
    public CompletionStage<HttpResponse> send(String method, URI uri, HttpHeaders headers, byte[] body) {
        OutboundRequest request =
                new OutboundRequest(method, uri, headers, body, OutboundRequest.DEFAULT_TIMEOUT, documentBytes);
        CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
        if (urls.isBlocked(uri)) {
            answer.completeExceptionally(
                    new ActivityPubException(Reason.REFUSED, RemoteUrl.origin(uri) + " is blocked here"));
            return answer;
        }
        client.send(request).whenComplete((response, failure) -> {
            if (failure == null) {
                answer.complete(response);
            } else {
                Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
                answer.completeExceptionally(new ActivityPubException(
                        Reason.UNREACHABLE, RemoteUrl.origin(uri) + " did not answer: " + cause.getMessage(), cause));
            }
        });
        return answer;
    }

    private ApObject document(URI uri, HttpResponse response) {
        byte[] body = body(uri, response);
        String type = response.headers().first("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        boolean activityStreams = type.startsWith("application/activity+json")
                || type.startsWith("application/ld+json") && type.contains("https://www.w3.org/ns/activitystreams");
        if (!activityStreams) {
            // A file that somebody uploaded to the host must not pass for a document of the host.
            throw new ActivityPubException(Reason.MALFORMED, "The answer is not an ActivityStreams document");
        }
        ApObject document = ApObject.of(json.readObject(body));
        if (!document.strings("@context").contains(ApObject.CONTEXT)) {
            throw new ActivityPubException(Reason.MALFORMED, "The document does not name the ActivityStreams context");
        }
        return document;
    }

    private static byte[] body(URI uri, HttpResponse response) {
        int status = response.status();
        if (status != 200) {
            Reason reason = switch (status) {
                case 404 -> Reason.NOT_FOUND;
                case 410 -> Reason.GONE;
                case 401, 403 -> Reason.REFUSED;
                default -> Reason.UNREACHABLE;
            };
            throw new ActivityPubException(reason, RemoteUrl.origin(uri) + " answered " + status);
        }
        return bytes(response);
    }

    /** The body of a response that is complete. */
    public static byte[] bytes(HttpResponse response) {
        return response.body() instanceof HttpBody.Bytes bytes ? bytes.bytes() : new byte[0];
    }

    /** A URL without its fragment. */
    public static String withoutFragment(String url) {
        int hash = url.indexOf('#');
        return hash < 0 ? url : url.substring(0, hash);
    }

    private interface Fetching<T> {
        CompletionStage<T> start();
    }

    private static <T> CompletionStage<T> guarded(Fetching<T> fetching) {
        try {
            return fetching.start();
        } catch (ActivityPubException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
