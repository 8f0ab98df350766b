// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.http;

import dev.tributary.core.http.HttpBody;
import dev.tributary.core.http.HttpHeaders;
import dev.tributary.core.http.HttpRequest;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.sdp.SdpFragment;
import dev.tributary.whipwhep.IceServer;
import dev.tributary.whipwhep.internal.client.Links;
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
    private final FirstOffers firstOffers;
    private final AddressRates opens;
    private final SecureRandom random = new SecureRandom();

    SessionOpener(Settings settings, Sessions sessions, FirstOffers firstOffers) {
        this.settings = settings;
        this.sessions = sessions;
        this.firstOffers = firstOffers;
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
        boolean isEmptyPost = isEmptyPost(request, route);
        if (!isEmptyPost && !MediaTypes.of(request).equals(Replies.SDP)) {
            throw new WhipWhepException(Refusal.UNSUPPORTED_MEDIA_TYPE, "An offer is application/sdp.");
        }
        if (request.body().length > settings.limits().bodyBytes()) {
            throw new WhipWhepException(
                    Refusal.TOO_LARGE,
                    "An offer has at most " + settings.limits().bodyBytes() + " bytes.");
        }
        return settings.authenticate(request, route).thenCompose(grant -> {
            URI elsewhere = settings.placement().place(route.kind(), route.room());
            if (elsewhere != null) {
                // RFC 9725 §4.5: never 301 or 302, which turn a POST into a GET.
                return CompletableFuture.completedFuture(HttpResponse.of(307).with("Location", elsewhere.toString()));
            }
            return isEmptyPost ? offerFirst(request, route, grant) : answer(request, route, grant);
        });
    }

    /** A player of draft-murillo-whep-00 asks for an offer with a POST of nothing, or of an empty object. */
    private boolean isEmptyPost(HttpRequest request, Route route) {
        return route.kind() == SessionKind.WHEP
                && settings.firstOffers().emptyPosts().test(route.room())
                && (request.body().length == 0 || request.bodyText().strip().equals("{}"));
    }

    private CompletionStage<HttpResponse> offerFirst(HttpRequest request, Route route, Grant grant) {
        reserve();
        return firstOffers.offer(request, route, asked(route, "", grant), 201);
    }

    private CompletionStage<HttpResponse> answer(HttpRequest request, Route route, Grant grant) {
        String offer = request.bodyText();
        IceIdentity client = OfferCheck.check(offer, route.kind());
        reserve();
        SessionRequest asked = asked(route, offer, grant);
        CompletionStage<MediaSession> opening;
        try {
            opening = settings.engine().open(asked);
        } catch (RuntimeException e) {
            sessions.unreserve();
            throw e;
        }
        return opening.handle((media, failure) -> {
                    if (media != null) {
                        sessions.add(LiveSession.of(asked, media, client, settings.limits()));
                        return CompletableFuture.completedFuture(created(request, route, asked.sessionId(), media));
                    }
                    boolean isCountered = failure != null
                            && route.kind() == SessionKind.WHEP
                            && Replies.isUnacceptableOffer(failure)
                            && settings.firstOffers().counterOffers().test(route.room());
                    if (isCountered) {
                        return firstOffers.offer(request, route, asked, 406);
                    }
                    sessions.unreserve();
                    throw Replies.unwrapped(failure);
                })
                .thenCompose(response -> response);
    }

    private void reserve() {
        if (!sessions.reserve()) {
            throw new WhipWhepException(Refusal.OVERLOADED, "All sessions are taken.");
        }
    }

    private SessionRequest asked(Route route, String offer, Grant grant) {
        return new SessionRequest(
                route.kind(), route.room(), newSessionId(), offer, grant, settings.isDynamicAllowed());
    }

    private HttpResponse created(HttpRequest request, Route route, String id, MediaSession media) {
        String location = request.path() + "/" + id;
        HttpHeaders headers = HttpHeaders.of("Content-Type", Replies.SDP)
                // An absolute path: a proxy knows the host better than we do, and OBS drops what is relative.
                .with("Location", location)
                .with("ETag", "\"" + media.etag() + "\"")
                .with("Accept-Patch", SdpFragment.MEDIA_TYPE);
        // Some clients take the first Link for an ICE server: those come first, one field each.
        for (IceServer server : settings.iceServers().get()) {
            headers = headers.with("Link", server.toLink());
        }
        if (media.isDynamic() || (media.hasControl() && asksForControl(request, route.kind()))) {
            headers = headers.with("Link", settings.dynamicLink(location + "/" + Route.CONTROL, route.kind()));
        }
        return new HttpResponse(201, headers, new HttpBody.Bytes(media.answer().getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * A client without data channels names the extension in a Link of its own. The others get no Link that they did not
     * ask for: there are some that take the first one for an ICE server whatever it says.
     */
    private boolean asksForControl(HttpRequest request, SessionKind kind) {
        return Links.parse(request.headers().all("Link")).stream()
                .anyMatch(link -> link.hasRelation(settings.dynamicRelation(kind)));
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
                ? response.with("Link", settings.dynamicLink(request.path(), route.kind()))
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
