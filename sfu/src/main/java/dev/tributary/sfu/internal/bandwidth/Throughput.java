// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.bandwidth;

/**
 * The rate at which packets arrive, over the last half second of the receiver's clock, in slices.
 *
 * <p>Not thread-safe.
 */
final class Throughput {
    private static final int SLICES = 10;
    private static final long SLICE_NANOS = BandwidthLimits.THROUGHPUT_NANOS / SLICES;

    private final long[] bytes = new long[SLICES];
    private long newest = -1;
    private long first = -1;

    void arrived(int packetBytes, long arrivalNanos) {
        long slice = arrivalNanos / SLICE_NANOS;
        if (newest < 0 || slice > newest + SLICES) {
            java.util.Arrays.fill(bytes, 0);
            newest = slice;
            first = slice;
        }
        while (newest < slice) {
            bytes[(int) (++newest % SLICES)] = 0;
        }
        if (slice > newest - SLICES) {
            bytes[(int) (slice % SLICES)] += packetBytes;
        }
    }

    /** In bits per second, without the slice that is not full yet; 0 before there is enough to tell. */
    long bps() {
        long slices = Math.min(SLICES, newest - first + 1) - 1;
        if (newest < 0 || slices < 3) {
            return 0;
        }
        long sum = 0;
        for (long slice = newest - slices; slice < newest; slice++) {
            sum += bytes[(int) (slice % SLICES)];
        }
        return sum * 8 * BandwidthLimits.SECOND / (slices * SLICE_NANOS);
    }
}
