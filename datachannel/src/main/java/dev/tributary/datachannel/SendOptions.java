// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

/**
 * How one message is delivered (RFC 3758, RFC 7496). Immutable and thread-safe.
 *
 * @param ordered after all earlier ordered messages of its stream
 * @param maxRetransmits how often a fragment is sent again before the message is given up, or {@link #UNLIMITED}
 * @param maxLifetimeMillis how long it is worth sending, or {@link #UNLIMITED}
 */
public record SendOptions(boolean ordered, int maxRetransmits, int maxLifetimeMillis) {
    /** Never give up. */
    public static final int UNLIMITED = -1;

    /** Ordered and reliable. */
    public static final SendOptions RELIABLE = new SendOptions(true, UNLIMITED, UNLIMITED);

    /** Reliable, as soon as it arrives. */
    public static final SendOptions UNORDERED = new SendOptions(false, UNLIMITED, UNLIMITED);

    /** Checks the ranges. */
    public SendOptions {
        if (maxRetransmits < UNLIMITED || maxLifetimeMillis < UNLIMITED) {
            throw new IllegalArgumentException("maxRetransmits and maxLifetimeMillis must be UNLIMITED or not negative,"
                    + " got " + maxRetransmits + ", " + maxLifetimeMillis);
        }
    }

    /** Whether the message may be given up. */
    public boolean isPartiallyReliable() {
        return maxRetransmits != UNLIMITED || maxLifetimeMillis != UNLIMITED;
    }
}
