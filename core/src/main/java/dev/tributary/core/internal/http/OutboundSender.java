// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.internal.http;

import dev.tributary.core.http.HttpClientLimits;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.core.http.OutboundException;
import dev.tributary.core.http.OutboundException.Reason;
import dev.tributary.core.http.OutboundRequest;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.core5.concurrent.DefaultThreadFactory;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.entity.BasicAsyncEntityProducer;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/** Sends requests through Apache's asynchronous client, within time and size. Thread-safe. */
public final class OutboundSender {
    /** Apart from what completes requests: a stranger's slow name server may hold these, and must not hold those. */
    private static final int LOOK_UP_THREADS = 16;

    private static final int COMPLETION_THREADS = 4;

    private final AddressGuard guard;
    private final CloseableHttpAsyncClient client;
    private final Executor executor;
    private final ExecutorService ownCompletions;
    private final ExecutorService lookUps;
    private final ScheduledThreadPoolExecutor clock;
    private final Semaphore underWay;
    private final Set<Attempt> attempts = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Starts the client. */
    public OutboundSender(
            AddressGuard guard,
            HttpClientLimits limits,
            String userAgent,
            @Nullable SSLContext sslContext,
            @Nullable Executor executor) {
        this.guard = guard;
        this.lookUps = daemons("tributary-http-lookup", LOOK_UP_THREADS, limits.maxRequestsUnderWay());
        this.ownCompletions = daemons("tributary-http-client", COMPLETION_THREADS, limits.maxRequestsUnderWay());
        this.executor = executor == null ? ownCompletions : executor;
        this.underWay = new Semaphore(limits.maxRequestsUnderWay());
        this.clock = new ScheduledThreadPoolExecutor(1, new DefaultThreadFactory("tributary-http-clock", true));
        this.clock.setRemoveOnCancelPolicy(true);
        this.client = ApacheClient.create(guard, limits, userAgent, sslContext);
        this.client.start();
    }

