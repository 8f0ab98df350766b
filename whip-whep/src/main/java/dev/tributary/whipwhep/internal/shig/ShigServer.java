// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.shig;

import dev.tributary.core.http.HttpHandler;
import dev.tributary.core.http.HttpRequest;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.core.http.Problem;
import dev.tributary.sdp.SdpException;
import dev.tributary.sdp.SessionDescription;
import dev.tributary.whipwhep.shig.ShigStream;
import dev.tributary.whipwhep.spi.AccessRequest;
import dev.tributary.whipwhep.spi.CloseReason;
import dev.tributary.whipwhep.spi.OfferedSession;
import dev.tributary.whipwhep.spi.Refusal;
import dev.tributary.whipwhep.spi.SessionKind;
import dev.tributary.whipwhep.spi.SessionRequest;
import dev.tributary.whipwhep.spi.WhipWhepException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** Answers the requests of Shig's client, in both dialects. Thread-safe. */
public final class ShigServer implements HttpHandler, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ShigServer.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final String SDP = "application/sdp";
    private static final String COOKIE = "session.id";
    private static final String REQUEST_TOKEN = "X-Req-Token";
    private static final String SCHEME = "bearer ";

    private final ShigSettings settings;
    private final ShigMembers members;

    /** A server without anybody. */
    public ShigServer(ShigSettings settings) {
        this.settings = settings;
        this.members = new ShigMembers(settings.limits().sessions());
    }

    @Override
    public CompletionStage<HttpResponse> handle(HttpRequest request) {
        CompletionStage<HttpResponse> response;
        try {
            response = dispatch(request);
        } catch (RuntimeException e) {
            response = CompletableFuture.failedFuture(e);
        }
        return response.exceptionally(ShigServer::problem).thenApply(reply -> reply.with("Cache-Control", "no-store"));
    }

    private CompletionStage<HttpResponse> dispatch(HttpRequest request) {
        String path = request.path();
        ShigRoute route = path.startsWith(settings.prefix() + "/")
                ? ShigRoute.parse(path.substring(settings.prefix().length()))
                : null;
        if (route == null) {
            throw new WhipWhepException(Refusal.NOT_FOUND, "This is no path of Shig's client.");
        }
        if (request.body().length > settings.limits().bodyBytes()) {
            throw new WhipWhepException(Refusal.TOO_LARGE, "The body is too large.");
        }
        return switch (request.method() + " " + route.action()) {
            case "GET SETTINGS" -> json(route, new Object[0]);
            case "GET STREAM" -> stream(request, route);
            case "GET FRIENDS" -> json(route, new Object[0]);
            case "POST WHIP" -> join(request, route);
            case "POST WHEP" -> offer(request, route);
            case "PATCH WHEP" -> answer(request, route);
            case "DELETE WHIP", "DELETE LEAVE" -> leave(request, route);
            // What is published as the main stream is what viewers see: it is live already.
            case "POST LIVE", "DELETE LIVE" -> live(request, route);
            case "GET LIVE" -> json(route, Map.of("streamId", route.stream(), "isLobbyRunning", true, "isLive", true));
            default -> throw new WhipWhepException(Refusal.METHOD_NOT_ALLOWED, "That means nothing here.");
        };
    }

    // ---- streams ----

    private CompletionStage<HttpResponse> stream(HttpRequest request, ShigRoute route) {
        return settings.access()
                .verify(new AccessRequest(SessionKind.WHEP, room(route), token(request), request))
                .thenCompose(grant -> {
                    ShigStream stream = settings.streams().find(route.space(), route.stream(), grant);
                    return json(
                            route,
                            route.dialect() == Dialect.Y2024
                                    ? Map.of("uuid", stream.id(), "title", stream.title(), "user", stream.owner())
                                    : Map.of(
                                            "uuid", stream.id(),
                                            "title", stream.title(),
                                            "ownerUuid", stream.ownerUuid(),
                                            "channelUuid", stream.channelUuid()));
                });
    }

    private String room(ShigRoute route) {
        return settings.rooms().apply(route.space(), route.stream());
    }

    private CompletionStage<HttpResponse> live(HttpRequest request, ShigRoute route) {
        member(request, route);
        return route.dialect() == Dialect.V1
                ? json(route, Map.of())
                : CompletableFuture.completedFuture(HttpResponse.of(201));
    }

    // ---- the connection that sends ----

    private CompletionStage<HttpResponse> join(HttpRequest request, ShigRoute route) {
        requireSdp(request);
        if (members.isFull()) {
            throw new WhipWhepException(Refusal.OVERLOADED, "All places are taken.");
        }
        String room = room(route);
        return settings.access()
                .verify(new AccessRequest(SessionKind.WHIP, room, token(request), request))
                .thenCompose(grant -> {
                    String offer = ShigSdp.fromClient(request.bodyText(), grant.label());
                    // Parsed first: what cannot be read leaves nothing behind.
                    var tracks = ShigSdp.tracks(offer);
                    ShigMembers.Keys keys = members.newKeys();
                    return settings.engine()
                            .open(new SessionRequest(SessionKind.WHIP, room, members.newKey(), offer, grant, true))
                            .thenApply(session -> {
                                ShigMember member = new ShigMember(
                                        route.dialect(), keys, room, grant, session, tracks, settings.nanoTime());
                                String identity = identity(request, room);
                                members.add(member, identity);
                                member.sends();
                                session.closed().thenAccept(reason -> {
                                    members.remove(member, identity);
                                    member.close(reason);
                                });
                                return joined(session.answer(), keys);
                            });
                });
    }

    private HttpResponse joined(String answer, ShigMembers.Keys keys) {
        String path = settings.prefix().isEmpty() ? "/" : settings.prefix();
        return HttpResponse.of(201, SDP, answer)
                .with("Set-Cookie", COOKIE + "=" + keys.cookie() + "; Path=" + path + "; HttpOnly; SameSite=Strict")
                .with(REQUEST_TOKEN, keys.requestToken());
    }

    private CompletionStage<HttpResponse> leave(HttpRequest request, ShigRoute route) {
        ShigMember member = member(request, route);
        member.close(CloseReason.DELETED);
        return CompletableFuture.completedFuture(
                HttpResponse.of(200).with("Set-Cookie", COOKIE + "=; Path=" + settings.prefix() + "; Max-Age=0"));
    }

    // ---- the connection that receives ----

    private CompletionStage<HttpResponse> offer(HttpRequest request, ShigRoute route) {
        ShigMember member = member(request, route);
        SessionRequest wanted =
                new SessionRequest(SessionKind.WHEP, member.room(), members.newKey(), "", member.grant(), true, false);
        return settings.engine().offer(wanted).thenApply(offered -> {
            member.offers(offered);
            return HttpResponse.of(201, SDP, ShigSdp.toClient(offered.offer()));
        });
    }

    private CompletionStage<HttpResponse> answer(HttpRequest request, ShigRoute route) {
        requireSdp(request);
        ShigMember member = member(request, route);
        OfferedSession offered = member.offered();
        if (offered == null) {
            throw new WhipWhepException(Refusal.NO_SUCH_SESSION, "No offer waits for an answer.");
        }
        return offered.answered(SessionDescription.parse(request.bodyText()).write())
                .thenApply(session -> {
                    member.receives(session);
                    return route.dialect() == Dialect.V1
                            ? HttpResponse.of(201, "text/plain", "ok")
                            : HttpResponse.of(201);
                });
    }

    // ---- who ----

    private ShigMember member(HttpRequest request, ShigRoute route) {
        ShigMember ofCookie = members.ofKey(cookie(request));
        if (ofCookie != null
                && ofCookie.room().equals(room(route))
                && ShigMembers.isSame(
                        ofCookie.keys().requestToken(),
                        request.header(REQUEST_TOKEN).orElse(""))) {
            return ofCookie;
        }
        String token = token(request);
        ShigMember ofToken = token == null ? null : members.ofIdentity(identity(request, room(route)));
        if (ofToken == null) {
            throw new WhipWhepException(Refusal.FORBIDDEN, "Join first.");
        }
        return ofToken;
    }

    private static String identity(HttpRequest request, String room) {
        return room + "\n" + token(request);
    }

    private static @Nullable String cookie(HttpRequest request) {
        return request.header("Cookie").stream()
                .flatMap(value -> Arrays.stream(value.split(";", 50)))
                .map(String::strip)
                .filter(pair -> pair.startsWith(COOKIE + "="))
                .map(pair -> pair.substring(COOKIE.length() + 1))
                .findFirst()
                .orElse(null);
    }

    /** The client sends whatever the page gave it, with or without a scheme. */
    private static @Nullable String token(HttpRequest request) {
        String value = request.header("Authorization").orElse("").strip();
        String token = value.toLowerCase(Locale.ROOT).startsWith(SCHEME)
                ? value.substring(SCHEME.length()).strip()
                : value;
        return token.isEmpty() ? null : token;
    }

    private static void requireSdp(HttpRequest request) {
        String type = request.header("Content-Type").orElse("").split(";", 2)[0];
        if (!type.strip().equalsIgnoreCase(SDP)) {
            throw new WhipWhepException(Refusal.UNSUPPORTED_MEDIA_TYPE, "A description is " + SDP + ".");
        }
    }

    // ---- replies ----

    private static CompletionStage<HttpResponse> json(ShigRoute route, Object value) {
        Object reply = route.dialect() == Dialect.V1 ? Map.of("message", "ok", "data", value) : value;
        return CompletableFuture.completedFuture(
                HttpResponse.of(200, "application/json", JSON.writeValueAsBytes(reply)));
    }

    private static HttpResponse problem(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof WhipWhepException refused) {
            return Problem.response(refused.refusal().status(), String.valueOf(refused.getMessage()));
        }
        if (cause instanceof SdpException unusable) {
            return Problem.response(400, String.valueOf(unusable.getMessage()));
        }
        LOG.error("A request of Shig's client failed for a reason of our own", cause);
        return Problem.response(500, "The reason stands in the log of the server.");
    }

    /** Gives everybody's control channels their time. */
    public void tick() {
        members.all().forEach(ShigMember::tick);
    }

    /** How many are in the lobbies. */
    public int count() {
        return members.all().size();
    }

    @Override
    public void close() {
        members.all().forEach(member -> member.close(CloseReason.DRAINING));
    }
}
