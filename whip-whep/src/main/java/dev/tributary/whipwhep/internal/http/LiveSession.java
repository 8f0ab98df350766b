// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.http;

import dev.tributary.whipwhep.internal.dynamic.TokenBucket;
import dev.tributary.whipwhep.spi.Grant;
import dev.tributary.whipwhep.spi.MediaSession;
import dev.tributary.whipwhep.spi.SessionKind;
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

    LiveSession(
            String id,
            SessionKind kind,
            String room,
            Grant grant,
            MediaSession media,
            IceIdentity client,
            TokenBucket patches,
            int waitingMax) {
        this.id = id;
        this.kind = kind;
        this.room = room;
        this.grant = grant;
        this.media = media;
        this.client = client;
        this.patches = patches;
        this.waitingMax = waitingMax;
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
