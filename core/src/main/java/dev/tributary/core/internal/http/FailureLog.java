// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.internal.http;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what went wrong inside, at most once a second: a peer that can cause a failure can cause it at line rate. */
public final class FailureLog {
    private static final Logger LOG = LoggerFactory.getLogger("dev.tributary.core.http");
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final AtomicLong nextNanos = new AtomicLong(System.nanoTime());
    private final AtomicLong suppressed = new AtomicLong();

    /** Logs one failure, or counts it when the last line is not a second old. */
    public void failed(String what, Throwable cause) {
        long now = System.nanoTime();
        long next = nextNanos.get();
        if (now - next >= 0 && nextNanos.compareAndSet(next, now + PAUSE_NANOS)) {
            LOG.atError()
                    .setCause(cause)
                    .log("{} ({} more failures since the last line)", what, suppressed.getAndSet(0));
        } else {
            suppressed.incrementAndGet();
        }
    }
}
