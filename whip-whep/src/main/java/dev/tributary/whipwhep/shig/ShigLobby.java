// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.shig;

import dev.tributary.core.http.HttpHandler;
import dev.tributary.core.http.HttpRequest;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.whipwhep.WhipWhepLimits;
import dev.tributary.whipwhep.internal.shig.ShigServer;
import dev.tributary.whipwhep.internal.shig.ShigSettings;
import dev.tributary.whipwhep.spi.Access;
import dev.tributary.whipwhep.spi.Grant;
import dev.tributary.whipwhep.spi.MediaEngine;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BinaryOperator;

/**
 * The server that Shig's web component expects, in its dialects of February 2024 and of version 1.0. Whoever comes by it is
 * on the same stage as everybody else: the same rooms, rights and tracks.
 *
 * <pre>{@code
 * var shig = ShigLobby.builder(sfu.sessions()).access(tokens::verify).prefix("/shig").build();
 * HttpServer.bind(8080).mount("/live", live).mount("/shig", shig).start();
 * // <shig-lobby api-prefix="/shig" space="alice@tv.example" stream="stage" token="Bearer …">
 * }</pre>
 *
 * <p>The token that the component was given reaches {@link Access} without its scheme. The component and this handler have
 * to be of one origin, as Shig asks. What a page of PeerTube serves besides ({@code /api/v1/videos/live/…}) is not here.
 *
 * <p>Thread-safe.
 */
public final class ShigLobby implements HttpHandler, AutoCloseable {
    private static final long TICK_MILLIS = 500;

    private final ShigServer server;
    private final ScheduledExecutorService clock;
    private final Future<?> ticking;

    private ShigLobby(ShigSettings settings) {
        server = new ShigServer(settings);
        clock = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "tributary-shig-clock");
            thread.setDaemon(true);
            return thread;
        });
        ticking = clock.scheduleWithFixedDelay(server::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** A lobby on top of an engine. Until {@link Builder#access} is told, nobody gets in. */
    public static Builder builder(MediaEngine engine) {
        return new Builder(engine);
    }

    @Override
    public CompletionStage<HttpResponse> handle(HttpRequest request) {
        return server.handle(request);
    }

    /** How many people are here by this handler. */
    public int members() {
        return server.count();
    }

    /** Ends the sessions of everybody who came by this handler. Idempotent. */
    @Override
    public void close() {
        ticking.cancel(false);
        clock.shutdown();
        server.close();
    }

    /** Finds what is shown of a stream. Thread-safe; must not block. */
    @FunctionalInterface
    public interface Streams {
        /**
         * Finds it.
         *
         * @param space the channel, {@code name@host}; empty in version 1.0, whose path has none
         * @param stream its id
         * @param grant who asks
         * @return what is shown, or a failure thrown as {@link dev.tributary.whipwhep.spi.WhipWhepException}
         */
        ShigStream find(String space, String stream, Grant grant);
    }

    /** What a lobby is made of. Not thread-safe. */
    public static final class Builder {
        private final MediaEngine engine;
        private Access access = Access.denyEverybody();
        private BinaryOperator<String> rooms = (space, stream) -> stream;
        private Streams streams = (space, stream, grant) -> ShigStream.of(stream);
        private String prefix = "";
        private WhipWhepLimits limits = WhipWhepLimits.DEFAULT;

        private Builder(MediaEngine engine) {
            this.engine = engine;
        }

        /** Who may do what. */
        public Builder access(Access decides) {
            access = decides;
            return this;
        }

        /** The room of a stream, from its space and its id; by default the id. */
        public Builder rooms(BinaryOperator<String> named) {
            rooms = named;
            return this;
        }

        /** What is shown of a stream; by default its id, and everybody is a guest. */
        public Builder streams(Streams finds) {
            streams = finds;
            return this;
        }

        /** Where the handler is mounted, which is the component's {@code api-prefix}; for example {@code /shig}. */
        public Builder prefix(String path) {
            if (!path.isEmpty() && (!path.startsWith("/") || path.endsWith("/"))) {
                throw new IllegalArgumentException(
                        "A prefix begins with a slash and does not end with one, got " + path);
            }
            prefix = path;
            return this;
        }

        /** The bounds of bodies and sessions. */
        public Builder limits(WhipWhepLimits bounds) {
            limits = bounds;
            return this;
        }

        /** The handler. Its clock runs until it is closed. */
        public ShigLobby build() {
            return new ShigLobby(new ShigSettings(engine, access, rooms, streams, prefix, limits, System::nanoTime));
        }
    }
}
