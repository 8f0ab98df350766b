// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import org.jspecify.annotations.Nullable;

/**
 * What was counted of one incoming stream, shaped after the inbound-rtp statistics of the W3C.
 *
 * @param ssrc 32 unsigned bits
 * @param rid restriction identifier of a simulcast layer, or {@code null}
 * @param codec the codec's {@link MediaCodec#key}, or {@code null} before the first packet
 * @param packetsReceived packets kept, recovered ones included
 * @param bytesReceived their payload bytes
 * @param packetsDropped duplicates, packets too old, packets of unknown codecs
 * @param packetsRecovered packets that a retransmission brought
 * @param packetsLost missing ones, as a receiver report counts
 * @param fractionLost in the interval of the last report, 0 to 1
 * @param jitter interarrival jitter in timestamp units
 * @param bitrateBps payload bits per second over the last second
 * @param pixels width times height of the last key frame, 0 if unknown
 */
public record IncomingStreamStats(
        int ssrc,
        @Nullable String rid,
        @Nullable String codec,
        long packetsReceived,
        long bytesReceived,
        long packetsDropped,
        long packetsRecovered,
        long packetsLost,
        double fractionLost,
        long jitter,
        long bitrateBps,
        int pixels) {}
