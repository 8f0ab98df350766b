// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.internal.http;

import static dev.tributary.core.internal.http.Unawaited.unawaited;

import dev.tributary.core.http.HttpStream;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A streaming response on a Netty channel. Thread-safe; what waits to be sent is counted and bounded. */
final class BoundedStream implements HttpStream {
    private final ChannelHandlerContext context;
    private final int backlogBytesMax;
    private final FailureLog failures;
    private final AtomicLong backlogBytes = new AtomicLong();
    private final List<Runnable> callbacks = new ArrayList<>();
    private Consumer<ChannelFuture> finished = written -> {};
    private boolean ended; // guarded by callbacks

    BoundedStream(ChannelHandlerContext context, int backlogBytesMax, FailureLog failures) {
        this.context = context;
        this.backlogBytesMax = backlogBytesMax;
        this.failures = failures;
    }

    /** Set before the stream is handed out: told on the event loop when the end has been queued for writing. */
    void onFinished(Consumer<ChannelFuture> callback) {
        finished = callback;
    }

    @Override
    public boolean write(byte[] bytes) {
        synchronized (callbacks) {
            if (ended) {
                return false;
            }
        }
        if (bytes.length == 0) {
            return true;
        }
        if (backlogBytes.addAndGet(bytes.length) > backlogBytesMax) {
            unawaited(context.close());
            end();
            return false;
        }
        // Always as a task, so that writes of one thread keep their order whichever thread that is.
        return onLoop(() -> unawaited(context.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(bytes)))
                .addListener(written -> backlogBytes.addAndGet(-bytes.length))));
    }

    @Override
    public void onClose(Runnable callback) {
        synchronized (callbacks) {
            if (!ended) {
                callbacks.add(callback);
                return;
            }
        }
        call(callback);
    }

    @Override
    public void close() {
        if (end()) {
            onLoop(() -> finished.accept(context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT)));
        }
    }

    /** The connection ended. */
    void peerGone() {
        end();
    }

    private boolean end() {
        List<Runnable> due;
        synchronized (callbacks) {
            if (ended) {
                return false;
            }
            ended = true;
            due = List.copyOf(callbacks);
            callbacks.clear();
        }
        due.forEach(this::call);
        return true;
    }

    private void call(Runnable callback) {
        try {
            callback.run();
        } catch (RuntimeException failure) {
            failures.failed("A stream's close callback failed", failure);
        }
    }

    private boolean onLoop(Runnable task) {
        if (context.executor().isShuttingDown()) {
            return false;
        }
        context.executor().execute(task);
        return true;
    }
}
