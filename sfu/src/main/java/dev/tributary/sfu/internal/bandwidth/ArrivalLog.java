// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.bandwidth;

import dev.tributary.core.DatagramProtocol;
import dev.tributary.core.rtp.SequenceUnwrapper;

/**
 * When packets of a publisher arrived, by their transport-wide number, and the reports about that which its congestion
 * control lives on. A packet that comes after it was reported missing is reported again.
 *
 * <p>Not thread-safe: owned by the publisher's loop.
 */
public final class ArrivalLog {
    private static final int MASK = BandwidthLimits.ARRIVALS - 1;
    private static final int RUN_MIN = 14;
    private static final int RUN_MAX = 0x1FFF;

    private final SequenceUnwrapper unwrapper = new SequenceUnwrapper();
    /** In ticks, plus one; 0 for what has not come. */
    private final long[] arrivals = new long[BandwidthLimits.ARRIVALS];

    private final byte[] symbols = new byte[BandwidthLimits.FEEDBACK_PACKETS_MAX];
    private long next = -1;
    private long end;
    private int packetNumber;
    private long dueNanos = DatagramProtocol.NEVER;

    /** Notes a packet. */
    public void arrived(int transportSequence, long nowNanos) {
        long highest = unwrapper.highest();
        long sequence = unwrapper.unwrap(transportSequence);
        if (highest < 0 || sequence - highest > BandwidthLimits.ARRIVALS / 2) {
            // The first one, or so far ahead that what is between is not worth telling.
            java.util.Arrays.fill(arrivals, 0);
            next = sequence;
            end = sequence;
        }
        if (sequence <= end - BandwidthLimits.ARRIVALS) {
            return;
        }
        while (end <= sequence) {
            arrivals[(int) end++ & MASK] = 0;
        }
        next = Math.max(Math.min(next, sequence), end - BandwidthLimits.ARRIVALS);
        arrivals[(int) sequence & MASK] = Math.max(0, nowNanos) / FeedbackReader.NANOS_PER_TICK + 1;
        if (dueNanos == DatagramProtocol.NEVER) {
            dueNanos = nowNanos + BandwidthLimits.FEEDBACK_NANOS;
        }
    }

    /** When {@link #write} has something to say. */
    public long nextDueNanos() {
        return dueNanos;
    }

    /**
     * Writes one report about what has come since the last; call again while {@link #nextDueNanos} is due.
     *
     * @return its length, 0 if there is nothing to say or no room
     */
    public int write(byte[] out, int offset, int room, int senderSsrc, int mediaSsrc, long nowNanos) {
        skipMissing();
        if (next >= end || room < FeedbackReader.HEADER_BYTES + 6) {
            dueNanos = DatagramProtocol.NEVER;
            return 0;
        }
        long firstTicks = arrivals[(int) next & MASK] - 1;
        long reference = firstTicks / FeedbackReader.TICKS_PER_REFERENCE;
        // Each packet costs two bytes of delta and a seventh of a chunk at worst.
        int most = Math.min(BandwidthLimits.FEEDBACK_PACKETS_MAX, (room - FeedbackReader.HEADER_BYTES - 6) * 4 / 10);
        int count = classify(reference, most);
        put32(out, offset + 4, senderSsrc);
        put32(out, offset + 8, mediaSsrc);
        put16(out, offset + 12, (int) next);
        put16(out, offset + 14, count);
        put32(out, offset + 16, (int) reference << 8 | packetNumber++ & 0xFF);
        int at = writeChunks(out, offset + FeedbackReader.HEADER_BYTES, count);
        at = writeDeltas(out, at, count, reference);
        int length = at - offset + 3 & ~3;
        boolean isPadded = length != at - offset;
        if (isPadded) {
            out[offset + length - 1] = (byte) (length - (at - offset));
        }
        out[offset] = (byte) (0x8F | (isPadded ? 0x20 : 0));
        out[offset + 1] = (byte) 205;
        put16(out, offset + 2, length / 4 - 1);
        next += count;
        dueNanos = next < end ? nowNanos : DatagramProtocol.NEVER;
        return length;
    }

    /** A report begins with a packet that has come: the time it refers to. */
    private void skipMissing() {
        while (next < end && arrivals[(int) next & MASK] == 0) {
            next++;
        }
    }

    /** Says of each packet how its delta is written. Ends where one cannot be written at all. */
    private int classify(long reference, int most) {
        long ticks = reference * FeedbackReader.TICKS_PER_REFERENCE;
        int lastReceived = 0;
        int count = 0;
        while (count < most && next + count < end) {
            long arrival = arrivals[(int) (next + count) & MASK];
            if (arrival == 0) {
                symbols[count++] = 0;
                continue;
            }
            long delta = arrival - 1 - ticks;
            if (delta != (short) delta) {
                break;
            }
            ticks = arrival - 1;
            symbols[count++] = (byte) (delta >= 0 && delta <= 0xFF ? 1 : 2);
            lastReceived = count;
        }
        return lastReceived;
    }

    private int writeChunks(byte[] out, int from, int count) {
        int at = from;
        for (int i = 0; i < count; at += 2) {
            int run = 1;
            while (i + run < count && run < RUN_MAX && symbols[i + run] == symbols[i]) {
                run++;
            }
            if (run >= RUN_MIN || i + run == count) {
                put16(out, at, symbols[i] << 13 | run);
                i += run;
            } else {
                int word = 0xC000;
                for (int bit = 0; bit < 7 && i < count; bit++) {
                    word |= symbols[i++] << 2 * (6 - bit);
                }
                put16(out, at, word);
            }
        }
        return at;
    }

    private int writeDeltas(byte[] out, int from, int count, long reference) {
        int at = from;
        long ticks = reference * FeedbackReader.TICKS_PER_REFERENCE;
        for (int i = 0; i < count; i++) {
            if (symbols[i] == 0) {
                continue;
            }
            long arrival = arrivals[(int) (next + i) & MASK] - 1;
            int delta = (int) (arrival - ticks);
            ticks = arrival;
            if (symbols[i] == 2) {
                out[at++] = (byte) (delta >> 8);
            }
            out[at++] = (byte) delta;
        }
        // What pads to a multiple of four is zero, whatever the array held.
        for (int i = at; i < (at + 3 & ~3) + 3 && i < out.length; i++) {
            out[i] = 0;
        }
        return at;
    }

    private static void put16(byte[] out, int at, int value) {
        out[at] = (byte) (value >> 8);
        out[at + 1] = (byte) value;
    }

    private static void put32(byte[] out, int at, int value) {
        put16(out, at, value >>> 16);
        put16(out, at + 2, value);
    }
}
