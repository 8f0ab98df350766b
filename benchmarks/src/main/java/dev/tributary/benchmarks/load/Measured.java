// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.load;

import org.HdrHistogram.Histogram;

/** What the subscribers of one loop have measured. Owned by the loop. */
final class Measured {
    private static final long LATENCY_NANOS_MAX = 60_000_000_000L;

    long packets;
    long bytes;
    long reordered;
    long foreign;
    final Histogram latencies = histogram();
    private final Histogram second = histogram();

    /** For times from a microsecond to a minute, to two digits. */
    static Histogram histogram() {
        return new Histogram(1_000, LATENCY_NANOS_MAX, 2);
    }

    /** Counts a time; one out of the histogram's reach counts as its end. */
    static void record(Histogram histogram, long nanos) {
        histogram.recordValue(Math.max(0, Math.min(nanos, LATENCY_NANOS_MAX)));
    }

    void latency(long nanos) {
        record(latencies, nanos);
        record(second, nanos);
    }

    /** Adds what another loop has measured. */
    void add(Measured other) {
        packets += other.packets;
        bytes += other.bytes;
        reordered += other.reordered;
        foreign += other.foreign;
        latencies.add(other.latencies);
    }

    /** The latencies since the last call. */
    Histogram takeSecond() {
        Histogram taken = second.copy();
        second.reset();
        return taken;
    }

    void restart() {
        packets = 0;
        bytes = 0;
        reordered = 0;
        foreign = 0;
        latencies.reset();
        second.reset();
    }
}
