// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

/**
 * Where a peer's outgoing packets go: protect and send. The bytes are in the clear and borrowed for the duration of the
 * call; they may be changed, and there is room for {@value #ROOM_BYTES} more bytes behind them, so protecting in place
 * works. Called on the peer's loop.
 */
public interface RtpSink {
    /** Bytes behind each packet that may be written: more than any SRTP or SRTCP profile adds. */
    int ROOM_BYTES = 64;

    /** Sends an RTP packet. */
    void sendRtp(byte[] bytes, int offset, int length);

    /** Sends a compound RTCP packet. */
    void sendRtcp(byte[] bytes, int offset, int length);
}
