// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads that handshakes block on, for hosts that bring none of their own: virtual ones where the JVM has them (21
 * and later), else a pool of daemon threads. A handshake holds its thread for about two round trips. When all are busy a
 * handshake is refused; its transport tries again ten times a second until the handshake's time is over, and holds no more
 * than the datagrams of its peer meanwhile. Thread-safe.
 *
 * @since 0.1
 */
public final class DtlsHandshakeExecutor implements Executor, AutoCloseable {
    private static final int HANDSHAKES_AT_ONCE = 1000;
    private static final int IDLE_SECONDS = 10;

    private final ExecutorService threads;
    private final @Nullable Semaphore slots;
    private final boolean inStep;

    private DtlsHandshakeExecutor(ExecutorService threads, @Nullable Semaphore slots, boolean inStep) {
        this.threads = threads;
        this.slots = slots;
        this.inStep = inStep;
    }

    /** For 1,000 handshakes at once on virtual threads, or 64 with as many again waiting on platform threads. */
    public static DtlsHandshakeExecutor create() {
        ExecutorService virtual = virtualThreads();
        return virtual == null
                ? onPlatformThreads(64, 64)
                : new DtlsHandshakeExecutor(virtual, new Semaphore(HANDSHAKES_AT_ONCE), false);
    }

    /**
     * On a pool of platform threads, whatever the JVM.
     *
     * @param threadCount threads at most; they end after 10 idle seconds
     * @param waiting handshakes that may wait for a thread
     */
    public static DtlsHandshakeExecutor onPlatformThreads(int threadCount, int waiting) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threadCount, threadCount, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(waiting), daemons());
        pool.allowCoreThreadTimeOut(true);
        return new DtlsHandshakeExecutor(pool, null, false);
    }

    /**
     * For simulations in virtual time, not for servers: a call on a {@link DtlsTransport} that gives its handshake
     * something to do returns when that is done, some milliseconds later. Then the same calls have the same outcome at
     * the same virtual time, and no wake-up has to be heeded. One platform thread for each handshake that runs.
     */
    public static DtlsHandshakeExecutor inStep() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                0, HANDSHAKES_AT_ONCE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), daemons());
        return new DtlsHandshakeExecutor(pool, null, true);
    }

    private static ThreadFactory daemons() {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "tributary-dtls-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    boolean isInStep() {
        return inStep;
    }

    @Override
    public void execute(Runnable task) {
        if (slots == null) {
            threads.execute(task);
            return;
        }
        if (!slots.tryAcquire()) {
            throw new RejectedExecutionException("All handshakes are in use");
        }
        boolean started = false;
        try {
            threads.execute(() -> {
                try {
                    task.run();
                } finally {
                    slots.release();
                }
            });
            started = true;
        } finally {
            if (!started) {
                slots.release();
            }
        }
    }

    /** Ends the threads; handshakes that run are interrupted and fail. Idempotent. */
    @Override
    public void close() {
        threads.shutdownNow();
    }

    /** Compiled for 17, so the factory of 21 is looked up by name. */
    private static @Nullable ExecutorService virtualThreads() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            return null;
        }
    }
}
