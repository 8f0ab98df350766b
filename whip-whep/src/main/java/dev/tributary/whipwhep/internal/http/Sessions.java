// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.http;

import dev.tributary.whipwhep.spi.CloseReason;
import dev.tributary.whipwhep.spi.SessionKind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions that are there. A place is held from before the engine is asked until the media side is gone, so that the
 * bound holds for what really uses memory. Thread-safe.
 */
final class Sessions {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

    private final ConcurrentHashMap<String, LiveSession> byId = new ConcurrentHashMap<>();
    private final AtomicInteger places = new AtomicInteger();
    private final int placesMax;
    private final InstantSource clock;
    private volatile int drainSeconds = -1;
    private volatile @Nullable CloseReason allClosed;

    Sessions(int placesMax, InstantSource clock) {
        this.placesMax = placesMax;
        this.clock = clock;
    }

    boolean reserve() {
        if (places.incrementAndGet() > placesMax) {
            places.decrementAndGet();
            return false;
        }
        return true;
    }

    void unreserve() {
        places.decrementAndGet();
    }

    /** Adds a session in the place that was reserved. */
    void add(LiveSession session) {
        byId.put(session.id(), session);
        LOG.info("{} session of room {} opened, {} in all", session.kind(), quoted(session.room()), places.get());
        CompletableFuture<Void> expiry = expiry(session);
        session.media().closed().whenComplete((reason, failure) -> {
            byId.remove(session.id());
            unreserve();
            expiry.complete(null);
            LOG.info("{} session of room {} closed: {}", session.kind(), quoted(session.room()), reason);
        });
        session.grant().revoked().thenRun(() -> close(session, CloseReason.REVOKED));
        CloseReason reasonForAll = allClosed;
        if (reasonForAll != null) {
            // It was opening while all were closed.
            close(session, reasonForAll);
        }
    }

    private CompletableFuture<Void> expiry(LiveSession session) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        Instant end = session.grant().expires();
        if (!end.equals(Instant.MAX)) {
            long millis = Math.max(0, Duration.between(clock.instant(), end).toMillis());
            // Completing it by hand cancels the timer; closing a session that is closed already does nothing.
            CompletableFuture<Void> timed = over.completeOnTimeout(null, millis, TimeUnit.MILLISECONDS);
            CompletionStage<Void> closing = timed.thenRun(() -> close(session, CloseReason.EXPIRED));
            closing.exceptionally(failure -> {
                LOG.error("A session whose grant expired could not be closed", failure);
                return null;
            });
        }
        return over;
    }

    /** The session of an id, if it is of this kind and room. */
    @Nullable
    LiveSession find(String id, SessionKind kind, String room) {
        LiveSession session = byId.get(id);
        return session != null && session.kind() == kind && session.room().equals(room) ? session : null;
    }

    /** Takes a session out, so that it is not found any more, and ends it. */
    void close(LiveSession session, CloseReason reason) {
        byId.remove(session.id());
        session.media().close(reason);
    }

    void closeAll(CloseReason reason) {
        allClosed = reason;
        List.copyOf(byId.values()).forEach(session -> close(session, reason));
    }

    /** Whether all were closed: what opens now is closed at once. */
    boolean isClosed() {
        return allClosed != null;
    }

    Collection<LiveSession> all() {
        return List.copyOf(byId.values());
    }

    int placesTaken() {
        return places.get();
    }

    void drain(int seconds) {
        drainSeconds = seconds;
    }

    int drainSeconds() {
        return drainSeconds;
    }

    private static String quoted(String room) {
        return room.length() > 80 ? room.substring(0, 80) + "…" : room;
    }
}
