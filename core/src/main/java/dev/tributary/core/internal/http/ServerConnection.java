// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.internal.http;

import static dev.tributary.core.internal.http.Unawaited.unawaited;

import dev.tributary.core.http.HttpBody;
import dev.tributary.core.http.HttpHandler;
import dev.tributary.core.http.HttpLimits;
import dev.tributary.core.http.HttpRequest;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.core.http.Problem;
import dev.tributary.core.internal.http.RequestAssembly.Refusal;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection: requests are handled one after the other, in the order in which they came.
 *
 * <pre>
 * IDLE -- head --> READING -- last part --> HANDLING -- response --> WRITING -- written --> IDLE
 *                     |                                                 |
 *                  refusal ------------------------------------> CLOSING (reads on, and drops it)
 * </pre>
 *
 * One deadline is armed at a time; each state arms its own. Owned by the channel's event loop.
 */
final class ServerConnection extends ChannelInboundHandlerAdapter {
    private enum State {
        IDLE,
        READING,
        HANDLING,
        WRITING,
        CLOSING
    }

    private final HttpHandler handler;
    private final HttpLimits limits;
    private final Executor executor;
    private final FailureLog failures;
    private final Queue<HttpObject> pipelined = new ArrayDeque<>();
    private State state = State.IDLE;
    private boolean requestClockRuns;
    private @Nullable RequestAssembly assembly;
    private @Nullable BoundedStream stream;
    private @Nullable Future<?> deadline;

    ServerConnection(HttpHandler handler, HttpLimits limits, Executor executor, FailureLog failures) {
        this.handler = handler;
        this.limits = limits;
        this.executor = executor;
        this.failures = failures;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        arm(context, limits.idleTimeout(), () -> unawaited(context.close()));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == StrictRequestDecoder.BYTES_ARRIVED && state == State.IDLE && !requestClockRuns) {
            requestClockRuns = true;
            arm(
                    context,
                    limits.requestTimeout(),
                    () -> refuse(context, new Refusal(408, "The request took too long.")));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (state == State.CLOSING || !(message instanceof HttpObject part)) {
            ReferenceCountUtil.release(message);
        } else if (state == State.IDLE || state == State.READING) {
            take(context, part);
        } else {
            // Reading goes on while a request is handled, because that is how we learn that its peer left.
            pipelined.add(part);
            if (pipelined.size() >= limits.maxPipelinedParts()) {
                context.channel().config().setAutoRead(false);
            }
        }
    }

    private void take(ChannelHandlerContext context, HttpObject part) {
        try {
            if (part.decoderResult().isFailure()) {
                refuse(context, RequestAssembly.refusalOf(part.decoderResult()));
                return;
            }
            if (part instanceof io.netty.handler.codec.http.HttpRequest head) {
                begin(context, new RequestAssembly(head, limits));
            }
            if (part instanceof HttpContent content && assembly != null && state == State.READING) {
                continueWith(context, assembly, content);
            }
        } finally {
            ReferenceCountUtil.release(part);
        }
    }

    private void begin(ChannelHandlerContext context, RequestAssembly begun) {
        assembly = begun;
        state = State.READING;
        Refusal refusal = begun.check();
        if (refusal != null) {
            refuse(context, refusal);
            return;
        }
        if (begun.expectsContinue()) {
            unawaited(context.writeAndFlush(WireResponse.full(HttpResponse.of(100), true, false)));
        }
    }

    private void continueWith(ChannelHandlerContext context, RequestAssembly begun, HttpContent content) {
        Refusal refusal = begun.append(content);
        if (refusal != null) {
            refuse(context, refusal);
        } else if (content instanceof LastHttpContent) {
            dispatch(context, begun);
        }
    }

    private void dispatch(ChannelHandlerContext context, RequestAssembly complete) {
        state = State.HANDLING;
        requestClockRuns = false;
        if (complete.isServerWide()) {
            respond(context, complete, HttpResponse.of(204));
            return;
        }
        arm(context, limits.responseTimeout(), () -> {
            respond(
                    context,
                    complete,
                    Problem.response(503, "No answer was ready in time.").with("Retry-After", "5"));
        });
        HttpRequest request =
                complete.request((InetSocketAddress) context.channel().remoteAddress());
        try {
            executor.execute(() -> callHandler(context, complete, request));
        } catch (RuntimeException full) {
            failures.failed("The handlers' executor takes no more", full);
            respond(
                    context,
                    complete,
                    Problem.response(503, "The server is busy.").with("Retry-After", "5"));
        }
    }

    private void callHandler(ChannelHandlerContext context, RequestAssembly complete, HttpRequest request) {
        try {
            CompletionStage<HttpResponse> stage = handler.handle(request);
            unawaited(stage.whenComplete((response, failure) -> onLoop(context, () -> {
                        // Null although the types say no: handlers are other people's code.
                        if (response == null) {
                            respondFailure(context, complete, request, failure);
                        } else {
                            respond(context, complete, response);
                        }
                    }))
                    .toCompletableFuture());
        } catch (RuntimeException | Error failure) {
            onLoop(context, () -> respondFailure(context, complete, request, failure));
        }
    }

