// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import dev.tributary.core.http.HttpBody;
import dev.tributary.core.http.HttpClient;
import dev.tributary.core.http.HttpExchange;
import dev.tributary.core.http.HttpHeaders;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.core.http.OutboundException;
import dev.tributary.core.http.OutboundRequest;
import dev.tributary.whipwhep.internal.client.Links;
import dev.tributary.whipwhep.internal.dynamic.Texts;
import dev.tributary.whipwhep.spi.SessionKind;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Opens WHIP and WHEP sessions on other servers. It carries descriptions and knows no media: whoever makes the offer
 * applies the answer.
 *
 * <pre>{@code
 * var client = WhipWhepClient.of(http).withToken("secret");
 * client.open(SessionKind.WHEP, endpoint, offer).thenAccept(session -> peer.setAnswer(session.answer()));
 * }</pre>
 *
 * <p>Refusals that may not last (409, 429, 5xx) and servers that cannot be reached are tried again as {@link #withBackoff}
 * says; by default not at all. A counter-offer (406 with a description) is answered by {@link #withAnswerer}, and is a refusal
 * like any other without one.
 *
 * <p>Immutable and thread-safe.
 */
public final class WhipWhepClient {
    private static final int REDIRECTS_MAX = 5;
    private static final String SDP = "application/sdp";
    private static final Set<OutboundException.Reason> PASSING = EnumSet.of(
            OutboundException.Reason.CONNECT_FAILED,
            OutboundException.Reason.UNKNOWN_HOST,
            OutboundException.Reason.TIMEOUT,
            OutboundException.Reason.CLOSED);

    private final Settings settings;

    /** Runs something later. */
    @FunctionalInterface
    public interface Later {
        /** Runs a task once, after so many milliseconds. */
        void run(Runnable task, long delayMillis);
    }

    private record Settings(
            HttpClient http,
            @Nullable String token,
            UnaryOperator<OutboundRequest> decorator,
            @Nullable Function<String, CompletionStage<String>> answerer,
            Map<SessionKind, String> relations,
            boolean asksForControl,
            Backoff backoff,
            RandomGenerator random,
            Later later) {
        String relation(SessionKind kind) {
            return relations.getOrDefault(kind, kind.dynamicRelation());
        }
    }

    private WhipWhepClient(Settings settings) {
        this.settings = settings;
    }

    /** A client without credentials. */
    public static WhipWhepClient of(HttpClient http) {
        return new WhipWhepClient(new Settings(
                http,
                null,
                UnaryOperator.identity(),
                null,
                Map.of(),
                false,
                Backoff.NONE,
                new SplittableRandom(),
                (task, delayMillis) -> CompletableFuture.delayedExecutor(delayMillis, TimeUnit.MILLISECONDS)
                        .execute(task)));
    }

    /** The same client with a bearer token. It goes to the server of the endpoint, and to no other. */
    public WhipWhepClient withToken(String bearerToken) {
        if (bearerToken.isBlank() || !bearerToken.matches("[!-~]+")) {
            throw new IllegalArgumentException("A bearer token is visible ASCII without blanks");
        }
        Settings s = settings;
        return new WhipWhepClient(new Settings(
                s.http,
                bearerToken,
                s.decorator,
                s.answerer,
                s.relations,
                s.asksForControl,
                s.backoff,
                s.random,
                s.later));
    }

    /**
     * The same client with a last word on every request before it is sent, each hop of a redirect included: for example
     * an HTTP signature. It must not block.
     */
    public WhipWhepClient withDecorator(UnaryOperator<OutboundRequest> lastWord) {
        Settings s = settings;
        return new WhipWhepClient(new Settings(
                s.http, s.token, lastWord, s.answerer, s.relations, s.asksForControl, s.backoff, s.random, s.later));
    }

    /**
     * The same client, that takes up counter-offers of WHEP servers.
     *
     * @param answers makes an SDP answer ({@code recvonly}) of the server's SDP offer; the offer that was sent is rolled
     *     back first. Must not block
     */
    public WhipWhepClient withAnswerer(Function<String, CompletionStage<String>> answers) {
        Settings s = settings;
        return new WhipWhepClient(new Settings(
                s.http, s.token, s.decorator, answers, s.relations, s.asksForControl, s.backoff, s.random, s.later));
    }

    /** The same client for servers that name the dynamic extension otherwise on a kind of session. */
    public WhipWhepClient withDynamicRelation(SessionKind kind, String relation) {
        Map<SessionKind, String> relations = new EnumMap<>(SessionKind.class);
        relations.putAll(settings.relations);
        relations.put(kind, relation);
        Settings s = settings;
        return new WhipWhepClient(new Settings(
                s.http,
                s.token,
                s.decorator,
                s.answerer,
                Map.copyOf(relations),
                s.asksForControl,
                s.backoff,
                s.random,
                s.later));
    }

    /**
     * The same client, that asks for the control channel of the dynamic extension over HTTP: for offers without a data
     * channel. {@link ClientSession#controlUrl} is then its address.
     */
    public WhipWhepClient askingForControl() {
        Settings s = settings;
        return new WhipWhepClient(new Settings(
                s.http, s.token, s.decorator, s.answerer, s.relations, true, s.backoff, s.random, s.later));
    }

    /** The same client, that tries again. */
    public WhipWhepClient withBackoff(Backoff tries) {
        return withBackoff(tries, settings.random, settings.later);
    }

    /** The same, with its chance and its time in other hands: for tests, and for owners with a loop of their own. */
    public WhipWhepClient withBackoff(Backoff tries, RandomGenerator chance, Later clock) {
        Settings s = settings;
        return new WhipWhepClient(new Settings(
                s.http, s.token, s.decorator, s.answerer, s.relations, s.asksForControl, tries, chance, clock));
    }

    /**
     * What a server says of an endpoint before a session is opened.
     *
     * @param iceServers what it tells everybody to use
     * @param isDynamic whether it offers the dynamic extension: only then a WHIP offer may have a data channel
     */
    public record Discovery(List<IceServer> iceServers, boolean isDynamic) {}

    /** Asks a server what an endpoint can do (OPTIONS). */
    public CompletionStage<Discovery> discover(SessionKind kind, URI endpoint) {
        return send(authorised(OutboundRequest.of("OPTIONS", endpoint), endpoint))
                .thenApply(response -> {
                    if (response.status() / 100 != 2) {
                        throw refused("OPTIONS", response);
                    }
                    List<Links.Link> links = Links.parse(response.headers().all("Link"));
                    return new Discovery(
                            Links.iceServers(links),
                            links.stream().anyMatch(link -> link.hasRelation(settings.relation(kind))));
                });
    }

    /**
     * Opens a session. Redirects are followed.
     *
     * @param offer the SDP offer
     * @return the session; fails with {@link ClientException} when the server refuses, and with an
     *     {@code OutboundException} when it cannot be reached
     */
    public CompletionStage<ClientSession> open(SessionKind kind, URI endpoint, String offer) {
        CompletableFuture<ClientSession> opened = new CompletableFuture<>();
        attempt(kind, endpoint, offer, 1, opened);
        return opened;
    }

    private void attempt(
            SessionKind kind, URI endpoint, String offer, int number, CompletableFuture<ClientSession> opened) {
        openOnce(kind, endpoint, offer).whenComplete((session, failure) -> {
            if (failure == null) {
                if (!opened.complete(session)) {
                    // The caller has given up meanwhile: the session would be nobody's.
                    CompletionStage<Void> unused = session.delete();
                }
                return;
            }
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            long delayMillis = isPassing(cause)
                    ? settings.backoff.delayMillis(
                            number,
                            cause instanceof ClientException refused ? refused.retryAfterSeconds() : 0,
                            settings.random)
                    : -1;
            if (delayMillis < 0 || opened.isDone()) {
                opened.completeExceptionally(cause);
            } else {
                settings.later.run(() -> attempt(kind, endpoint, offer, number + 1, opened), delayMillis);
            }
        });
    }

    /** Whether it may be otherwise in a moment. No cause follows from a single code (RFC 9725 §4.1): the class decides. */
    private static boolean isPassing(Throwable failure) {
        if (failure instanceof ClientException refused) {
            int status = refused.status();
            return status == 409 || status == 425 || status == 429 || status / 100 == 5;
        }
        return failure instanceof OutboundException unreachable && PASSING.contains(unreachable.reason());
    }

    private CompletionStage<ClientSession> openOnce(SessionKind kind, URI endpoint, String offer) {
        OutboundRequest request =
                authorised(OutboundRequest.post(endpoint, SDP, offer), endpoint).with("Accept", SDP);
        if (settings.asksForControl) {
            request = request.with("Link", "<>; rel=\"" + settings.relation(kind) + "\"");
        }
        return settings.http
                .followRedirects(settings.decorator.apply(request), REDIRECTS_MAX, settings.decorator)
                .thenCompose(exchange -> {
                    boolean isCounterOffer = exchange.response().status() == 406
                            && kind == SessionKind.WHEP
                            && isSdp(exchange.response());
                    return isCounterOffer && settings.answerer != null
                            ? answered(kind, exchange, settings.answerer)
                            : CompletableFuture.completedFuture(opened(kind, exchange));
                });
    }

    private static boolean isSdp(HttpResponse response) {
        String type = response.headers().first("Content-Type").orElse("");
        return type.toLowerCase(Locale.ROOT).startsWith(SDP) && text(response).startsWith("v=");
    }

    private ClientSession opened(SessionKind kind, HttpExchange exchange) {
        HttpResponse response = exchange.response();
        if (response.status() != 201) {
            throw refused("POST", response);
        }
        String answer = text(response);
        if (!answer.startsWith("v=")) {
            throw new ClientException(201, 0, "The server created a session without an answer in it");
        }
        return session(kind, exchange, response.headers(), answer);
    }

    /** Answers a counter-offer (draft-ietf-wish-whep §4.3.2). */
    private CompletionStage<ClientSession> answered(
            SessionKind kind, HttpExchange exchange, Function<String, CompletionStage<String>> answerer) {
        ClientSession waiting = session(kind, exchange, exchange.response().headers(), "");
        return answerer.apply(text(exchange.response()))
                .thenCompose(answer -> send(authorised(
                                OutboundRequest.of("PATCH", waiting.url())
                                        .withBody(SDP, answer.getBytes(StandardCharsets.UTF_8)),
                                exchange.request().uri()))
                        .thenApply(response -> {
                            if (response.status() / 100 != 2) {
                                throw refused("PATCH", response);
                            }
                            return session(kind, exchange, response.headers(), answer);
                        }));
    }

    /** The session that an exchange opened; what is not yet said there is said by the fields of a later response. */
    private ClientSession session(SessionKind kind, HttpExchange exchange, HttpHeaders later, String answer) {
        URI origin = exchange.request().uri();
        HttpHeaders first = exchange.response().headers();
        URI session = resolve(origin, first.first("Location").orElse(""));
        if (session == null) {
            throw new ClientException(
                    exchange.response().status(), 0, "The server created a session without a usable Location");
        }
        List<Links.Link> links = new ArrayList<>(Links.parse(first.all("Link")));
        if (later != first) {
            links.addAll(Links.parse(later.all("Link")));
        }
        URI control = links.stream()
                .filter(link -> link.hasRelation(settings.relation(kind)))
                .findFirst()
                .map(link -> resolve(origin, link.target()))
                .orElse(null);
        return new ClientSession(
                this, origin, session, answer, later.first("ETag").orElse(null), Links.iceServers(links), control);
    }

    /** RFC 3986 against the URL that answered; {@code null} when the result is nothing we would send a request to. */
    private static @Nullable URI resolve(URI base, String reference) {
        if (reference.isBlank()) {
            return null;
        }
        try {
            URI uri = base.resolve(reference.strip());
            // What OutboundRequest refuses is refused here, where the server can still be named.
            return OutboundRequest.of("DELETE", uri).uri();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** The token goes only where the endpoint is. */
    OutboundRequest authorised(OutboundRequest request, URI endpoint) {
        return settings.token != null && request.isSameOrigin(OutboundRequest.get(endpoint))
                ? request.with("Authorization", "Bearer " + settings.token)
                : request;
    }

    CompletionStage<HttpResponse> send(OutboundRequest request) {
        return settings.http.send(settings.decorator.apply(request));
    }

    static ClientException refused(String method, HttpResponse response) {
        int retryAfter = 0;
        String value = response.headers().first("Retry-After").orElse("");
        if (value.matches("[0-9]{1,6}")) {
            retryAfter = Integer.parseInt(value);
        }
        return new ClientException(
                response.status(),
                retryAfter,
                method + " was answered " + response.status() + ": " + Texts.excerpt(text(response)));
    }

    static String text(HttpResponse response) {
        return response.body() instanceof HttpBody.Bytes body ? new String(body.bytes(), StandardCharsets.UTF_8) : "";
    }
}
