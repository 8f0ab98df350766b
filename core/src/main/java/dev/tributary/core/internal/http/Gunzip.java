// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.internal.http;

import dev.tributary.core.http.HttpBody;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.core.http.OutboundException;
import dev.tributary.core.http.OutboundException.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** Takes gzip off a response, and stops where the content outgrows its limit. */
final class Gunzip {
    private Gunzip() {}

    static HttpResponse decode(HttpResponse response, int bytesMax) throws OutboundException {
        Optional<String> coding = response.headers().first("Content-Encoding");
        byte[] packed = response.body() instanceof HttpBody.Bytes bytes ? bytes.bytes() : new byte[0];
        if (coding.isEmpty() || !coding.get().strip().equalsIgnoreCase("gzip") || packed.length == 0) {
            return response;
        }
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            byte[] content = gzip.readNBytes(bytesMax);
            if (gzip.read() >= 0) {
                throw new OutboundException(
                        Reason.TOO_LARGE, "The response unpacks to more than " + bytesMax + " bytes");
            }
            return new HttpResponse(
                    response.status(),
                    response.headers().without("Content-Encoding").without("Content-Length"),
                    new HttpBody.Bytes(content));
        } catch (OutboundException tooLarge) {
            throw tooLarge;
        } catch (IOException broken) {
            throw new OutboundException(Reason.MALFORMED, "The response is not the gzip that it says it is", broken);
        }
    }
}
