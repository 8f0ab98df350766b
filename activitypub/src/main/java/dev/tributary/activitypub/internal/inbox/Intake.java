// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.inbox;

import dev.tributary.activitypub.spi.Store;
import dev.tributary.activitypub.spi.Store.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Stores what comes in, all that came while the last batch was being stored as one transaction: under load a commit is
 * shared by many, alone nobody waits. Thread-safe.
 *
 * @param <R> what is told about each one
 */
final class Intake<R> {
    /** So many share a transaction at most, so that the first of them does not wait long for the last. */
    private static final int TOGETHER = 128;

    private record Waiting<R>(Function<Transaction, R> work, CompletableFuture<R> result) {}

    private record Done<R>(CompletableFuture<R> result, R value) {}

    private final Store store;
    private final Executor executor;
    private List<Waiting<R>> waiting = new ArrayList<>();
    private boolean busy;

    Intake(Store store, Executor executor) {
        this.store = store;
        this.executor = executor;
    }

    /** Stores one; completes when it is committed. The work must not throw. */
    CompletionStage<R> put(Function<Transaction, R> work) {
        CompletableFuture<R> result = new CompletableFuture<>();
        synchronized (this) {
            waiting.add(new Waiting<>(work, result));
            if (busy) {
                return result;
            }
            busy = true;
        }
        executor.execute(this::store);
        return result;
    }

    private void store() {
        List<Waiting<R>> batch;
        synchronized (this) {
            int size = Math.min(waiting.size(), TOGETHER);
            batch = List.copyOf(waiting.subList(0, size));
            waiting = new ArrayList<>(waiting.subList(size, waiting.size()));
        }
        try {
            List<Done<R>> done = store.transact(tx -> batch.stream()
                    .map(one -> new Done<>(one.result(), one.work().apply(tx)))
                    .toList());
            done.forEach(one -> one.result().complete(one.value()));
        } catch (RuntimeException e) {
            batch.forEach(one -> one.result().completeExceptionally(e));
        }
        synchronized (this) {
            busy = !waiting.isEmpty();
            if (!busy) {
                return;
            }
        }
        executor.execute(this::store);
    }
}
