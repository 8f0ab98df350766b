// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.http;

import dev.tributary.core.http.HttpRequest;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.whipwhep.SessionSummary;
import dev.tributary.whipwhep.spi.CloseReason;
import dev.tributary.whipwhep.spi.Refusal;
import dev.tributary.whipwhep.spi.SessionKind;
import dev.tributary.whipwhep.spi.WhipWhepException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Gives a request to whom it is for, and makes a problem document of whatever goes wrong. Thread-safe. */
public final class WhipWhepServer {
    private final Settings settings;
    private final Sessions sessions;
    private final FirstOffers firstOffers;
    private final SessionOpener opener;
    private final SessionResource resource;
    private final Replies replies;

    /** A server without sessions. */
    public WhipWhepServer(Settings settings) {
        this.settings = settings;
        this.sessions = new Sessions(settings.limits().sessions(), settings.clock());
        this.firstOffers = new FirstOffers(settings, sessions);
        this.opener = new SessionOpener(settings, sessions, firstOffers);
        this.resource = new SessionResource(settings, sessions, firstOffers);
        this.replies = new Replies(settings.limits().retryAfterSeconds());
    }

    /** Handles one request. */
    public CompletionStage<HttpResponse> handle(HttpRequest request) {
        CompletionStage<HttpResponse> response;
        try {
            response = dispatch(request);
        } catch (RuntimeException e) {
            response = CompletableFuture.failedFuture(e);
        }
        return response.exceptionally(replies::problem).thenApply(Replies::readable);
    }

    private CompletionStage<HttpResponse> dispatch(HttpRequest request) {
        boolean isPreflight = request.method().equals("OPTIONS")
                && request.header("Access-Control-Request-Method").isPresent();
        if (isPreflight) {
            return CompletableFuture.completedFuture(Replies.preflight());
        }
        Route route = Route.parse(request.path(), settings.prefix(), settings.isTokenInPath());
        if (request.method().equals("OPTIONS")) {
            return CompletableFuture.completedFuture(
                    route.session() == null ? opener.options(request, route) : Replies.options());
        }
        if (route.isControl()) {
            return resource.control(request, route);
        }
        return route.session() == null ? endpoint(request, route) : session(request, route);
    }

    private CompletionStage<HttpResponse> endpoint(HttpRequest request, Route route) {
        return switch (request.method()) {
            case "POST" -> opener.open(request, route);
            case "GET" -> CompletableFuture.completedFuture(HttpResponse.of(204));
            case "HEAD" ->
                CompletableFuture.completedFuture(
                        // WHEP §4.2: how a player finds out what an address is.
                        route.kind() == SessionKind.WHEP
                                ? HttpResponse.of(200).with("Content-Type", Replies.SDP)
                                : HttpResponse.of(204));
            default -> notAllowed(request);
        };
    }

    private CompletionStage<HttpResponse> session(HttpRequest request, Route route) {
        return switch (request.method()) {
            case "GET", "HEAD" -> CompletableFuture.completedFuture(resource.get(route));
            case "PATCH" -> resource.patch(request, route);
            case "DELETE" -> resource.delete(request, route);
            default -> notAllowed(request);
        };
    }

    private static CompletionStage<HttpResponse> notAllowed(HttpRequest request) {
        throw new WhipWhepException(Refusal.METHOD_NOT_ALLOWED, request.method() + " means nothing on this resource.");
    }

    /** The sessions that are there. */
    public List<SessionSummary> sessions() {
        return sessions.all().stream()
                .map(session -> new SessionSummary(
                        session.kind(),
                        session.room(),
                        session.grant().subject(),
                        session.media().isDynamic()))
                .toList();
    }

    /** How many places are taken, sessions that open or close included. */
    public int placesTaken() {
        return sessions.placesTaken();
    }

    /** Takes no new sessions from now on. */
    public void drain(int retryAfterSeconds) {
        sessions.drain(retryAfterSeconds);
    }

    /** Ends every session. */
    public void closeAll(CloseReason reason) {
        sessions.closeAll(reason);
        firstOffers.closeAll(reason);
    }
}
