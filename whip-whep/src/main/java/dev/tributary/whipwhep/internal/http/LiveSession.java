// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.http;

import dev.tributary.whipwhep.WhipWhepLimits;
import dev.tributary.whipwhep.internal.dynamic.TokenBucket;
import dev.tributary.whipwhep.spi.Grant;
import dev.tributary.whipwhep.spi.MediaSession;
import dev.tributary.whipwhep.spi.SessionKind;
import dev.tributary.whipwhep.spi.SessionRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One session as HTTP sees it. Thread-safe: PATCHes run one after the other. */
final class LiveSession {
    private final String id;
    private final SessionKind kind;
    private final String room;
    private final Grant grant;
    private final MediaSession media;
    private final TokenBucket patches;
    private final int waitingMax;

    private IceIdentity client;
    private CompletableFuture<?> last = CompletableFuture.completedFuture(null);
    private int waiting;

    private LiveSession(SessionRequest request, MediaSession media, IceIdentity client, WhipWhepLimits limits) {
        this.id = request.sessionId();
        this.kind = request.kind();
        this.room = request.room();
        this.grant = request.grant();
        this.media = media;
        this.client = client;
        this.patches = new TokenBucket(limits.patchesPerSecond(), limits.patchBurst());
        this.waitingMax = limits.waitingPatches();
    }

    static LiveSession of(SessionRequest request, MediaSession media, IceIdentity client, WhipWhepLimits limits) {
        return new LiveSession(request, media, client, limits);
    }

    String id() {
        return id;
    }

    SessionKind kind() {
        return kind;
    }

    String room() {
        return room;
    }

    Grant grant() {
        return grant;
    }

    MediaSession media() {
        return media;
    }

    synchronized IceIdentity client() {
        return client;
    }

    synchronized void restarted(IceIdentity newClient) {
        client = newClient;
    }

    synchronized boolean tryPatch(long nowNanos) {
        return patches.tryTake(nowNanos);
    }

    /** Runs an action after the ones before it; {@code null} when too many wait. */
    synchronized <T> @Nullable CompletionStage<T> inTurn(Supplier<CompletionStage<T>> action) {
        if (waiting >= waitingMax) {
            return null;
        }
        waiting++;
        CompletableFuture<T> result = last.handle((done, failure) -> null)
                .thenCompose(done -> action.get())
                .whenComplete((done, failure) -> finished());
        last = result;
        return result;
    }

    private synchronized void finished() {
        waiting--;
    }
}
