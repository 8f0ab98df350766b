// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import dev.tributary.srtp.internal.index.PacketIndex;
import dev.tributary.srtp.internal.index.ReplayWindow;
import dev.tributary.srtp.internal.index.SourceContext;
import dev.tributary.srtp.internal.transform.Transform;
import dev.tributary.srtp.internal.transform.TransformPair;
import dev.tributary.srtp.internal.wire.RtpHeader;
import org.jspecify.annotations.Nullable;

/** The outgoing half of a {@link SrtpSession}: gives each packet its index, once. Not thread-safe. */
final class SrtpSender {
    private final SrtpProfile profile;
    private final SrtpLimits limits;
    private final Transform rtp;
    private final Transform rtcp;
    private final SrtpSources sources;
    private long rtpProtected;
    private long rtcpProtected;

    SrtpSender(SrtpProfile profile, SrtpLimits limits, TransformPair transforms) {
        this.profile = profile;
        this.limits = limits;
        this.rtp = transforms.rtp();
        this.rtcp = transforms.rtcp();
        this.sources = new SrtpSources(limits, limits.outboundSources());
    }

    SrtpSources sources() {
        return sources;
    }

    long rtpProtected() {
        return rtpProtected;
    }

    long rtcpProtected() {
        return rtcpProtected;
    }

    int protect(byte[] src, int srcOffset, int length, byte[] dst, int dstOffset) {
        int grown = length + profile.rtpOverheadBytes();
        if (SrtpSession.isOutside(src, srcOffset, length) || SrtpSession.isOutside(dst, dstOffset, grown)) {
            return SrtpFailure.NO_ROOM.status();
        }
        int headerLength = RtpHeader.length(src, srcOffset, length);
        if (headerLength < 0) {
            return headerLength;
        }
        int ssrc = RtpHeader.ssrc(src, srcOffset);
        SourceContext source = source(ssrc);
        if (source == null) {
            return SrtpFailure.TOO_MANY_SOURCES.status();
        }
        long index = source.estimate(RtpHeader.sequenceNumber(src, srcOffset));
        if (index >= PacketIndex.END || rtpProtected >= limits.rtpPacketsPerKey()) {
            return SrtpFailure.KEY_EXPIRED.status();
        }
        if (source.rtp().check(index) != ReplayWindow.FRESH) {
            return SrtpFailure.INDEX_REUSED.status();
        }
        source.rtp().mark(index);
        int result = rtp.sealRtp(ssrc, index, src, srcOffset, headerLength, length, dst, dstOffset);
        if (result >= 0) {
            rtpProtected++;
        }
        return result;
    }

    int protectRtcp(byte[] src, int srcOffset, int length, byte[] dst, int dstOffset) {
        int grown = length + profile.rtcpOverheadBytes();
        if (SrtpSession.isOutside(src, srcOffset, length) || SrtpSession.isOutside(dst, dstOffset, grown)) {
            return SrtpFailure.NO_ROOM.status();
        }
        if (length < Transform.RTCP_HEADER_BYTES || (src[srcOffset] & 0xC0) != 0x80) {
            return SrtpFailure.MALFORMED.status();
        }
        int ssrc = Transform.readInt(src, srcOffset + 4);
        SourceContext source = source(ssrc);
        if (source == null) {
            return SrtpFailure.TOO_MANY_SOURCES.status();
        }
        long index = source.rtcp().highest() + 1;
        if (index > SrtpSession.RTCP_INDEX_LAST || rtcpProtected >= limits.rtcpPacketsPerKey()) {
            return SrtpFailure.KEY_EXPIRED.status();
        }
        source.rtcp().mark(index);
        int result = rtcp.sealRtcp(ssrc, (int) index, src, srcOffset, length, dst, dstOffset);
        if (result >= 0) {
            rtcpProtected++;
        }
        return result;
    }

    private @Nullable SourceContext source(int ssrc) {
        SourceContext source = sources.get(ssrc);
        return source == null && !sources.isFull() ? sources.add(ssrc, 0) : source;
    }

    void close() {
        rtp.close();
        rtcp.close();
    }
}