    private void respondFailure(
            ChannelHandlerContext context, RequestAssembly complete, HttpRequest request, @Nullable Throwable failure) {
        Throwable cause = failure == null ? new NullPointerException("The handler gave no response") : failure;
        failures.failed("A handler failed on " + request.method(), cause);
        respond(context, complete, Problem.response(500, "The server failed to handle this request."));
    }

    private void respond(ChannelHandlerContext context, RequestAssembly complete, HttpResponse response) {
        // An answer that comes after its deadline, or after its connection moved on, is nobody's.
        if (state != State.HANDLING || assembly != complete) {
            return;
        }
        state = State.WRITING;
        boolean keepAlive = complete.keepAlive()
                && response.headers().all("Connection").stream().noneMatch("close"::equalsIgnoreCase);
        boolean streams = response.body() instanceof HttpBody.Stream
                && !complete.isHead()
                && !WireResponse.isBodiless(response.status());
        arm(context, limits.responseTimeout(), () -> unawaited(context.close()));
        try {
            if (response.status() < 200 || response.status() > 999) {
                throw new IllegalArgumentException("Not a final status: " + response.status());
            }
            if (streams) {
                openStream(context, complete, response, keepAlive);
            } else {
                finishAfter(
                        context,
                        context.writeAndFlush(WireResponse.full(response, keepAlive, complete.isHead())),
                        keepAlive);
            }
        } catch (RuntimeException invalid) {
            failures.failed("A handler's response cannot be written", invalid);
            var sorry = Problem.response(500, "The server failed to handle this request.");
            finishAfter(context, context.writeAndFlush(WireResponse.full(sorry, false, complete.isHead())), false);
        }
    }

    private void openStream(
            ChannelHandlerContext context, RequestAssembly complete, HttpResponse response, boolean keepAlive) {
        boolean chunked = complete.isHttp11();
        unawaited(context.writeAndFlush(WireResponse.head(response, keepAlive && chunked, chunked)));
        arm(context, null, () -> unawaited(context.close()));
        BoundedStream opened = new BoundedStream(context, limits.maxStreamBacklogBytes(), failures);
        stream = opened;
        opened.onFinished(written -> finishAfter(context, written, keepAlive && chunked));
        HttpBody.Stream body = (HttpBody.Stream) response.body();
        try {
            executor.execute(() -> {
                try {
                    body.open().accept(opened);
                } catch (RuntimeException | Error failure) {
                    failures.failed("A stream could not be opened", failure);
                    unawaited(context.close());
                }
            });
        } catch (RuntimeException full) {
            failures.failed("The handlers' executor takes no more", full);
            unawaited(context.close());
        }
    }

    private void finishAfter(ChannelHandlerContext context, ChannelFuture written, boolean keepAlive) {
        unawaited(written.addListener(done -> {
            stream = null;
            if (!done.isSuccess()) {
                unawaited(context.close());
            } else if (keepAlive) {
                next(context);
            } else {
                lastWords(context);
            }
        }));
    }

    private void next(ChannelHandlerContext context) {
        state = State.IDLE;
        assembly = null;
        arm(context, limits.idleTimeout(), () -> unawaited(context.close()));
        while ((state == State.IDLE || state == State.READING) && !pipelined.isEmpty()) {
            userEventTriggered(context, StrictRequestDecoder.BYTES_ARRIVED);
            take(context, pipelined.remove());
        }
        if (pipelined.size() < limits.maxPipelinedParts()) {
            context.channel().config().setAutoRead(true);
        }
    }

    private void refuse(ChannelHandlerContext context, Refusal refusal) {
        // Where the next request begins is not known any more, so there will be none.
        state = State.CLOSING;
        boolean head = assembly != null && assembly.isHead();
        arm(context, limits.responseTimeout(), () -> unawaited(context.close()));
        var response = WireResponse.full(Problem.response(refusal.status(), refusal.detail()), false, head);
        unawaited(context.writeAndFlush(response).addListener(written -> lastWords(context)));
    }

    private void lastWords(ChannelHandlerContext context) {
        state = State.CLOSING;
        dropPipelined();
        arm(context, null, () -> unawaited(context.close()));
        LastWords.close(context, limits.lingerTimeout());
    }

    private void arm(ChannelHandlerContext context, @Nullable Duration after, Runnable expired) {
        if (deadline != null) {
            deadline.cancel(false);
        }
        deadline = after == null ? null : context.executor().schedule(expired, after.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void onLoop(ChannelHandlerContext context, Runnable task) {
        if (context.executor().inEventLoop()) {
            task.run();
        } else if (!context.executor().isShuttingDown()) {
            context.executor().execute(task);
        }
    }

    private void dropPipelined() {
        pipelined.forEach(ReferenceCountUtil::release);
        pipelined.clear();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        state = State.CLOSING;
        dropPipelined();
        arm(context, null, () -> unawaited(context.close()));
        if (stream != null) {
            stream.peerGone();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof java.io.IOException)) {
            failures.failed("A connection failed", cause);
        }
        unawaited(context.close());
    }
}