    private static ExecutorService daemons(String name, int threads, int tasksMax) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(tasksMax),
                new DefaultThreadFactory(name, true));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Sends one request; see {@link dev.tributary.core.http.HttpClient#send}. */
    public CompletionStage<HttpResponse> send(OutboundRequest request) {
        if (!request.isHttps() && !guard.allowsPrivateAddresses()) {
            return failed(Reason.REFUSED_URI, "Requests go over https only, and " + request.authority() + " is http");
        }
        if (!underWay.tryAcquire()) {
            return failed(Reason.OVERLOADED, "As many requests are under way as there may be");
        }
        Attempt attempt = new Attempt(request);
        attempts.add(attempt);
        try {
            attempt.start();
        } catch (RejectedExecutionException full) {
            attempt.fail(Reason.OVERLOADED, "The client is closed, or looks up too many hosts", full);
        }
        if (closed) {
            attempt.fail(Reason.OVERLOADED, "The client is closed", null);
        }
        return attempt.result.minimalCompletionStage();
    }

    private static CompletionStage<HttpResponse> failed(Reason reason, String message) {
        return CompletableFuture.failedFuture(new OutboundException(reason, message));
    }

    /** Ends connections and threads. Idempotent. */
    public void close() {
        closed = true;
        attempts.forEach(attempt -> attempt.fail(Reason.CLOSED, "The client was closed", null));
        client.close(CloseMode.IMMEDIATE);
        clock.shutdownNow();
        lookUps.shutdownNow();
        ownCompletions.shutdown();
    }

    /** One request on its way. Completes once; whatever comes later is dropped. */
    private final class Attempt implements FutureCallback<HttpResponse> {
        private final OutboundRequest request;
        private final CompletableFuture<HttpResponse> result = new CompletableFuture<>();
        private final AtomicReference<@Nullable Future<?>> exchange = new AtomicReference<>();
        private final AtomicBoolean done = new AtomicBoolean();
        private volatile @Nullable Future<?> deadline;

        Attempt(OutboundRequest request) {
            this.request = request;
        }

        void start() {
            long nanos = request.timeout().toNanos();
            deadline = clock.schedule(this::expire, nanos, TimeUnit.NANOSECONDS);
            lookUps.execute(this::lookUpAndSend);
        }

        private void expire() {
            fail(
                    Reason.TIMEOUT,
                    "No whole response from " + request.authority() + " within " + request.timeout(),
                    null);
        }

        private void lookUpAndSend() {
            try {
                HttpHost host = host(request);
                guard.lookUp(host.getHostName());
                if (done.get()) {
                    return;
                }
                Future<?> sent = client.execute(
                        producer(host), new BoundedResponse(request.maxResponseBytes()), null, null, this);
                exchange.set(sent);
                // It may have ended in between, with nothing to cancel yet.
                if (done.get()) {
                    sent.cancel(true);
                }
            } catch (UnknownHostException unknown) {
                failed(unknown);
            } catch (RuntimeException shut) {
                fail(Reason.OVERLOADED, "The client is closed", shut);
            }
        }

        private BasicRequestProducer producer(HttpHost host) {
            BasicHttpRequest wire = new BasicHttpRequest(request.method(), host, request.target());
            if (request.headers().first("Host").isEmpty()) {
                wire.addHeader("Host", request.authority());
            }
            request.headers().entries().forEach(field -> wire.addHeader(field.getKey(), field.getValue()));
            if (request.headers().first("Accept-Encoding").isEmpty()) {
                wire.addHeader("Accept-Encoding", "gzip");
            }
            boolean expectsBody = !request.method().equals("GET")
                    && !request.method().equals("HEAD")
                    && !request.method().equals("DELETE")
                    && !request.method().equals("OPTIONS");
            boolean sendsBody = request.body().length > 0 || expectsBody;
            return new BasicRequestProducer(wire, sendsBody ? new BasicAsyncEntityProducer(request.body()) : null);
        }

        @Override
        public void completed(HttpResponse response) {
            finish(() -> {
                try {
                    result.complete(Gunzip.decode(response, request.maxResponseBytes()));
                } catch (OutboundException refused) {
                    result.completeExceptionally(refused);
                }
            });
        }

        @Override
        public void failed(Exception cause) {
            if (cause instanceof OutboundException known) {
                finish(() -> result.completeExceptionally(known));
            } else {
                Reason reason = reasonOf(cause);
                fail(reason, reason + " by " + request.authority() + ": " + cause.getMessage(), cause);
            }
        }

        @Override
        public void cancelled() {
            fail(Reason.CLOSED, "The request was cancelled", null);
        }

        void fail(Reason reason, String message, @Nullable Throwable cause) {
            finish(() -> result.completeExceptionally(new OutboundException(reason, message, cause)));
        }

        /** Completes away from the threads that do I/O and keep time, because callers' code follows. */
        private void finish(Runnable completion) {
            if (!done.compareAndSet(false, true)) {
                return;
            }
            end();
            attempts.remove(this);
            underWay.release();
            try {
                executor.execute(completion);
            } catch (RejectedExecutionException full) {
                completion.run();
            }
        }

        private void end() {
            Future<?> running = exchange.get();
            if (running != null) {
                running.cancel(true);
            }
            Future<?> timer = deadline;
            if (timer != null) {
                timer.cancel(false);
            }
        }
    }

    /** Brackets are syntax of a URI (RFC 3986 section 3.2.2), not of the address. */
    private static HttpHost host(OutboundRequest request) {
        String host = request.uri().getHost();
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        int port = request.uri().getPort();
        int actualPort = port >= 0 ? port : request.isHttps() ? 443 : 80;
        return new HttpHost(request.isHttps() ? "https" : "http", bare, actualPort);
    }

    private static Reason reasonOf(Exception cause) {
        if (cause instanceof AddressGuard.RefusedAddress) {
            return Reason.REFUSED_ADDRESS;
        } else if (cause instanceof UnknownHostException) {
            return Reason.UNKNOWN_HOST;
        } else if (cause instanceof ConnectTimeoutException
                || cause instanceof ConnectException
                || cause instanceof NoRouteToHostException) {
            return Reason.CONNECT_FAILED;
        } else if (cause instanceof SSLException) {
            return Reason.TLS_FAILED;
        } else if (cause instanceof SocketTimeoutException) {
            return Reason.TIMEOUT;
        } else if (cause instanceof ConnectionClosedException) {
            return Reason.CLOSED;
        } else if (cause instanceof HttpException || cause instanceof MessageConstraintException) {
            return Reason.MALFORMED;
        }
        return cause instanceof IOException ? Reason.CLOSED : Reason.OVERLOADED;
    }
}
