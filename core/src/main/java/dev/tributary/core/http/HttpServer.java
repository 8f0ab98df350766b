// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.http;

import dev.tributary.core.internal.http.ServerSockets;
import java.util.concurrent.Executor;

/**
 * The embedded HTTP/1.1 server: handlers under prefixes, bounded in everything a peer can make it keep (see
 * {@link HttpLimits}), and quiet about its insides: whatever goes wrong is answered with problem details.
 *
 * <pre>{@code
 * try (HttpServer server = HttpServer.bind(8080).mount("/live", live).mount("/", fediverse).start()) { … }
 * }</pre>
 *
 * <p>Speaks plain HTTP: put it behind the proxy that holds the certificate. Thread-safe. {@link #close} ends the
 * listening socket, every connection and the server's threads; it is idempotent.
 */
public final class HttpServer implements AutoCloseable {
    private final ServerSockets sockets;

    private HttpServer(ServerSockets sockets) {
        this.sockets = sockets;
    }

    /**
     * Prepares a server.
     *
     * @param port the TCP port; 0 takes a free one, which {@link #port} tells after the start
     */
    public static Builder bind(int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("A port is 0 to 65535, got " + port);
        }
        return new Builder(port);
    }

    /** The port on which the server listens. */
    public int port() {
        return sockets.address().getPort();
    }

    /** How many connections are open now. */
    public int connections() {
        return sockets.connections();
    }

    @Override
    public void close() {
        sockets.close();
    }

    /** What a server is made of. Not thread-safe. */
    public static final class Builder {
        private final int port;
        private String host = "";
        private Mounts mounts = Mounts.NONE;
        private HttpLimits limits = HttpLimits.DEFAULTS;
        private Executor executor = Runnable::run;

        private Builder(int port) {
            this.port = port;
        }

        /** Listens on one address of this machine only, for example {@code 127.0.0.1}; the default is all. */
        public Builder host(String hostOrAddress) {
            host = hostOrAddress;
            return this;
        }

        /** Puts a handler under a prefix, see {@link Mounts}. */
        public Builder mount(String prefix, HttpHandler handler) {
            mounts = mounts.mount(prefix, handler);
            return this;
        }

        /** Bounds what peers may take. */
        public Builder limits(HttpLimits serverLimits) {
            limits = serverLimits;
            return this;
        }

        /**
         * Where handlers run. The default is the thread that read the request, which is right for handlers that never
         * block; give an executor when one of them may.
         */
        public Builder executor(Executor handlerExecutor) {
            executor = handlerExecutor;
            return this;
        }

        /**
         * Opens the port.
         *
         * @throws java.io.UncheckedIOException if the port is in use, may not be opened, or the host is not one of this
         *     machine; the message says which
         */
        public HttpServer start() {
            return new HttpServer(ServerSockets.open(host, port, mounts, limits, executor));
        }
    }
}
