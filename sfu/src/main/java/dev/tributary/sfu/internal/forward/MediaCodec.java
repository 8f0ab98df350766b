// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

/**
 * One negotiated payload type of a media section.
 *
 * @param payloadType 0 to 127
 * @param kind what the engine knows of it
 * @param key names what both ends must have in common for packets to be passed on unchanged, such as "VP8/90000" or
 *     "H264/90000/42e01f/1"; equal keys are compatible
 * @param clockRate timestamp units in a second
 * @param rtxPayloadType payload type of its retransmissions (RFC 4588), or −1
 * @param nack whether generic NACK was negotiated
 * @param pictureLossIndication whether PLI was negotiated
 * @param fullIntraRequest whether FIR was negotiated
 */
public record MediaCodec(
        int payloadType,
        CodecKind kind,
        String key,
        int clockRate,
        int rtxPayloadType,
        boolean nack,
        boolean pictureLossIndication,
        boolean fullIntraRequest) {
    /** Checks the numbers. */
    public MediaCodec {
        if (payloadType < 0 || payloadType > 127 || rtxPayloadType < -1 || rtxPayloadType > 127) {
            throw new IllegalArgumentException("Payload types " + payloadType + " and " + rtxPayloadType);
        }
        if (clockRate <= 0) {
            throw new IllegalArgumentException("Clock rate " + clockRate + " of " + key);
        }
    }
}
