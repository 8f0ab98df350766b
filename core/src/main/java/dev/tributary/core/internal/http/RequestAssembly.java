// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.internal.http;

import dev.tributary.core.http.HttpHeaders;
import dev.tributary.core.http.HttpLimits;
import dev.tributary.core.http.HttpRequest;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One request while its parts arrive: checks its head (RFC 9112), bounds its body. Not thread-safe. */
final class RequestAssembly {
    private final HttpLimits limits;
    private final io.netty.handler.codec.http.HttpRequest head;
    private HttpHeaders headers = HttpHeaders.EMPTY;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);

    /** Why a request is not handled. */
    record Refusal(int status, String detail) {}

    RequestAssembly(io.netty.handler.codec.http.HttpRequest head, HttpLimits limits) {
        this.head = head;
        this.limits = limits;
    }

    /** Why a message could not be decoded, as far as its sender needs to know. */
    static Refusal refusalOf(DecoderResult result) {
        if (result.cause() instanceof TooLongHttpLineException) {
            return new Refusal(414, "The request line is too long.");
        }
        if (result.cause() instanceof TooLongHttpHeaderException) {
            return new Refusal(431, "The header fields are too large.");
        }
        return new Refusal(400, "This is not a well-formed HTTP/1.1 request.");
    }

    /** What is wrong with the head; null when nothing is. */
    @Nullable
    Refusal check() {
        if (!head.protocolVersion().equals(HttpVersion.HTTP_1_1)
                && !head.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            return new Refusal(505, "This server speaks HTTP/1.1 and HTTP/1.0.");
        }
        if (head.headers().size() > limits.maxHeaderFields()) {
            return new Refusal(431, "More than " + limits.maxHeaderFields() + " header fields.");
        }
        // RFC 9112 section 3.2: exactly one Host field, and none is an error in HTTP/1.1.
        int hosts = head.headers().getAll(HttpHeaderNames.HOST).size();
        if (hosts > 1 || hosts == 0 && isHttp11()) {
            return new Refusal(400, "A request has one Host field.");
        }
        if (originForm().isEmpty()) {
            return new Refusal(400, "The request target is not a path.");
        }
        try {
            headers = HttpHeaders.copyOf(head.headers().entries());
        } catch (IllegalArgumentException invalid) {
            return new Refusal(400, "A header field is not well-formed.");
        }
        return checkFraming();
    }

    private @Nullable Refusal checkFraming() {
        List<String> codings = head.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        // RFC 9112 section 6.1 and 6.3: codings that we do not know could hide where the body ends.
        if (!codings.isEmpty() && (codings.size() > 1 || !codings.get(0).equalsIgnoreCase("chunked") || !isHttp11())) {
            return new Refusal(400, "The only transfer coding understood here is chunked.");
        }
        // Compared as text and by length first: no number that a peer writes is trusted to fit an integer.
        String length = head.headers().get(HttpHeaderNames.CONTENT_LENGTH, "0");
        if (!length.chars().allMatch(c -> c >= '0' && c <= '9') || length.isEmpty()) {
            return new Refusal(400, "Content-Length is not a number.");
        }
        if (length.length() > 18 || Long.parseLong(length) > limits.maxBodyBytes()) {
            return tooLarge();
        }
        return null;
    }

    private Refusal tooLarge() {
        return new Refusal(413, "The body is larger than " + limits.maxBodyBytes() + " bytes.");
    }

    /** Takes a part of the body, which stays the caller's; says why it is refused, or null. */
    @Nullable
    Refusal append(HttpContent part) {
        int size = part.content().readableBytes();
        if (size > limits.maxBodyBytes() - body.size()) {
            return tooLarge();
        }
        try {
            part.content().readBytes(body, size);
        } catch (IOException impossible) {
            throw new UncheckedIOException("A byte array takes bytes", impossible);
        }
        return null;
    }

    boolean expectsContinue() {
        return HttpUtil.is100ContinueExpected(head);
    }

    boolean isHttp11() {
        return head.protocolVersion().equals(HttpVersion.HTTP_1_1);
    }

    /** Whether the connection can carry another request; of HTTP/1.0 it never does, which is always allowed. */
    boolean keepAlive() {
        return isHttp11() && HttpUtil.isKeepAlive(head);
    }

    boolean isHead() {
        return head.method().name().equals("HEAD");
    }

    /** {@code OPTIONS *}: a question about the server, not about a resource. */
    boolean isServerWide() {
        return head.uri().equals("*");
    }

    /** The path and query of the target: of {@code http://host/path} too (RFC 9112 section 3.2.2); empty if none. */
    private String originForm() {
        String uri = head.uri();
        if (uri.equals("*")) {
            return head.method().name().equals("OPTIONS") ? uri : "";
        }
        if (!uri.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '#')) {
            return "";
        }
        if (uri.startsWith("/")) {
            return uri;
        }
        int authority = uri.regionMatches(true, 0, "http://", 0, 7)
                ? 7
                : uri.regionMatches(true, 0, "https://", 0, 8) ? 8 : uri.length();
        int path = uri.indexOf('/', authority);
        return path < 0 ? "" : uri.substring(path);
    }

    /** The request, once {@link #check} found nothing and the last part was appended. */
    HttpRequest request(InetSocketAddress remote) {
        String target = originForm();
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        String query = question < 0 ? "" : target.substring(question + 1);
        return new HttpRequest(head.method().name(), path, query, headers, body.toByteArray(), remote);
    }
}
