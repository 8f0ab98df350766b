// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import java.util.List;

/**
 * A codec on which both sides agreed.
 *
 * @param local how our description has it: the payload type of packets that we receive
 * @param remote how the peer's description has it: the payload type of packets that we send
 * @param localRtx payload type of retransmissions that we receive; -1 when not agreed
 * @param remoteRtx payload type of retransmissions that we send; -1 when not agreed
 */
public record NegotiatedCodec(Codec local, Codec remote, int localRtx, int remoteRtx) {
    /** Encoding name. */
    public String name() {
        return local.name();
    }

    /** RTP clock rate in Hz. */
    public int clockRate() {
        return local.clockRate();
    }

    /** Payload type of packets that we send. */
    public int sendPayloadType() {
        return remote.payloadType();
    }

    /** Payload type of packets that we receive. */
    public int receivePayloadType() {
        return local.payloadType();
    }

    /** Whether retransmission is agreed. */
    public boolean hasRtx() {
        return localRtx >= 0 && remoteRtx >= 0;
    }

    /** Feedback that both sides named, in our order. */
    public List<RtcpFeedback> feedback() {
        return local.feedback().stream().filter(remote.feedback()::contains).toList();
    }

    /** Whether both sides named that feedback. */
    public boolean has(RtcpFeedback feedback) {
        return local.feedback().contains(feedback) && remote.feedback().contains(feedback);
    }
}
