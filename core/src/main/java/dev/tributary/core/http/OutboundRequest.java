// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/**
 * One request to another server. What stands in the header fields is sent as it stands, so that signatures stay true;
 * the client itself adds only {@code Host} (unless given; it is {@link #authority}), {@code Content-Length},
 * {@code Connection}, {@code User-Agent} and {@code Accept-Encoding} (unless given).
 *
 * @param method in upper case, for example {@code POST}
 * @param uri absolute, http or https, without user info; a fragment is not sent
 * @param headers the header fields, without the ones that frame a message
 * @param body the body, owned by the client; empty for none
 * @param timeout from sending to the last byte of the response, connecting included
 * @param maxResponseBytes the largest response body, compressed and not
 */
public record OutboundRequest(
        String method, URI uri, HttpHeaders headers, byte[] body, Duration timeout, int maxResponseBytes) {
    /** The time a request has unless it says otherwise: 10 seconds. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    /** The largest response body of a request that does not say otherwise: 1 MiB. */
    public static final int DEFAULT_MAX_RESPONSE_BYTES = 1 << 20;

    private static final Set<String> FRAMING = Set.of(
            "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade", "expect");

    /** Checks what can be checked without sending. */
    public OutboundRequest {
        String scheme = uri.getScheme();
        if (scheme == null
                || !scheme.equalsIgnoreCase("http") && !scheme.equalsIgnoreCase("https")
                || uri.getHost() == null
                || uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("A request goes to an absolute http or https URI with a host and without"
                    + " user info, got one with scheme " + scheme + " and host " + uri.getHost());
        }
        if (method.isEmpty() || !method.chars().allMatch(c -> c >= 'A' && c <= 'Z' || c == '-')) {
            throw new IllegalArgumentException("A method is upper-case letters, for example POST");
        }
        for (var field : headers.entries()) {
            if (FRAMING.contains(field.getKey().toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException(field.getKey() + " is set by the client; leave it out");
            }
        }
        if (timeout.isNegative() || timeout.isZero() || maxResponseBytes < 0) {
            throw new IllegalArgumentException("Timeout must be positive and maxResponseBytes not negative, got "
                    + timeout + ", " + maxResponseBytes);
        }
    }

    /** A request without a body, with default limits. */
    public static OutboundRequest of(String method, URI uri) {
        return new OutboundRequest(
                method, uri, HttpHeaders.EMPTY, new byte[0], DEFAULT_TIMEOUT, DEFAULT_MAX_RESPONSE_BYTES);
    }

    /** A GET with default limits. */
    public static OutboundRequest get(URI uri) {
        return of("GET", uri);
    }

    /** A POST with default limits. */
    public static OutboundRequest post(URI uri, String contentType, byte[] body) {
        return of("POST", uri).withBody(contentType, body);
    }

    /** A POST of UTF-8 text with default limits. */
    public static OutboundRequest post(URI uri, String contentType, String body) {
        return post(uri, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    /** The same request with one more header field. */
    public OutboundRequest with(String name, String value) {
        return withHeaders(headers.with(name, value));
    }

    /** The same request with other header fields. */
    public OutboundRequest withHeaders(HttpHeaders newHeaders) {
        return new OutboundRequest(method, uri, newHeaders, body, timeout, maxResponseBytes);
    }

    /** The same request with a body of a media type. */
    public OutboundRequest withBody(String contentType, byte[] newBody) {
        return new OutboundRequest(
                method, uri, headers.replace("Content-Type", contentType), newBody, timeout, maxResponseBytes);
    }

    /** The same request with another method and without a body and what describes it. */
    public OutboundRequest withoutBody(String newMethod) {
        HttpHeaders kept = headers.without("Content-Type")
                .without("Content-Encoding")
                .without("Content-Digest")
                .without("Digest");
        return new OutboundRequest(newMethod, uri, kept, new byte[0], timeout, maxResponseBytes);
    }

    /** The same request to another URI. */
    public OutboundRequest withUri(URI newUri) {
        return new OutboundRequest(method, newUri, headers, body, timeout, maxResponseBytes);
    }

    /** The same request with other limits. */
    public OutboundRequest withLimits(Duration newTimeout, int newMaxResponseBytes) {
        return new OutboundRequest(method, uri, headers, body, newTimeout, newMaxResponseBytes);
    }

    /**
     * The value of the {@code Host} field that is sent: the host in lower case, and the port unless it is the scheme's
     * own. Signers sign this.
     */
    public String authority() {
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        boolean defaultPort = uri.getPort() < 0 || uri.getPort() == (isHttps() ? 443 : 80);
        return defaultPort ? host : host + ":" + uri.getPort();
    }

    /** The request target that is sent: the raw path, at least a slash, and the query. Signers sign this. */
    public String target() {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }

    /** Whether the request goes over TLS. */
    public boolean isHttps() {
        return uri.getScheme().equalsIgnoreCase("https");
    }

    /** Whether a URI is of this request's scheme, host and port. */
    public boolean isSameOrigin(OutboundRequest other) {
        return isHttps() == other.isHttps() && authority().equals(other.authority());
    }
}
