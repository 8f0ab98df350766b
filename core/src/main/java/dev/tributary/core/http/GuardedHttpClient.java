// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.http;

import dev.tributary.core.internal.http.AddressGuard;
import dev.tributary.core.internal.http.OutboundSender;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP/1.1 client for URIs that strangers chose, as all of federation's are (server-side request forgery, CWE-918):
 *
 * <ul>
 *   <li>it connects to public addresses only, and checks the address it connects to, not one it looked up before: an
 *       answer that changes (DNS rebinding) gains nothing. One private address among a host's is enough to refuse it;
 *   <li>it speaks https only, and trusts what the JDK trusts;
 *   <li>a response is bounded in time (from the first step to the last byte) and size (before and after gunzip);
 *   <li>it follows no redirect by itself; {@link #followRedirects} checks every hop like a first request;
 *   <li>it keeps no cookies, answers no authentication challenges, and reads no proxy from the environment.
 * </ul>
 *
 * <p>Thread-safe. {@link #close} ends its connections and threads and fails what is under way; it is idempotent.
 */
public final class GuardedHttpClient implements HttpClient, AutoCloseable {
    private final OutboundSender sender;

    private GuardedHttpClient(OutboundSender sender) {
        this.sender = sender;
    }

    /** A client with defaults that are safe on the internet. */
    public static GuardedHttpClient create() {
        return builder().build();
    }

    /** A client of one's own making. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public CompletionStage<HttpResponse> send(OutboundRequest request) {
        return sender.send(request);
    }

    @Override
    public void close() {
        sender.close();
    }

    /** What a client is made of. Not thread-safe. */
    public static final class Builder {
        private boolean privateAddresses;
        private HttpClientLimits limits = HttpClientLimits.DEFAULTS;
        private HostResolver resolver = HostResolver.SYSTEM;
        private String userAgent = "Tributary";
        private @Nullable SSLContext sslContext;
        private @Nullable Executor executor;

        private Builder() {}

        /**
         * Lets the client talk to private addresses, loopback among them, and in plain http: for tests, demos and closed
         * networks. On the internet this lets strangers send requests into the server's own network.
         */
        public Builder allowPrivateAddresses(boolean allow) {
            privateAddresses = allow;
            return this;
        }

        /** Bounds what the client spends. */
        public Builder limits(HttpClientLimits clientLimits) {
            limits = clientLimits;
            return this;
        }

        /** Looks hosts up in another way; the answers are checked all the same. */
        public Builder resolver(HostResolver hostResolver) {
            resolver = hostResolver;
            return this;
        }

        /** The {@code User-Agent} of requests that name none, for example {@code example.tv (Tributary 0.1)}. */
        public Builder userAgent(String name) {
            userAgent = name;
            return this;
        }

        /** Trusts what this context trusts, instead of what the JDK trusts. */
        public Builder sslContext(SSLContext context) {
            sslContext = context;
            return this;
        }

        /**
         * Where stages complete. The default is a small pool of daemon threads of the client.
         */
        public Builder executor(Executor clientExecutor) {
            executor = clientExecutor;
            return this;
        }

        /** Starts the client. */
        public GuardedHttpClient build() {
            AddressGuard guard = new AddressGuard(resolver, privateAddresses);
            return new GuardedHttpClient(new OutboundSender(guard, limits, userAgent, sslContext, executor));
        }
    }
}
