// SPDX-License-Identifier: Apache-2.0
package dev.tributary.testkit.channels;

/**
 * How a channel delivers. Immutable and thread-safe.
 *
 * @param maxRetransmits how often a message is sent again, or {@link #UNLIMITED}
 * @param maxLifetimeMillis how long a message is worth sending, or {@link #UNLIMITED}
 */
public record ChannelShape(boolean ordered, int maxRetransmits, int maxLifetimeMillis) {
    /** Never give up. */
    public static final int UNLIMITED = -1;

    /** Ordered and reliable. */
    public static final ChannelShape RELIABLE = new ChannelShape(true, UNLIMITED, UNLIMITED);

    /** Reliable, each message as soon as it is there. */
    public static final ChannelShape UNORDERED = new ChannelShape(false, UNLIMITED, UNLIMITED);

    /** Whether no message may get lost. */
    public boolean isReliable() {
        return maxRetransmits == UNLIMITED && maxLifetimeMillis == UNLIMITED;
    }
}
