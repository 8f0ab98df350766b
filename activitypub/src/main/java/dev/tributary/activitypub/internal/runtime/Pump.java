// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.runtime;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the queues: when somebody says there is something new, and every half second for what became due. The only
 * place with threads. In pulled mode it does nothing by itself.
 */
final class Pump {
    private static final Logger LOG = LoggerFactory.getLogger(Pump.class);
    private static final int THREADS = 4;
    private static final long TICK_MILLIS = 500;
    private static final long SOON_MILLIS = 300;

    private final boolean pulled;
    private final IntSupplier runDue;
    private final Executor executor;
    private final @Nullable ExecutorService ownPool;
    private final @Nullable ScheduledExecutorService timer;
    private final AtomicInteger wakes = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();

    Pump(@Nullable Executor hostExecutor, boolean pulled, IntSupplier runDue) {
        this.pulled = pulled;
        this.runDue = runDue;
        this.ownPool =
                hostExecutor == null ? Executors.newFixedThreadPool(THREADS, daemons("tributary-fediverse-")) : null;
        this.executor = hostExecutor == null ? java.util.Objects.requireNonNull(ownPool) : hostExecutor;
        this.timer = pulled ? null : Executors.newSingleThreadScheduledExecutor(daemons("tributary-fediverse-timer-"));
    }

    private static ThreadFactory daemons(String prefix) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    Executor executor() {
        return executor;
    }

    /** Runs things a moment later; at once in pulled mode, where there is no timer. */
    Executor soon() {
        return pulled ? executor : CompletableFuture.delayedExecutor(SOON_MILLIS, TimeUnit.MILLISECONDS, executor);
    }

    void start() {
        ScheduledExecutorService ticking = timer;
        if (ticking != null) {
            // wake() does not throw, so the future has nothing to tell.
            var unused = ticking.scheduleWithFixedDelay(this::wake, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Looks at the queues soon. One look at a time; what is asked for meanwhile leads to one more. */
    void wake() {
        if (!pulled && !closed.get() && wakes.getAndIncrement() == 0) {
            submit();
        }
    }

    private void submit() {
        try {
            executor.execute(this::run);
        } catch (RejectedExecutionException e) {
            // The pool ends: so does looking at queues. What waits is in the store.
            wakes.set(0);
        }
    }

    private void run() {
        int before = wakes.get();
        try {
            // What was begun wakes us again when it is done.
            int begun = runDue.getAsInt();
            LOG.trace("Began {}", begun);
        } catch (RuntimeException e) {
            if (!closed.get()) {
                LOG.error("Looking at the queues failed", e);
            }
        }
        if (wakes.compareAndSet(before, 0)) {
            return;
        }
        // Others want the thread too: to the end of the line.
        wakes.set(1);
        submit();
    }

    boolean isClosed() {
        return closed.get();
    }

    /** Ends the threads; false if that was done before. */
    boolean close() {
        if (!closed.compareAndSet(false, true)) {
            return false;
        }
        ScheduledExecutorService ticking = timer;
        if (ticking != null) {
            ticking.shutdownNow();
        }
        ExecutorService pool = ownPool;
        if (pool != null) {
            pool.shutdown();
            try {
                if (!pool.awaitTermination(5, TimeUnit.SECONDS)) {
                    pool.shutdownNow();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return true;
    }
}
