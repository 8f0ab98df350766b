// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.http;

import java.nio.charset.StandardCharsets;

/**
 * One HTTP response.
 *
 * @param status the status code
 * @param headers the header fields; the adapter adds {@code Content-Length}
 * @param body what is sent: bytes at once, or a stream that lives on
 */
public record HttpResponse(int status, HttpHeaders headers, HttpBody body) {
    /** A response without a body. */
    public static HttpResponse of(int status) {
        return new HttpResponse(status, HttpHeaders.EMPTY, HttpBody.EMPTY);
    }

    /** A response with bytes of a media type. */
    public static HttpResponse of(int status, String contentType, byte[] body) {
        return new HttpResponse(status, HttpHeaders.of("Content-Type", contentType), new HttpBody.Bytes(body));
    }

    /** A response with UTF-8 text of a media type. */
    public static HttpResponse of(int status, String contentType, String body) {
        return of(status, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    /** The same response with one more header field. */
    public HttpResponse with(String name, String value) {
        return new HttpResponse(status, headers.with(name, value), body);
    }
}
