// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.internal.http;

import dev.tributary.core.http.HttpBody;
import dev.tributary.core.http.HttpHeaders;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.core.http.OutboundException;
import dev.tributary.core.http.OutboundException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** Collects one response and breaks off where it outgrows its limit. Owned by the connection's thread. */
final class BoundedResponse implements AsyncResponseConsumer<HttpResponse> {
    private final int bytesMax;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private HttpResponse head = HttpResponse.of(0);
    private @Nullable FutureCallback<HttpResponse> callback;

    BoundedResponse(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    @Override
    public void consumeResponse(
            org.apache.hc.core5.http.HttpResponse response,
            @Nullable EntityDetails entity,
            HttpContext context,
            FutureCallback<HttpResponse> resultCallback)
            throws ProtocolException, IOException {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        for (Header field : response.getHeaders()) {
            fields.add(Map.entry(field.getName(), field.getValue() == null ? "" : field.getValue()));
        }
        try {
            head = new HttpResponse(response.getCode(), HttpHeaders.copyOf(fields), HttpBody.EMPTY);
        } catch (IllegalArgumentException invalid) {
            throw new ProtocolException("A header field is not well-formed", invalid);
        }
        if (entity == null) {
            resultCallback.completed(head);
        } else if (entity.getContentLength() > bytesMax) {
            throw tooLarge();
        } else {
            callback = resultCallback;
        }
    }

    private OutboundException tooLarge() {
        return new OutboundException(Reason.TOO_LARGE, "The response is larger than " + bytesMax + " bytes");
    }

    @Override
    public void updateCapacity(CapacityChannel capacityChannel) throws IOException {
        capacityChannel.update(Integer.MAX_VALUE);
    }

    @Override
    public void consume(ByteBuffer source) throws IOException {
        if (source.remaining() > bytesMax - body.size()) {
            throw tooLarge();
        }
        byte[] part = new byte[source.remaining()];
        source.get(part);
        body.write(part);
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) {
        if (callback != null) {
            callback.completed(new HttpResponse(head.status(), head.headers(), new HttpBody.Bytes(body.toByteArray())));
        }
    }

    @Override
    public void informationResponse(org.apache.hc.core5.http.HttpResponse response, HttpContext context) {
        // RFC 9110 section 15.2: 1xx responses may come, and may be ignored.
    }

    @Override
    public void failed(Exception cause) {
        // The client hands the same failure to the request's own callback.
    }

    @Override
    public void releaseResources() {
        body.reset();
    }
}
