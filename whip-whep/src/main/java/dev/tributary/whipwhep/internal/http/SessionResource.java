// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.http;

import dev.tributary.core.http.HttpRequest;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.sdp.SdpException;
import dev.tributary.sdp.SdpFragment;
import dev.tributary.whipwhep.spi.CloseReason;
import dev.tributary.whipwhep.spi.Grant;
import dev.tributary.whipwhep.spi.Refusal;
import dev.tributary.whipwhep.spi.SessionKind;
import dev.tributary.whipwhep.spi.WhipWhepException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Answers what is done to a session: trickle, restart, end, and questions about it. */
final class SessionResource {
    private final Settings settings;
    private final Sessions sessions;
    private final FirstOffers firstOffers;
    private final ControlResource control;

    SessionResource(Settings settings, Sessions sessions, FirstOffers firstOffers) {
        this.settings = settings;
        this.sessions = sessions;
        this.firstOffers = firstOffers;
        this.control = new ControlResource(settings);
    }

    private LiveSession find(Route route) {
        LiveSession session =
                route.session() == null ? null : sessions.find(route.session(), route.kind(), route.room());
        if (session == null) {
            throw new WhipWhepException(Refusal.NO_SUCH_SESSION, "The session has ended, or never was.");
        }
        return session;
    }

    HttpResponse get(Route route) {
        if (firstOffers.whoAsked(route) == null) {
            find(route);
        }
        return HttpResponse.of(204);
    }

    /** What is done with the control channel; its URL is a capability as the session's is. */
    CompletionStage<HttpResponse> control(HttpRequest request, Route route) {
        LiveSession session = find(route);
        return permitted(request, route, session.grant()).thenCompose(permitted -> switch (request.method()) {
            case "GET" -> control.get(request, session);
            case "POST" -> control.post(request, session);
            default ->
                throw new WhipWhepException(
                        Refusal.METHOD_NOT_ALLOWED, request.method() + " means nothing on a control channel.");
        });
    }

    /** Entity tags are ignored: they name an ICE session, not this one (RFC 9725 §4.3.1). */
    CompletionStage<HttpResponse> delete(HttpRequest request, Route route) {
        Grant asked = firstOffers.whoAsked(route);
        if (asked != null) {
            return permitted(request, route, asked).thenApply(permitted -> firstOffers.delete(route));
        }
        LiveSession session = find(route);
        return permitted(request, route, session.grant()).thenApply(permitted -> {
            sessions.close(session, CloseReason.DELETED);
            return HttpResponse.of(200);
        });
    }

    /** The URL of a session is a capability, unless the host wants the token too. */
    private CompletionStage<Void> permitted(HttpRequest request, Route route, Grant owner) {
        if (!settings.isTokenRequired()) {
            return CompletableFuture.completedFuture(null);
        }
        return settings.authenticate(request, route).thenAccept(grant -> {
            if (!grant.subject().equals(owner.subject())) {
                throw new WhipWhepException(Refusal.FORBIDDEN, "The session belongs to somebody else.");
            }
        });
    }

    CompletionStage<HttpResponse> patch(HttpRequest request, Route route) {
        Grant asked = firstOffers.whoAsked(route);
        if (asked != null) {
            return permitted(request, route, asked).thenCompose(permitted -> firstOffers.answer(request, route));
        }
        LiveSession session = find(route);
        String type = MediaTypes.of(request);
        if (!type.equals(SdpFragment.MEDIA_TYPE)) {
            if (type.equals(Replies.SDP) && route.kind() == SessionKind.WHEP) {
                throw new WhipWhepException(Refusal.NOT_SUPPORTED, "No counter-offer waits for an answer.");
            }
            throw new WhipWhepException(
                    Refusal.UNSUPPORTED_MEDIA_TYPE, "A session takes " + SdpFragment.MEDIA_TYPE + ".");
        }
        if (request.body().length > settings.limits().bodyBytes()) {
            throw new WhipWhepException(
                    Refusal.TOO_LARGE,
                    "A fragment has at most " + settings.limits().bodyBytes() + " bytes.");
        }
        if (!session.tryPatch(settings.nanoTime().getAsLong())) {
            throw new WhipWhepException(Refusal.RATE_LIMITED, "Too many changes of this session.", 1);
        }
        SdpFragment fragment = read(request);
        return permitted(request, route, session.grant()).thenCompose(permitted -> {
            CompletionStage<HttpResponse> response = session.inTurn(() -> apply(request, session, fragment));
            if (response == null) {
                throw new WhipWhepException(Refusal.RATE_LIMITED, "Too many changes wait for one another.", 1);
            }
            return response;
        });
    }

    private static SdpFragment read(HttpRequest request) {
        try {
            return SdpFragment.parse(request.bodyText());
        } catch (SdpException e) {
            throw new WhipWhepException(Refusal.MALFORMED, String.valueOf(e.getMessage()));
        }
    }

    /** Runs when the changes before it are done, so that it is judged by the ICE session it will meet. */
    private CompletionStage<HttpResponse> apply(HttpRequest request, LiveSession session, SdpFragment fragment) {
        EntityTags.Match match = EntityTags.match(
                request.header("If-Match").orElse(null), session.media().etag(), settings.isStrict());
        if (match == EntityTags.Match.OTHER) {
            throw new WhipWhepException(Refusal.PRECONDITION_FAILED, "The entity tag is of another ICE session.");
        }
        boolean isNamed = session.client().isNamedBy(fragment);
        // RFC 9725 §4.3.3: a fragment with new credentials is a restart.
        boolean isRestart = fragment.ufrag() != null && !isNamed;
        if (match == EntityTags.Match.MISSING && (settings.isStrict() || !isNamed)) {
            throw new WhipWhepException(
                    Refusal.PRECONDITION_REQUIRED,
                    isRestart
                            ? "An ICE restart says If-Match: *."
                            : "Candidates come with the entity tag, or with the credentials, of their ICE session.");
        }
        return isRestart ? restart(session, fragment) : trickle(session, fragment);
    }

    private static CompletionStage<HttpResponse> trickle(LiveSession session, SdpFragment fragment) {
        return session.media().trickle(fragment).thenApply(done -> HttpResponse.of(204));
    }

    private static CompletionStage<HttpResponse> restart(LiveSession session, SdpFragment fragment) {
        return session.media().restart(fragment).thenApply(ours -> {
            session.restarted(new IceIdentity(String.valueOf(fragment.ufrag()), String.valueOf(fragment.password())));
            return HttpResponse.of(200, SdpFragment.MEDIA_TYPE, ours.write())
                    .with("ETag", "\"" + session.media().etag() + "\"");
        });
    }
}
