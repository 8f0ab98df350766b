// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import dev.tributary.srtp.internal.index.PacketIndex;
import dev.tributary.srtp.internal.index.ReplayWindow;
import dev.tributary.srtp.internal.index.SourceContext;
import dev.tributary.srtp.internal.transform.Transform;
import dev.tributary.srtp.internal.transform.TransformPair;
import dev.tributary.srtp.internal.wire.RtpHeader;
import org.jspecify.annotations.Nullable;

/**
 * The incoming half of a {@link SrtpSession}: guesses each packet's index, and remembers what it has seen of those that
 * authenticate. Not thread-safe.
 */
final class SrtpReceiver {
    private final SrtpProfile profile;
    private final Transform rtp;
    private final Transform rtcp;
    private final SrtpSources sources;
    private long rtpUnprotected;
    private long rtcpUnprotected;

    SrtpReceiver(SrtpProfile profile, SrtpLimits limits, TransformPair transforms) {
        this.profile = profile;
        this.rtp = transforms.rtp();
        this.rtcp = transforms.rtcp();
        this.sources = new SrtpSources(limits, limits.inboundSources());
    }

    SrtpSources sources() {
        return sources;
    }

    long rtpUnprotected() {
        return rtpUnprotected;
    }

    long rtcpUnprotected() {
        return rtcpUnprotected;
    }

    int unprotect(byte[] src, int srcOffset, int length, byte[] dst, int dstOffset) {
        int plain = length - profile.rtpOverheadBytes();
        if (SrtpSession.isOutside(src, srcOffset, length)) {
            return SrtpFailure.NO_ROOM.status();
        }
        int headerLength = RtpHeader.length(src, srcOffset, length);
        if (headerLength < 0) {
            return headerLength;
        }
        if (plain < headerLength) {
            return SrtpFailure.MALFORMED.status();
        }
        if (SrtpSession.isOutside(dst, dstOffset, plain)) {
            return SrtpFailure.NO_ROOM.status();
        }
        int ssrc = RtpHeader.ssrc(src, srcOffset);
        int sequenceNumber = RtpHeader.sequenceNumber(src, srcOffset);
        SourceContext source = sources.get(ssrc);
        if (source == null || source.rtp().highest() < 0) {
            return openFirst(source, ssrc, sequenceNumber, src, srcOffset, headerLength, length, dst, dstOffset);
        }
        long index = source.estimate(sequenceNumber);
        if (index >= PacketIndex.END) {
            return SrtpFailure.KEY_EXPIRED.status();
        }
        int seen = source.rtp().check(index);
        if (seen != ReplayWindow.FRESH) {
            return replay(seen);
        }
        int result = rtp.openRtp(ssrc, index, src, srcOffset, headerLength, length, dst, dstOffset);
        if (result >= 0) {
            source.rtp().mark(index);
            rtpUnprotected++;
        }
        return result;
    }

    /**
     * The first packet of a source says how its sequence numbers and roll-over counter belong together. When the sender
     * began near the end of a lap and the packets before the roll-over were lost or overtaken, the counter is one ahead
     * of what we expect; without the second try such a source would stay mute for ever.
     */
    private int openFirst(
            @Nullable SourceContext known,
            int ssrc,
            int sequenceNumber,
            byte[] src,
            int srcOffset,
            int headerLength,
            int length,
            byte[] dst,
            int dstOffset) {
        if (known == null && sources.isFull()) {
            return SrtpFailure.TOO_MANY_SOURCES.status();
        }
        long rollOver = known == null ? 0 : known.firstRollOver();
        long index = rollOver << 16 | sequenceNumber;
        int result = rtp.openRtp(ssrc, index, src, srcOffset, headerLength, length, dst, dstOffset);
        if (result == SrtpFailure.AUTHENTICATION.status()) {
            long neighbour = sequenceNumber < 0x8000 ? index + (1 << 16) : index - (1 << 16);
            if (neighbour >= 0 && neighbour < PacketIndex.END) {
                index = neighbour;
                result = rtp.openRtp(ssrc, index, src, srcOffset, headerLength, length, dst, dstOffset);
            }
        }
        if (result >= 0) {
            SourceContext source = known == null ? sources.add(ssrc, 0) : known;
            source.rtp().mark(index);
            rtpUnprotected++;
        }
        return result;
    }

    int unprotectRtcp(byte[] src, int srcOffset, int length, byte[] dst, int dstOffset) {
        if (SrtpSession.isOutside(src, srcOffset, length)) {
            return SrtpFailure.NO_ROOM.status();
        }
        int plain = length - profile.rtcpOverheadBytes();
        if (plain < Transform.RTCP_HEADER_BYTES || (src[srcOffset] & 0xC0) != 0x80) {
            return SrtpFailure.MALFORMED.status();
        }
        if (SrtpSession.isOutside(dst, dstOffset, plain)) {
            return SrtpFailure.NO_ROOM.status();
        }
        int ssrc = Transform.readInt(src, srcOffset + 4);
        SourceContext source = sources.get(ssrc);
        if (source == null && sources.isFull()) {
            return SrtpFailure.TOO_MANY_SOURCES.status();
        }
        long index = rtcp.esrtcpWord(src, srcOffset + length) & SrtpSession.RTCP_INDEX_LAST;
        int seen = source == null ? ReplayWindow.FRESH : source.rtcp().check(index);
        if (seen != ReplayWindow.FRESH) {
            return replay(seen);
        }
        int result = rtcp.openRtcp(ssrc, src, srcOffset, length, dst, dstOffset);
        if (result >= 0) {
            (source == null ? sources.add(ssrc, 0) : source).rtcp().mark(index);
            rtcpUnprotected++;
        }
        return result;
    }

    private static int replay(int seen) {
        return seen == ReplayWindow.SEEN ? SrtpFailure.REPLAYED.status() : SrtpFailure.TOO_OLD.status();
    }

    void close() {
        rtp.close();
        rtcp.close();
    }
}
