// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

/**
 * How a channel delivers (RFC 8831 §6.1) and how it is set up. Immutable and thread-safe.
 *
 * @param delivery order and reliability of each message; not both limits
 * @param priority RFC 8831 §6.4: 128 below normal, 256 normal, 512 high, 1024 extra high; 0..65535
 * @param negotiatedId the stream identifier 0..65534 when both sides know the channel beforehand, or {@link #IN_BAND}
 */
public record DataChannelOptions(SendOptions delivery, int priority, int negotiatedId) {
    /** The channel is announced with DCEP and gets a free identifier. */
    public static final int IN_BAND = -1;

    /** RFC 8831 §6.4: normal priority. */
    public static final int PRIORITY_NORMAL = 256;

    /** Ordered, reliable, announced in band. */
    public static final DataChannelOptions RELIABLE =
            new DataChannelOptions(SendOptions.RELIABLE, PRIORITY_NORMAL, IN_BAND);

    /** Checks the ranges. */
    public DataChannelOptions {
        if (delivery.maxRetransmits() != SendOptions.UNLIMITED
                && delivery.maxLifetimeMillis() != SendOptions.UNLIMITED) {
            throw new IllegalArgumentException(
                    "A channel has maxRetransmits or maxLifetimeMillis, not both: " + delivery);
        }
        if (priority < 0 || priority > 65_535) {
            throw new IllegalArgumentException("priority must be 0..65535, got " + priority);
        }
        if (negotiatedId < IN_BAND || negotiatedId > 65_534) {
            throw new IllegalArgumentException("negotiatedId must be 0..65534 or IN_BAND, got " + negotiatedId);
        }
    }

    /** The same channel with another delivery. */
    public DataChannelOptions withDelivery(SendOptions other) {
        return new DataChannelOptions(other, priority, negotiatedId);
    }

    /** The same channel with another priority. */
    public DataChannelOptions withPriority(int other) {
        return new DataChannelOptions(delivery, other, negotiatedId);
    }

    /** The same channel, known to both sides under this identifier. */
    public DataChannelOptions negotiated(int id) {
        return new DataChannelOptions(delivery, priority, id);
    }
}
