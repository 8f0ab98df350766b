// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.rtp;

/**
 * Turns the 16-bit sequence numbers of one RTP stream into 64-bit ones that never wrap (RFC 3550 appendix A.1 calls
 * them extended). The first number is placed in the second cycle, so that packets that come late from before it are still
 * positive.
 *
 * <p>Not thread-safe: owned by one event loop.
 */
public final class SequenceUnwrapper {
    private static final long FIRST_CYCLE = 1L << 16;

    private long highest = -1;
    private long firstCycle = FIRST_CYCLE;

    /**
     * The extended form of a received sequence number. A newer one moves the reference; an older one does not.
     *
     * @param sequenceNumber the low 16 bits are read
     */
    public long unwrap(int sequenceNumber) {
        long extended = interpret(sequenceNumber);
        if (extended > highest) {
            highest = extended;
        }
        return extended;
    }

    /**
     * The extended form of a number that somebody else told us, such as one in a NACK: it is placed near the highest one
     * received and moves nothing, because a forged or stale report must not disturb the stream.
     */
    public long interpret(int sequenceNumber) {
        if (highest < 0) {
            return firstCycle + (sequenceNumber & 0xFFFF);
        }
        return highest + Serial.distance16((int) highest, sequenceNumber);
    }

    /** The highest extended number so far, or −1 before the first. */
    public long highest() {
        return highest;
    }

    /**
     * Forgets the numbers so far, because the sender has started anew: the next one is placed a cycle and more after all
     * of them, so that extended numbers of the old and the new life of a stream are never taken for each other.
     */
    public void restart() {
        if (highest >= 0) {
            firstCycle = (highest >>> 16) + 2 << 16;
            highest = -1;
        }
    }
}
