// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

/**
 * The limits of one {@link SrtpSession}.
 *
 * @param outboundSources SSRCs that we may ever send with, removed ones included: their last index has to be remembered,
 *     or the same key and index could be used twice
 * @param inboundSources SSRCs that the peer may ever send with; each costs about 250 bytes, created only after a packet
 *     has authenticated
 * @param rtpPacketsPerKey RTP packets sent under one master key; RFC 3711 §9.2 allows 2^48
 * @param rtcpPacketsPerKey RTCP packets sent under one master key; RFC 3711 §9.2 allows 2^31
 * @param rtpReplayWindow packets behind the newest that a late one may be; a multiple of 64, RFC 3711 asks for 64 at least
 * @param rtcpReplayWindow the same for RTCP
 * @since 0.1
 */
public record SrtpLimits(
        int outboundSources,
        int inboundSources,
        long rtpPacketsPerKey,
        long rtcpPacketsPerKey,
        int rtpReplayWindow,
        int rtcpReplayWindow) {
    private static final long RTP_LIFETIME = 1L << 48;
    private static final long RTCP_LIFETIME = 1L << 31;

    /** What a server wants: 4,096 and 1,024 sources, the lifetimes of the RFC, windows of 1,024 and 128 packets. */
    public static final SrtpLimits DEFAULT = new SrtpLimits(4096, 1024, RTP_LIFETIME, RTCP_LIFETIME, 1024, 128);

    /** Checks the ranges. */
    public SrtpLimits {
        require(outboundSources > 0, "outboundSources", outboundSources);
        require(inboundSources > 0, "inboundSources", inboundSources);
        require(rtpPacketsPerKey > 0 && rtpPacketsPerKey <= RTP_LIFETIME, "rtpPacketsPerKey", rtpPacketsPerKey);
        require(rtcpPacketsPerKey > 0 && rtcpPacketsPerKey <= RTCP_LIFETIME, "rtcpPacketsPerKey", rtcpPacketsPerKey);
        require(isWindow(rtpReplayWindow), "rtpReplayWindow", rtpReplayWindow);
        require(isWindow(rtcpReplayWindow), "rtcpReplayWindow", rtcpReplayWindow);
    }

    private static boolean isWindow(int size) {
        return size >= 64 && size <= 32_768 && size % 64 == 0;
    }

    private static void require(boolean holds, String name, long value) {
        if (!holds) {
            throw new IllegalArgumentException("SrtpLimits: " + name + " is out of range: " + value);
        }
    }
}
