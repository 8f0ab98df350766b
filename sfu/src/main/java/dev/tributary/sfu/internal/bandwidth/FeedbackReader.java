// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.bandwidth;

/**
 * Reads transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1) packet by packet:
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |V=2|P|  FMT=15 |    PT=205     |           length              |
 * |                     SSRC of packet sender                     |
 * |                      SSRC of media source                     |
 * |      base sequence number     |      packet status count      |
 * |                 reference time                | fb pkt. count |
 * |          packet chunk         |         packet chunk          |
 * |        recv delta             |  ...
 * </pre>
 *
 * <p>Times are in ticks of 250 µs of the receiver's clock, from the start of a period of 2^24 × 64 ms. Hostile bytes give
 * {@code false}, never an exception. Not thread-safe; reusable.
 */
final class FeedbackReader {
    static final int HEADER_BYTES = 20;
    static final int TICKS_PER_REFERENCE = 256;
    static final long NANOS_PER_TICK = 250_000L;

    private static final int NOT_RECEIVED = 0;
    private static final int SMALL_DELTA = 1;
    private static final int LARGE_DELTA = 2;

    private byte[] bytes = {};
    private int chunkAt;
    private int deltaAt;
    private int base;
    private int count;
    private int index;
    private int chunk;
    private int chunkLeft;
    private int chunkSymbol;
    private long ticks;
    private boolean received;

    /** Points at a feedback packet; {@code false} if it does not hold what it promises. */
    boolean wrap(byte[] array, int offset, int length) {
        if (length < HEADER_BYTES + 2) {
            return false;
        }
        bytes = array;
        base = uint16(offset + 12);
        count = uint16(offset + 14);
        ticks = (long) (uint16(offset + 16) << 8 | bytes[offset + 18] & 0xFF) * TICKS_PER_REFERENCE;
        chunkAt = offset + HEADER_BYTES;
        index = 0;
        chunkLeft = 0;
        deltaAt = chunkAt;
        return count > 0 && findDeltas(offset + length);
    }

    /** The chunks end, and the deltas begin, where the packets are all spoken of. */
    private boolean findDeltas(int end) {
        int chunks = chunkAt;
        int left = count;
        int deltaBytes = 0;
        while (left > 0) {
            if (end - chunks < 2) {
                return false;
            }
            int word = uint16(chunks);
            chunks += 2;
            int symbols = Math.min(left, symbolsOf(word));
            if (word >>> 15 == 0) {
                deltaBytes += symbols * bytesOf(word >>> 13);
            } else {
                for (int i = 0; i < symbols; i++) {
                    deltaBytes += bytesOf(symbol(word, i));
                }
            }
            left -= symbols;
        }
        deltaAt = chunks;
        return end - chunks >= deltaBytes;
    }

    /** The number of packets that are spoken of. */
    int count() {
        return count;
    }

    /** Moves to the next packet. */
    boolean next() {
        if (index >= count) {
            return false;
        }
        if (chunkLeft == 0) {
            chunk = uint16(chunkAt);
            chunkAt += 2;
            chunkLeft = symbolsOf(chunk);
            chunkSymbol = 0;
        }
        int status = chunk >>> 15 == 0 ? chunk >>> 13 : symbol(chunk, chunkSymbol);
        chunkSymbol++;
        chunkLeft--;
        index++;
        received = status == SMALL_DELTA || status == LARGE_DELTA;
        if (status == SMALL_DELTA) {
            ticks += bytes[deltaAt++] & 0xFF;
        } else if (status == LARGE_DELTA) {
            ticks += (short) uint16(deltaAt);
            deltaAt += 2;
        }
        return true;
    }

    int sequenceNumber() {
        return base + index - 1 & 0xFFFF;
    }

    boolean isReceived() {
        return received;
    }

    /** When the packet arrived, if it did. */
    long ticks() {
        return ticks;
    }

    private static int symbolsOf(int word) {
        if (word >>> 15 == 0) {
            // A run of nothing would not move on.
            return Math.max(1, word & 0x1FFF);
        }
        return (word & 0x4000) == 0 ? 14 : 7;
    }

    private static int symbol(int word, int i) {
        return (word & 0x4000) == 0 ? word >>> 13 - i & 1 : word >>> 2 * (6 - i) & 3;
    }

    private static int bytesOf(int status) {
        return switch (status & 3) {
            case SMALL_DELTA -> 1;
            case LARGE_DELTA -> 2;
            default -> NOT_RECEIVED;
        };
    }

    private int uint16(int at) {
        return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
    }
}
