// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.index;

/** What one direction remembers of one SSRC. Not thread-safe. */
public final class SourceContext {
    private final int ssrc;
    private final ReplayWindow rtp;
    private final ReplayWindow rtcp;
    private long firstRollOver;

    /**
     * A source of which nothing was seen.
     *
     * @param firstRollOver the roll-over counter to expect in the first packet; 0 unless signalled
     */
    public SourceContext(int ssrc, int rtpWindow, int rtcpWindow, long firstRollOver) {
        this.ssrc = ssrc;
        this.rtp = new ReplayWindow(rtpWindow);
        this.rtcp = new ReplayWindow(rtcpWindow);
        this.firstRollOver = firstRollOver;
    }

    /** The source. */
    public int ssrc() {
        return ssrc;
    }

    /** RTP indices. */
    public ReplayWindow rtp() {
        return rtp;
    }

    /** SRTCP indices. */
    public ReplayWindow rtcp() {
        return rtcp;
    }

    /** The roll-over counter to expect in the first packet. */
    public long firstRollOver() {
        return firstRollOver;
    }

    /** Sets the roll-over counter to expect, of a source that has sent no RTP yet. */
    public void expect(long rollOver) {
        firstRollOver = rollOver;
    }

    /** The index that a packet most likely has. */
    public long estimate(int sequenceNumber) {
        return rtp.highest() < 0
                ? firstRollOver << 16 | sequenceNumber
                : PacketIndex.estimate(rtp.highest(), sequenceNumber);
    }

    /** Forgets all but the highest indices. */
    public void retire() {
        rtp.retire();
        rtcp.retire();
    }
}
