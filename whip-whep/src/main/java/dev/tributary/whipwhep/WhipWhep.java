// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import dev.tributary.core.http.HttpHandler;
import dev.tributary.core.http.HttpRequest;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.whipwhep.internal.http.Settings;
import dev.tributary.whipwhep.internal.http.WhipWhepServer;
import dev.tributary.whipwhep.spi.Access;
import dev.tributary.whipwhep.spi.CloseReason;
import dev.tributary.whipwhep.spi.MediaEngine;
import dev.tributary.whipwhep.spi.Placement;
import dev.tributary.whipwhep.spi.SessionKind;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A WHIP (RFC 9725) and WHEP (draft-ietf-wish-whep) server as one HTTP handler.
 *
 * <pre>{@code
 * var live = WhipWhep.builder(engine).access(tokens::verify).build();
 * HttpServer.bind(8080).mount("/live", live).start();     // POST /live/{room}/whip, /live/{room}/whep
 * }</pre>
 *
 * <p>A room is one percent-encoded path segment; {@code name@host} is for the engine to understand as a stream of another
 * instance. A session lives at {@code …/{room}/whip/{id}}: an unguessable URL that is itself the right to change and end
 * it. Lenient where real clients need it; see {@link Builder#strict}.
 *
 * <p>Thread-safe.
 */
public final class WhipWhep implements HttpHandler, AutoCloseable {
    private final WhipWhepServer server;

    private WhipWhep(WhipWhepServer server) {
        this.server = server;
    }

    /** A server on top of an engine. Until {@link Builder#access} is told, nobody gets in. */
    public static Builder builder(MediaEngine engine) {
        return new Builder(engine);
    }

    @Override
    public CompletionStage<HttpResponse> handle(HttpRequest request) {
        return server.handle(request);
    }

    /** The sessions that are there now. */
    public List<SessionSummary> sessions() {
        return server.sessions();
    }

    /** How many places of {@link WhipWhepLimits#sessions} are taken, by sessions and by those that open or close. */
    public int placesTaken() {
        return server.placesTaken();
    }

    /**
     * Takes no new sessions from now on; those that are there go on.
     *
     * @param retryAfterSeconds what clients are told to wait; 0 for the default
     */
    public void drain(int retryAfterSeconds) {
        server.drain(retryAfterSeconds);
    }

    /** Takes no new sessions and ends those that are there. Idempotent. */
    @Override
    public void close() {
        server.drain(0);
        server.closeAll(CloseReason.DRAINING);
    }

    /** What a server is made of. Not thread-safe. */
    public static final class Builder {
        private final MediaEngine engine;
        private Access access = Access.denyEverybody();
        private Placement placement = (kind, room) -> null;
        private Supplier<List<IceServer>> iceServers = List::of;
        private WhipWhepLimits limits = WhipWhepLimits.DEFAULT;
        private String prefix = "";
        private boolean isStrict;
        private boolean isDynamic = true;
        private boolean isRawToken;
        private boolean isTokenInPath;
        private boolean isTokenRequired;
        private Predicate<String> counterOffers = room -> false;
        private Predicate<String> emptyPosts = room -> false;
        private final Map<SessionKind, String> dynamicRelations = new EnumMap<>(SessionKind.class);
        private LongSupplier nanoTime = System::nanoTime;
        private InstantSource clock = InstantSource.system();

        private Builder(MediaEngine engine) {
            this.engine = engine;
        }

        /** Who may do what. */
        public Builder access(Access decides) {
            access = decides;
            return this;
        }

        /** Which server a session belongs to; by default this one. */
        public Builder placement(Placement decides) {
            placement = decides;
            return this;
        }

        /** STUN and TURN servers that clients are told to use. At least one with UDP, for clients that know no other. */
        public Builder iceServers(List<IceServer> servers) {
            List<IceServer> fixed = List.copyOf(servers);
            return iceServers(() -> fixed);
        }

        /**
         * The same, asked for each answer: for credentials that expire. Must not block.
         *
         * <pre>{@code
         * .iceServers(() -> List.of(IceServer.of("turn:turn.example?transport=udp",
         *         TurnCredentials.ephemeral(secret, "viewer", Instant.now(), Duration.ofHours(2)))))
         * }</pre>
         */
        public Builder iceServers(Supplier<List<IceServer>> servers) {
            iceServers = servers;
            return this;
        }

        /** The bounds. */
        public Builder limits(WhipWhepLimits bounds) {
            limits = bounds;
            return this;
        }

        /**
         * Where the handler is mounted, for example {@code /live}. By default whatever stands before the room is taken
         * for a prefix.
         */
        public Builder prefix(String path) {
            if (!path.isEmpty() && (!path.startsWith("/") || path.endsWith("/"))) {
                throw new IllegalArgumentException(
                        "A prefix begins with a slash and does not end with one, got " + path);
            }
            prefix = path;
            return this;
        }

        /**
         * Whether entity tags are demanded and read to the letter. By default candidates without If-Match are taken when
         * they name the credentials of the current ICE session, and tags may lack their quotes.
         */
        public Builder strict(boolean strict) {
            isStrict = strict;
            return this;
        }

        /** Whether the dynamic extension is offered; by default it is. */
        public Builder dynamic(boolean offered) {
            isDynamic = offered;
            return this;
        }

        /**
         * The link relation of the dynamic extension on one kind of session, in place of
         * {@link SessionKind#dynamicRelation}.
         *
         * @param relation a URI
         */
        public Builder dynamicRelation(SessionKind kind, String relation) {
            if (!relation.matches("[!#-;=?-~]{1,256}")) {
                throw new IllegalArgumentException("A link relation is a URI, got " + relation);
            }
            dynamicRelations.put(kind, relation);
            return this;
        }

        /**
         * The rooms in which a WHEP offer that cannot be accepted is answered 406 with an offer of ours; by default none.
         * Older players take a 406 for an error: switch it on where the players are known.
         */
        public Builder counterOffers(Predicate<String> rooms) {
            counterOffers = rooms;
            return this;
        }

        /**
         * The rooms in which a WHEP POST without an offer is answered 201 with an offer of ours, as the first drafts and
         * Shig want it; by default none.
         */
        public Builder emptyPosts(Predicate<String> rooms) {
            emptyPosts = rooms;
            return this;
        }

        /**
         * Whether {@code {room}/{token}/whip} is understood besides {@code {room}/whip}: the address itself lets in, for
         * software without a field for a token. Needs a {@link #prefix}. A token in an Authorization goes before it. By
         * default not: addresses end up in logs.
         */
        public Builder tokenInPath(boolean understood) {
            isTokenInPath = understood;
            return this;
        }

        /** Whether an Authorization without a scheme is taken for a token; by default not. */
        public Builder rawTokens(boolean taken) {
            isRawToken = taken;
            return this;
        }

        /** Whether PATCH and DELETE need the credentials besides the URL of the session; by default the URL is enough. */
        public Builder tokenOnSessions(boolean required) {
            isTokenRequired = required;
            return this;
        }

        /** The clocks, for tests: nanoseconds for rates, and the time of day for grants. */
        public Builder clocks(LongSupplier nanos, InstantSource timeOfDay) {
            nanoTime = nanos;
            clock = timeOfDay;
            return this;
        }

        /** The handler. */
        public WhipWhep build() {
            if (isTokenInPath && prefix.isEmpty()) {
                throw new IllegalStateException(
                        "Tokens in paths need a prefix, so that the room is told from it: call prefix(\"/live\")");
            }
            return new WhipWhep(new WhipWhepServer(new Settings(
                    engine,
                    access,
                    placement,
                    iceServers,
                    limits,
                    new Settings.FirstOfferRooms(counterOffers, emptyPosts),
                    Map.copyOf(dynamicRelations),
                    prefix,
                    isStrict,
                    isDynamic,
                    isRawToken,
                    isTokenInPath,
                    isTokenRequired,
                    nanoTime,
                    clock)));
        }
    }
}
