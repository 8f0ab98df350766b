// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.bandwidth;

/**
 * When packets left, by their transport-wide number, until the receiver has told of them.
 *
 * <p>Not thread-safe.
 */
final class SentPackets {
    private static final int ACKNOWLEDGED = -1;

    private long[] sentNanos = new long[BandwidthLimits.SENT_PACKETS_FIRST];
    private int[] bytes = new int[BandwidthLimits.SENT_PACKETS_FIRST];
    private int[] probes = new int[BandwidthLimits.SENT_PACKETS_FIRST];
    private long next;

    /** The number of the next packet. */
    long next() {
        return next;
    }

    /** Notes a packet and gives it the next number. */
    void record(int packetBytes, int probe, long nowNanos) {
        int slot = slot(next);
        boolean isMissed = next >= sentNanos.length
                && bytes[slot] != ACKNOWLEDGED
                && nowNanos - sentNanos[slot] < BandwidthLimits.SENT_NANOS_MAX
                && sentNanos.length < BandwidthLimits.SENT_PACKETS_MAX;
        if (isMissed) {
            grow();
            slot = slot(next);
        }
        sentNanos[slot] = nowNanos;
        bytes[slot] = packetBytes;
        probes[slot] = probe;
        next++;
    }

    /** Whether a packet is remembered and nothing was heard of its arrival. */
    boolean isOpen(long sequence) {
        return sequence >= 0
                && sequence < next
                && next - sequence <= sentNanos.length
                && bytes[slot(sequence)] != ACKNOWLEDGED;
    }

    long sentNanos(long sequence) {
        return sentNanos[slot(sequence)];
    }

    int bytes(long sequence) {
        return bytes[slot(sequence)];
    }

    /** The probe that it belonged to, or 0. */
    int probe(long sequence) {
        return probes[slot(sequence)];
    }

    void acknowledge(long sequence) {
        bytes[slot(sequence)] = ACKNOWLEDGED;
    }

    int capacity() {
        return sentNanos.length;
    }

    private int slot(long sequence) {
        return (int) sequence & sentNanos.length - 1;
    }

    private void grow() {
        int before = sentNanos.length;
        long[] moreNanos = new long[2 * before];
        int[] moreBytes = new int[2 * before];
        int[] moreProbes = new int[2 * before];
        for (long sequence = next - before; sequence < next; sequence++) {
            int from = (int) sequence & before - 1;
            int to = (int) sequence & 2 * before - 1;
            moreNanos[to] = sentNanos[from];
            moreBytes[to] = bytes[from];
            moreProbes[to] = probes[from];
        }
        sentNanos = moreNanos;
        bytes = moreBytes;
        probes = moreProbes;
    }
}
