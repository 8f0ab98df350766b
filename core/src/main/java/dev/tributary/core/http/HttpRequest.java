// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.http;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One HTTP request, its body complete and within the adapter's limit.
 *
 * @param method in upper case, for example {@code POST}
 * @param path the raw (percent-encoded) path as the peer wrote it, that begins with a slash, without the query; mounts
 *     do not shorten it, because signatures cover it and {@code Location} fields are made from it
 * @param query the raw query without the question mark; empty when there is none
 * @param headers the header fields
 * @param body the body, owned by the receiver
 * @param remote the address of the other end of the connection
 */
public record HttpRequest(
        String method, String path, String query, HttpHeaders headers, byte[] body, InetSocketAddress remote) {
    /** The first value of a header field, case-insensitively. */
    public Optional<String> header(String name) {
        return headers.first(name);
    }

    /** The body as UTF-8 text. */
    public String bodyText() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The path and, when there is one, the query: what stood in the request line. */
    public String target() {
        return query.isEmpty() ? path : path + "?" + query;
    }

    /** The same request for another path, for a handler that passes it on to another. */
    public HttpRequest withPath(String newPath) {
        return new HttpRequest(method, newPath, query, headers, body, remote);
    }
}
