// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu;

/** Where a {@link Peer} puts the media that it receives. Called on the peer's loop; the bytes are borrowed. */
public interface MediaReceiver {
    /** Takes nothing. */
    MediaReceiver NONE = new MediaReceiver() {};

    /**
     * One RTP packet in the clear.
     *
     * @param bytes the array it lies in
     * @param offset index of its first byte
     * @param length its bytes
     * @param nowNanos the time of this turn of the loop
     */
    default void rtp(byte[] bytes, int offset, int length, long nowNanos) {}

    /**
     * One compound RTCP packet in the clear.
     *
     * @param bytes the array it lies in
     * @param offset index of its first byte
     * @param length its bytes
     * @param nowNanos the time of this turn of the loop
     */
    default void rtcp(byte[] bytes, int offset, int length, long nowNanos) {}
}
