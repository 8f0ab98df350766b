// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.http;

import dev.tributary.core.http.HttpBody;
import dev.tributary.core.http.HttpHeaders;
import dev.tributary.core.http.HttpRequest;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.sdp.SdpException;
import dev.tributary.sdp.SessionDescription;
import dev.tributary.whipwhep.spi.CloseReason;
import dev.tributary.whipwhep.spi.Grant;
import dev.tributary.whipwhep.spi.OfferedSession;
import dev.tributary.whipwhep.spi.Refusal;
import dev.tributary.whipwhep.spi.SessionRequest;
import dev.tributary.whipwhep.spi.WhipWhepException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * WHEP sessions that began with an offer of the server and wait for the answer: counter-offers (406, draft-ietf-wish-whep
 * §4.3.2), and the 201 to an empty POST (draft-murillo-whep). Each holds a place, for a bounded time. Thread-safe.
 */
final class FirstOffers {
    /** What the draft says when a counter-offer names no time. */
    private static final int DEFAULT_SECONDS = 30;

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Settings settings;
    private final Sessions sessions;
    private final ConcurrentHashMap<String, Waiting> byId = new ConcurrentHashMap<>();

    /** An offer that waits. */
    private record Waiting(Route route, SessionRequest request, OfferedSession offered, CompletableFuture<Void> over) {}

    FirstOffers(Settings settings, Sessions sessions) {
        this.settings = settings;
        this.sessions = sessions;
    }

    /**
     * Has the engine offer, in a place that is reserved already.
     *
     * @param status 406 for a counter-offer, 201 for the first word
     */
    CompletionStage<HttpResponse> offer(HttpRequest http, Route route, SessionRequest request, int status) {
        CompletionStage<OfferedSession> offering;
        try {
            offering = settings.engine().offer(request);
        } catch (RuntimeException e) {
            sessions.unreserve();
            throw e;
        }
        return offering.handle((offered, failure) -> {
            if (offered == null) {
                sessions.unreserve();
                throw Replies.unwrapped(failure);
            }
            waits(new Waiting(route, request, offered, new CompletableFuture<>()));
            return response(http.path() + "/" + request.sessionId(), offered.offer(), status);
        });
    }

    private void waits(Waiting waiting) {
        byId.put(waiting.request().sessionId(), waiting);
        // Completing it by hand, when the answer comes, cancels the timer.
        CompletableFuture<Void> expiry =
                waiting.over().completeOnTimeout(null, settings.limits().offerSeconds(), TimeUnit.SECONDS);
        CompletableFuture<Void> unused = expiry.thenRun(() -> giveUp(waiting, CloseReason.CONNECTION_LOST));
        if (sessions.isClosed()) {
            giveUp(waiting, CloseReason.DRAINING);
        }
    }

    private void giveUp(Waiting waiting, CloseReason reason) {
        if (byId.remove(waiting.request().sessionId(), waiting)) {
            waiting.over().complete(null);
            waiting.offered().close(reason);
            sessions.unreserve();
        }
    }

    private HttpResponse response(String location, String offer, int status) {
        String type = Replies.SDP;
        if (status == 406 && settings.limits().offerSeconds() != DEFAULT_SECONDS) {
            type += "; valid-until=\""
                    + HTTP_DATE.format(settings.clock()
                            .instant()
                            .plusSeconds(settings.limits().offerSeconds()))
                    + "\"";
        }
        HttpHeaders headers = HttpHeaders.of("Content-Type", type)
                .with("Location", location)
                .with("Accept-Patch", Replies.SDP + ", " + Replies.FRAGMENT);
        return new HttpResponse(status, headers, new HttpBody.Bytes(offer.getBytes(StandardCharsets.UTF_8)));
    }

    /** Who asked for the offer that waits under a route; {@code null} when none does. */
    @Nullable
    Grant whoAsked(Route route) {
        Waiting waiting = find(route);
        return waiting == null ? null : waiting.request().grant();
    }

    private @Nullable Waiting find(Route route) {
        Waiting waiting = route.session() == null ? null : byId.get(route.session());
        return waiting != null
                        && waiting.route().kind() == route.kind()
                        && waiting.route().room().equals(route.room())
                ? waiting
                : null;
    }

    /** Takes the answer (WHEP §4.3.2). */
    CompletionStage<HttpResponse> answer(HttpRequest request, Route route) {
        Waiting waiting = find(route);
        if (waiting == null) {
            throw new WhipWhepException(Refusal.NO_SUCH_SESSION, "The offer has expired, or never was.");
        }
        String type = MediaTypes.of(request);
        if (type.equals(Replies.FRAGMENT)) {
            throw new WhipWhepException(Refusal.NOT_SUPPORTED, "The answer comes before candidates.");
        }
        if (!type.equals(Replies.SDP)) {
            throw new WhipWhepException(Refusal.UNSUPPORTED_MEDIA_TYPE, "An answer is " + Replies.SDP + ".");
        }
        if (request.body().length > settings.limits().bodyBytes()) {
            throw new WhipWhepException(
                    Refusal.TOO_LARGE,
                    "An answer has at most " + settings.limits().bodyBytes() + " bytes.");
        }
        String answer = request.bodyText();
        IceIdentity client = identity(answer);
        return waiting.offered().answered(answer).thenApply(media -> {
            if (!byId.remove(waiting.request().sessionId(), waiting)) {
                media.close(CloseReason.CONNECTION_LOST);
                throw new WhipWhepException(Refusal.NO_SUCH_SESSION, "The offer has expired.");
            }
            waiting.over().complete(null);
            SessionRequest opened = waiting.request();
            sessions.add(LiveSession.of(opened, media, client, settings.limits()));
            HttpResponse response = HttpResponse.of(204)
                    .with("ETag", "\"" + media.etag() + "\"")
                    .with("Accept-Patch", Replies.FRAGMENT);
            return media.isDynamic()
                    ? response.with("Link", settings.dynamicLink(request.path() + "/" + Route.CONTROL, route.kind()))
                    : response;
        });
    }

    private static IceIdentity identity(String answer) {
        try {
            SessionDescription description = SessionDescription.parse(answer);
            return OfferCheck.identity(
                    description,
                    description.media().stream()
                            .filter(section -> !section.isRejected())
                            .toList());
        } catch (SdpException e) {
            throw new WhipWhepException(Refusal.MALFORMED, String.valueOf(e.getMessage()));
        }
    }

    /** Ends the waiting. */
    HttpResponse delete(Route route) {
        Waiting waiting = find(route);
        if (waiting != null) {
            giveUp(waiting, CloseReason.DELETED);
        }
        return HttpResponse.of(200);
    }

    void closeAll(CloseReason reason) {
        byId.values().forEach(waiting -> giveUp(waiting, reason));
    }
}
