// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.internal.http;

import static dev.tributary.core.internal.http.Unawaited.unawaited;

import dev.tributary.core.http.HttpLimits;
import dev.tributary.core.http.Problem;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/** A connection beyond the limit: it is told so, and read by nobody. */
final class RefusedConnection extends ChannelInboundHandlerAdapter {
    private final HttpLimits limits;

    RefusedConnection(HttpLimits limits) {
        this.limits = limits;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        var response =
                Problem.response(503, "Too many connections; try again later.").with("Retry-After", "5");
        unawaited(context.writeAndFlush(WireResponse.full(response, false, false))
                .addListener(written -> LastWords.close(context, limits.lingerTimeout())));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        unawaited(context.close());
    }
}
