// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

/**
 * Every bound of the dynamic extension.
 *
 * @param messagesPerSecond what a client may send to a server without end
 * @param messageBurst what it may send at once
 * @param excessMessages how many messages above the rate are dropped before the channel closes
 * @param queueMessages the most messages that wait for the transport
 * @param queueBytes the most bytes of UTF-8 that wait for the transport
 * @param receivedBytes the largest message that is read, in bytes of UTF-8; what our SDP says as max-message-size
 * @param sentBytes the largest message that is sent; what the peer's SDP says, 64 KiB when it says nothing (RFC 8841)
 * @param tracks the most tracks of one session
 * @param slots the most m-lines that an offer may name
 * @param hops the most instances that a stream may have passed
 * @param requests the most requests of ours that wait for a reply
 */
public record DynamicLimits(
        int messagesPerSecond,
        int messageBurst,
        int excessMessages,
        int queueMessages,
        int queueBytes,
        int receivedBytes,
        int sentBytes,
        int tracks,
        int slots,
        int hops,
        int requests) {
    /** What is safe on the internet and enough for a stage of thirty. */
    public static final DynamicLimits DEFAULT =
            new DynamicLimits(20, 60, 60, 256, 1 << 20, 256 * 1024, 64 * 1024, 64, 64, 4, 64);

    /** Checks. */
    public DynamicLimits {
        int least = Math.min(
                Math.min(Math.min(messagesPerSecond, messageBurst), Math.min(queueMessages, queueBytes)),
                Math.min(
                        Math.min(receivedBytes, sentBytes),
                        Math.min(Math.min(tracks, slots), Math.min(hops, requests))));
        if (least < 1 || excessMessages < 0) {
            throw new IllegalArgumentException("A limit of the dynamic extension is at least 1");
        }
    }

    /** The same limits for a peer that takes messages of a size. */
    public DynamicLimits withSentBytes(int bytes) {
        return new DynamicLimits(
                messagesPerSecond,
                messageBurst,
                excessMessages,
                queueMessages,
                queueBytes,
                receivedBytes,
                bytes,
                tracks,
                slots,
                hops,
                requests);
    }

    /** The same limits for another number of tracks. */
    public DynamicLimits withTracks(int count) {
        return new DynamicLimits(
                messagesPerSecond,
                messageBurst,
                excessMessages,
                queueMessages,
                queueBytes,
                receivedBytes,
                sentBytes,
                count,
                slots,
                hops,
                requests);
    }

    /** The same limits for another outbound queue. */
    public DynamicLimits withQueue(int messages, int bytes) {
        return new DynamicLimits(
                messagesPerSecond,
                messageBurst,
                excessMessages,
                messages,
                bytes,
                receivedBytes,
                sentBytes,
                tracks,
                slots,
                hops,
                requests);
    }
}
