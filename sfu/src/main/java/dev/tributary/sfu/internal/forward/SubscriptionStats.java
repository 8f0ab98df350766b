// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

/**
 * What was counted of one outgoing stream, shaped after the outbound-rtp statistics of the W3C.
 *
 * @param ssrc 32 unsigned bits
 * @param packetsSent without retransmissions
 * @param bytesSent their payload bytes
 * @param packetsResent retransmissions
 * @param nacksUnanswered packets asked for that could not be sent again
 * @param ringMisses packets that were overwritten before they could be sent
 * @param unsupportedPackets packets of codecs that the subscriber does not have
 * @param keyFramesRequested requests that the subscriber caused
 * @param switches changes of layer or source
 * @param fractionLost as last reported by the subscriber, 0 to 1
 * @param jitter as last reported, in timestamp units
 * @param roundTripNanos measured by reports, −1 if unknown
 */
public record SubscriptionStats(
        int ssrc,
        long packetsSent,
        long bytesSent,
        long packetsResent,
        long nacksUnanswered,
        long ringMisses,
        long unsupportedPackets,
        long keyFramesRequested,
        long switches,
        double fractionLost,
        long jitter,
        long roundTripNanos) {}
