// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.internal.http;

import static dev.tributary.core.internal.http.Unawaited.unawaited;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection so that its last answer arrives (RFC 9112 section 9.6): our half first, then the rest when the
 * peer has closed too or its time is over. A full close would answer what the peer still sends with a reset, and a
 * reset makes it throw our answer away.
 */
final class LastWords {
    private LastWords() {}

    static void close(ChannelHandlerContext context, Duration linger) {
        context.channel().config().setAutoRead(true);
        unawaited(((DuplexChannel) context.channel()).shutdownOutput().addListener(shut -> {
            if (!shut.isSuccess()) {
                unawaited(context.close());
            }
        }));
        var last =
                context.executor().schedule(() -> unawaited(context.close()), linger.toMillis(), TimeUnit.MILLISECONDS);
        unawaited(context.channel().closeFuture().addListener(closed -> last.cancel(false)));
    }
}
