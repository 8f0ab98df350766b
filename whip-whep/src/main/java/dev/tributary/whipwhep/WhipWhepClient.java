// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import dev.tributary.core.http.HttpBody;
import dev.tributary.core.http.HttpClient;
import dev.tributary.core.http.HttpExchange;
import dev.tributary.core.http.HttpHeaders;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.core.http.OutboundRequest;
import dev.tributary.whipwhep.internal.client.Links;
import dev.tributary.whipwhep.internal.dynamic.Texts;
import dev.tributary.whipwhep.spi.SessionKind;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
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
 * <p>Immutable and thread-safe. A counter-offer (406 with a description) is not taken up and fails like any refusal.
 */
public final class WhipWhepClient {
    private static final int REDIRECTS_MAX = 5;

    private final HttpClient http;
    private final @Nullable String token;
    private final UnaryOperator<OutboundRequest> decorator;

    private WhipWhepClient(HttpClient http, @Nullable String token, UnaryOperator<OutboundRequest> decorator) {
        this.http = http;
        this.token = token;
        this.decorator = decorator;
    }

    /** A client without credentials. */
    public static WhipWhepClient of(HttpClient http) {
        return new WhipWhepClient(http, null, UnaryOperator.identity());
    }

    /** The same client with a bearer token. It goes to the server of the endpoint, and to no other. */
    public WhipWhepClient withToken(String bearerToken) {
        if (bearerToken.isBlank() || !bearerToken.matches("[!-~]+")) {
            throw new IllegalArgumentException("A bearer token is visible ASCII without blanks");
        }
        return new WhipWhepClient(http, bearerToken, decorator);
    }

    /**
     * The same client with a last word on every request before it is sent, each hop of a redirect included: for example
     * an HTTP signature. It must not block.
     */
    public WhipWhepClient withDecorator(UnaryOperator<OutboundRequest> lastWord) {
        return new WhipWhepClient(http, token, lastWord);
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
                            links.stream().anyMatch(link -> link.hasRelation(kind.dynamicRelation())));
                });
    }

    /**
     * Opens a session. Redirects are followed.
     *
     * @param offer the SDP offer
     * @return the session; fails with {@link ClientException} when the server refuses
     */
    public CompletionStage<ClientSession> open(SessionKind kind, URI endpoint, String offer) {
        OutboundRequest request = authorised(OutboundRequest.post(endpoint, "application/sdp", offer), endpoint)
                .with("Accept", "application/sdp");
        return http.followRedirects(decorator.apply(request), REDIRECTS_MAX, decorator)
                .thenApply(exchange -> opened(kind, exchange));
    }

    private ClientSession opened(SessionKind kind, HttpExchange exchange) {
        HttpResponse response = exchange.response();
        if (response.status() != 201) {
            throw refused("POST", response);
        }
        URI origin = exchange.request().uri();
        String answer = text(response);
        if (!answer.startsWith("v=")) {
            throw new ClientException(201, 0, "The server created a session without an answer in it");
        }
        HttpHeaders headers = response.headers();
        URI session = resolve(origin, headers.first("Location").orElse(""));
        if (session == null) {
            throw new ClientException(201, 0, "The server created a session without a usable Location");
        }
        List<Links.Link> links = Links.parse(headers.all("Link"));
        URI control = links.stream()
                .filter(link -> link.hasRelation(kind.dynamicRelation()))
                .findFirst()
                .map(link -> resolve(origin, link.target()))
                .orElse(null);
        return new ClientSession(
                this, origin, session, answer, headers.first("ETag").orElse(null), Links.iceServers(links), control);
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
        return token != null && request.isSameOrigin(OutboundRequest.get(endpoint))
                ? request.with("Authorization", "Bearer " + token)
                : request;
    }

    CompletionStage<HttpResponse> send(OutboundRequest request) {
        return http.send(decorator.apply(request));
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
