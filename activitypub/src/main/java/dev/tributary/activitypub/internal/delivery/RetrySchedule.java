// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.delivery;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** When a delivery that failed is tried again: soon at first, for three and a half days in all. */
final class RetrySchedule {
    private static final List<Duration> PAUSES = List.of(
            Duration.ofSeconds(15),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(20),
            Duration.ofHours(1),
            Duration.ofHours(3),
            Duration.ofHours(8),
            Duration.ofHours(24),
            Duration.ofHours(48));

    /** Requests that were refused, rather than lost, are tried less often: it may be a clock or a key cache. */
    static final int REFUSED_ATTEMPTS = 4;

    private static final double JITTER = 0.2;

    private final RandomGenerator random;

    RetrySchedule(RandomGenerator random) {
        this.random = random;
    }

    /** How many attempts there are in all. */
    static int attempts() {
        return PAUSES.size() + 1;
    }

    /** The pause after the n-th failed attempt (1 is the first), in milliseconds, with jitter. */
    long pauseMillis(int attempt) {
        long pause = PAUSES.get(Math.min(attempt, PAUSES.size()) - 1).toMillis();
        return Math.round(pause * (1 - JITTER + 2 * JITTER * random.nextDouble()));
    }
}
