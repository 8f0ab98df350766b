// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.internal.http;

import dev.tributary.core.http.HttpBody;
import dev.tributary.core.http.HttpResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Responses in Netty's form. Framing is the server's: what a handler says about it is left out. */
final class WireResponse {
    private static final Set<String> FRAMING =
            Set.of("content-length", "transfer-encoding", "connection", "keep-alive", "date");

    /** RFC 9110 section 5.6.7: IMF-fixdate, whose day has two digits. */
    private static final DateTimeFormatter IMF_FIXDATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private WireResponse() {}

    /** A response that is complete. */
    static FullHttpResponse full(HttpResponse response, boolean keepAlive, boolean head) {
        byte[] bytes = response.body() instanceof HttpBody.Bytes complete ? complete.bytes() : new byte[0];
        boolean bodiless = isBodiless(response.status());
        ByteBuf content = head || bodiless ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(bytes);
        FullHttpResponse wire = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()), content);
        copyFields(response, wire.headers(), keepAlive);
        if (!bodiless) {
            wire.headers().set(HttpHeaderNames.CONTENT_LENGTH, bytes.length);
        }
        return wire;
    }

    /** The head of a response that streams. */
    static io.netty.handler.codec.http.HttpResponse head(HttpResponse response, boolean keepAlive, boolean chunked) {
        var wire = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()));
        copyFields(response, wire.headers(), keepAlive);
        if (chunked) {
            wire.headers().set(HttpHeaderNames.TRANSFER_ENCODING, "chunked");
        }
        return wire;
    }

    /** RFC 9110 section 6.4.1: these have no content, whatever the handler gave. */
    static boolean isBodiless(int status) {
        return status < 200 || status == 204 || status == 304;
    }

    private static void copyFields(HttpResponse response, HttpHeaders wire, boolean keepAlive) {
        for (Map.Entry<String, String> field : response.headers().entries()) {
            if (!FRAMING.contains(field.getKey().toLowerCase(Locale.ROOT))) {
                wire.add(field.getKey(), field.getValue());
            }
        }
        wire.set(HttpHeaderNames.DATE, IMF_FIXDATE.format(Instant.now()));
        if (!keepAlive) {
            wire.set(HttpHeaderNames.CONNECTION, "close");
        }
    }
}
