// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.http;

import dev.tributary.core.http.HttpBody;
import dev.tributary.core.http.HttpHeaders;
import dev.tributary.core.http.HttpRequest;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.sdp.SdpFragment;
import dev.tributary.whipwhep.IceServer;
import dev.tributary.whipwhep.internal.dynamic.TokenBucket;
import dev.tributary.whipwhep.spi.Grant;
import dev.tributary.whipwhep.spi.MediaSession;
import dev.tributary.whipwhep.spi.Refusal;
import dev.tributary.whipwhep.spi.Right;
import dev.tributary.whipwhep.spi.SessionKind;
import dev.tributary.whipwhep.spi.SessionRequest;
import dev.tributary.whipwhep.spi.WhipWhepException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Answers POST on an endpoint. The order of the checks is that of their cost: nobody makes us parse an offer, or ask an
 * engine, before they were let in.
 */
final class SessionOpener {
    /** 144 bits: a session URL is a capability (RFC 9725 §5). */
    private static final int SESSION_ID_BYTES = 18;

    private final Settings settings;
    private final Sessions sessions;
    private final AddressRates opens;
    private final SecureRandom random = new SecureRandom();

    SessionOpener(Settings settings, Sessions sessions) {
        this.settings = settings;
        this.sessions = sessions;
        this.opens = new AddressRates(
                settings.limits().opensPerSecond(),
                settings.limits().openBurst(),
                settings.limits().addresses());
    }

    CompletionStage<HttpResponse> open(HttpRequest request, Route route) {
        if (sessions.drainSeconds() >= 0) {
            throw new WhipWhepException(Refusal.DRAINING, "Try another server, or later.", sessions.drainSeconds());
        }
        if (!opens.tryTake(request.remote(), settings.nanoTime().getAsLong())) {
            throw new WhipWhepException(Refusal.RATE_LIMITED, "Too many new sessions from this address.", 1);
        }
        if (!MediaTypes.of(request).equals(Replies.SDP)) {
            throw new WhipWhepException(Refusal.UNSUPPORTED_MEDIA_TYPE, "An offer is application/sdp.");
        }
        if (request.body().length > settings.limits().bodyBytes()) {
            throw new WhipWhepException(
                    Refusal.TOO_LARGE,
                    "An offer has at most " + settings.limits().bodyBytes() + " bytes.");
        }
        return settings.authenticate(request, route).thenCompose(grant -> open(request, route, grant));
    }

    private CompletionStage<HttpResponse> open(HttpRequest request, Route route, Grant grant) {
        URI elsewhere = settings.placement().place(route.kind(), route.room());
        if (elsewhere != null) {
            // RFC 9725 §4.5: never 301 or 302, which turn a POST into a GET.
            return CompletableFuture.completedFuture(HttpResponse.of(307).with("Location", elsewhere.toString()));
        }
        String offer = request.bodyText();
        IceIdentity client = OfferCheck.check(offer, route.kind());
        if (!sessions.reserve()) {
            throw new WhipWhepException(Refusal.OVERLOADED, "All sessions are taken.");
        }
        String id = newSessionId();
        SessionRequest asked =
                new SessionRequest(route.kind(), route.room(), id, offer, grant, settings.isDynamicAllowed());
        CompletionStage<MediaSession> opening;
        try {
            opening = settings.engine().open(asked);
        } catch (RuntimeException e) {
            sessions.unreserve();
            throw e;
        }
        return opening.whenComplete((media, failure) -> {
                    if (failure != null) {
                        sessions.unreserve();
                    }
                })
                .thenApply(media -> {
                    sessions.add(new LiveSession(
                            id,
                            route.kind(),
                            route.room(),
                            grant,
                            media,
                            client,
                            new TokenBucket(
                                    settings.limits().patchesPerSecond(),
                                    settings.limits().patchBurst()),
                            settings.limits().waitingPatches()));
                    return created(request.path() + "/" + id, route.kind(), media);
                });
    }

    private HttpResponse created(String location, SessionKind kind, MediaSession media) {
        HttpHeaders headers = HttpHeaders.of("Content-Type", Replies.SDP)
                // An absolute path: a proxy knows the host better than we do, and OBS drops what is relative.
                .with("Location", location)
                .with("ETag", "\"" + media.etag() + "\"")
                .with("Accept-Patch", SdpFragment.MEDIA_TYPE);
        // Some clients take the first Link for an ICE server: those come first, one field each.
        for (IceServer server : settings.iceServers().get()) {
            headers = headers.with("Link", server.toLink());
        }
        if (media.isDynamic()) {
            headers = headers.with("Link", dynamicLink(location + "/" + Route.CONTROL, kind));
        }
        return new HttpResponse(201, headers, new HttpBody.Bytes(media.answer().getBytes(StandardCharsets.UTF_8)));
    }

    private static String dynamicLink(String url, SessionKind kind) {
        return "<" + url + ">; rel=\"" + kind.dynamicRelation() + "\"; v=\"1\"";
    }

    /** What OPTIONS says of an endpoint. ICE servers with credentials are for those who were let in. */
    HttpResponse options(HttpRequest request, Route route) {
        HttpResponse response = Replies.options();
        for (IceServer server : settings.iceServers().get()) {
            if (server.credential() == null) {
                response = response.with("Link", server.toLink());
            }
        }
        return settings.isDynamicAllowed()
                ? response.with("Link", dynamicLink(request.path(), route.kind()))
                : response;
    }

    /** Whether a grant opens a session of a kind at all; what it may do inside is the engine's to check. */
    static boolean opens(Grant grant, SessionKind kind) {
        return kind == SessionKind.WHEP
                ? grant.allows(Right.PLAY)
                : grant.allows(Right.PUBLISH_MAIN) || grant.allows(Right.PUBLISH_GUEST);
    }

    private String newSessionId() {
        byte[] bytes = new byte[SESSION_ID_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
