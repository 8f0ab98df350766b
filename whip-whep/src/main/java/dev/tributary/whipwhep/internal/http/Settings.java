// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.http;

import dev.tributary.core.http.HttpRequest;
import dev.tributary.whipwhep.IceServer;
import dev.tributary.whipwhep.WhipWhepLimits;
import dev.tributary.whipwhep.spi.Access;
import dev.tributary.whipwhep.spi.AccessRequest;
import dev.tributary.whipwhep.spi.Grant;
import dev.tributary.whipwhep.spi.MediaEngine;
import dev.tributary.whipwhep.spi.Placement;
import dev.tributary.whipwhep.spi.Refusal;
import dev.tributary.whipwhep.spi.SessionKind;
import dev.tributary.whipwhep.spi.WhipWhepException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What the builder of {@code WhipWhep} was told.
 *
 * @param engine where media is
 * @param access who may do what
 * @param placement which server a session belongs to
 * @param iceServers what clients are told to use, asked for each answer
 * @param limits the bounds
 * @param firstOffers in which rooms the server may offer first
 * @param dynamicRelations the link relation of the dynamic extension on each kind of session
 * @param prefix where the handler is mounted; empty for anywhere
 * @param isStrict whether only what the RFC allows is understood
 * @param isDynamicAllowed whether the dynamic extension is offered
 * @param isRawTokenAllowed whether an Authorization without a scheme is a token
 * @param isTokenInPath whether a path segment after the room is a token
 * @param isTokenRequired whether the URL of a session alone is not enough to change or end it
 * @param nanoTime the clock of rates
 * @param clock the clock of grants
 */
public record Settings(
        MediaEngine engine,
        Access access,
        Placement placement,
        Supplier<List<IceServer>> iceServers,
        WhipWhepLimits limits,
        FirstOfferRooms firstOffers,
        Map<SessionKind, String> dynamicRelations,
        String prefix,
        boolean isStrict,
        boolean isDynamicAllowed,
        boolean isRawTokenAllowed,
        boolean isTokenInPath,
        boolean isTokenRequired,
        LongSupplier nanoTime,
        InstantSource clock) {
    /**
     * In which rooms the server may make the first offer of a WHEP session.
     *
     * @param counterOffers as a 406 to an offer that cannot be accepted
     * @param emptyPosts as a 201 to a POST without an offer
     */
    public record FirstOfferRooms(Predicate<String> counterOffers, Predicate<String> emptyPosts) {}

    /** The link relation of the dynamic extension. */
    String dynamicRelation(SessionKind kind) {
        return dynamicRelations.getOrDefault(kind, kind.dynamicRelation());
    }

    /** The Link by which the dynamic extension is told. */
    String dynamicLink(String url, SessionKind kind) {
        return "<" + url + ">; rel=\"" + dynamicRelation(kind) + "\"; v=\"1\"";
    }

    /** Lets a request in, or fails. */
    CompletionStage<Grant> authenticate(HttpRequest request, Route route) {
        String bearer = Credentials.bearerToken(request, isRawTokenAllowed);
        String token = bearer == null ? route.token() : bearer;
        return access.verify(new AccessRequest(route.kind(), route.room(), token, request))
                .thenApply(grant -> {
                    if (!clock.instant().isBefore(grant.expires())) {
                        throw new WhipWhepException(Refusal.UNAUTHENTICATED, "The credentials have expired.");
                    }
                    if (!SessionOpener.opens(grant, route.kind())) {
                        throw new WhipWhepException(
                                Refusal.FORBIDDEN, "These credentials do not allow " + route.kind() + " here.");
                    }
                    return grant;
                });
    }
}
