// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples;

import dev.tributary.activitypub.ActivityPub;
import dev.tributary.activitypub.LiveStream;
import dev.tributary.activitypub.Stores;
import dev.tributary.core.http.GuardedHttpClient;
import dev.tributary.core.http.HttpHandler;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.core.http.HttpServer;
import dev.tributary.core.http.Mounts;
import dev.tributary.core.http.Problem;
import dev.tributary.core.http.Resources;
import dev.tributary.ice.CandidatePolicy;
import dev.tributary.sfu.Sfu;
import dev.tributary.whipwhep.WhipWhep;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One complete instance, and the shortest answer to how the artifacts make one: media engine, WHIP and WHEP, ActivityPub,
 * an embedded store and a few pages on one HTTP port and one UDP port. {@link LiveGlue} is what a product writes itself.
 *
 * <pre>{@code
 * try (var server = ReferenceServer.start(ServerSettings.onLoopback(8081, 10081, "alice", "bob"))) { … }
 * }</pre>
 *
 * <p>Thread-safe. {@link #close} ends everything; it is idempotent.
 */
public final class ReferenceServer implements AutoCloseable {
    private static final int WORKERS = 4;

    private final URI url;
    private final ActivityPub fediverse;
    private final Sfu sfu;
    private final Neighbourhood neighbourhood;
    private final LiveGlue glue;
    private final Deque<AutoCloseable> lastFirst;

    /**
     * Starts an instance.
     *
     * @throws java.io.UncheckedIOException if a port is in use; the message says which
     * @throws IllegalStateException if it would listen on an address that other machines reach
     */
    public static ReferenceServer start(ServerSettings settings) {
        Deque<AutoCloseable> parts = new ArrayDeque<>();
        try {
            return new ReferenceServer(settings, parts);
        } catch (RuntimeException e) {
            closeAll(parts);
            throw e;
        }
    }

    private ReferenceServer(ServerSettings settings, Deque<AutoCloseable> parts) {
        lastFirst = parts;
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(daemons("glue"));
        parts.push(thread::shutdownNow);
        ExecutorService workers = Executors.newFixedThreadPool(WORKERS, daemons("worker"));
        parts.push(workers::shutdownNow);

        // The port comes first, because every id of the Fediverse holds it; what listens there comes last.
        AtomicReference<HttpHandler> front = new AtomicReference<>(ReferenceServer::starting);
        HttpServer server = HttpServer.bind(settings.httpPort())
                .host(settings.host())
                .mount("/", request -> Objects.requireNonNull(front.get()).handle(request))
                .start();
        parts.push(server);
        String authority = "localhost:" + server.port();
        url = URI.create("http://" + authority);

        GuardedHttpClient http = GuardedHttpClient.builder()
                .allowPrivateAddresses(true)
                .userAgent(authority + " (Tributary)")
                .build();
        parts.push(http);
        GuestTokens guestTokens = new GuestTokens(url.toString());
        fediverse = ActivityPub.builder(url.toString())
                .store(settings.data() == null ? Stores.memory() : Stores.file(settings.data()))
                .httpClient(http)
                .allowPrivateAddresses(true)
                .instance("tributary", "Tributary at " + authority)
                .accessIssuer(guestTokens)
                .build();
        parts.push(fediverse);

        Accounts accounts = new Accounts(fediverse, settings.accounts());
        SignInWithoutPassword signIns = new SignInWithoutPassword(accounts, settings.host());
        neighbourhood = new Neighbourhood(fediverse, http, workers, authority);
        Doorkeeper doorkeeper = new Doorkeeper(fediverse, signIns, guestTokens, neighbourhood);
        glue = new LiveGlue(fediverse, accounts, neighbourhood, doorkeeper, guestTokens, url.toString(), thread);
        sfu = Sfu.builder()
                .udpPort(settings.udpPort())
                .instance(fediverse.instanceActor().id())
                .upstreams(neighbourhood)
                // The other server of the demo is on this machine too.
                .pipeCandidates(CandidatePolicy.ANY)
                .listener(glue)
                .build();
        parts.push(sfu);
        glue.attach(sfu);
        fediverse.listener(glue);

        WhipWhep live = WhipWhep.builder(sfu.sessions())
                .access(doorkeeper)
                .prefix("/live")
                .build();
        parts.push(live);
        Numbers numbers = new Numbers(sfu, glue::setbacks, thread);
        Api api = new Api(fediverse, accounts, signIns, neighbourhood, glue, numbers, authority, workers);
        HttpHandler pages = new Pages(url.toString(), this::title);
        front.set(Mounts.NONE
                .mount("/live", live)
                .mount("/api", api)
                .mount(
                        "/health",
                        request -> CompletableFuture.completedFuture(
                                HttpResponse.of(200, "application/json", "{\"status\":\"ready\"}")))
                .mount(
                        "/tributary",
                        Resources.from(WhipWhep.class, "META-INF/resources").with("Access-Control-Allow-Origin", "*"))
                .mount("/", fediverse.orElse(pages)));
    }

    private static CompletableFuture<HttpResponse> starting(Object request) {
        return CompletableFuture.completedFuture(Problem.response(503, "The server is starting. Try again in a second.")
                .with("Retry-After", "1"));
    }

    private static ThreadFactory daemons(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "tributary-" + name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Where people find it. */
    public URI url() {
        return url;
    }

    /** Host and port, the second half of its accounts' addresses. */
    public String authority() {
        return url.getAuthority();
    }

    /** The engine, for a look at its numbers. */
    public Sfu sfu() {
        return sfu;
    }

    /** Its part of the Fediverse. */
    public ActivityPub fediverse() {
        return fediverse;
    }

    /** How many media sessions there are. */
    public long sessions() {
        return sfu.rooms().toCompletableFuture().join().stream()
                .mapToLong(room -> room.sessions().size())
                .sum();
    }

    /**
     * How many media sessions there are of one sort.
     *
     * @param kind WHIP or WHEP
     * @param role viewer, publisher or pipe
     */
    public long sessions(String kind, String role) {
        return sfu.rooms().toCompletableFuture().join().stream()
                .flatMap(room -> room.sessions().stream())
                .filter(session -> session.kind().name().equals(kind)
                        && session.role().wireName().equals(role))
                .count();
    }

    /** The state of the live in a room, {@code name} or {@code name@host}; "unknown" when nothing is known of it. */
    public String liveState(String room) {
        return glue.live(room)
                .map(live -> live.state().word())
                .or(() -> neighbourhood
                        .live(room)
                        .map(live -> neighbourhood.state(live).word()))
                .orElse("unknown");
    }

    private String title(String room) {
        return glue.live(room)
                .map(LiveStream::description)
                .map(description -> description.name())
                .or(() -> neighbourhood.live(room).map(live -> live.name()))
                .orElse(room);
    }

    @Override
    public void close() {
        closeAll(lastFirst);
    }

    private static synchronized void closeAll(Deque<AutoCloseable> parts) {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("A part of the server did not close", e);
            }
        }
    }
}
