// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.internal.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;

/** Netty's request decoder without the leniency that request smuggling lives on. */
final class StrictRequestDecoder extends HttpRequestDecoder {
    /** Told down the pipeline before bytes are decoded: a request begins with its first byte, not with its head. */
    static final Object BYTES_ARRIVED = new Object();

    StrictRequestDecoder(HttpDecoderConfig config) {
        super(config);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) throws Exception {
        context.fireUserEventTriggered(BYTES_ARRIVED);
        super.channelRead(context, bytes);
    }

    /** RFC 9112 section 6.1: a server may reject a message with both framings; one that guesses can be smuggled past. */
    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException("Both Transfer-Encoding and Content-Length");
    }
}
