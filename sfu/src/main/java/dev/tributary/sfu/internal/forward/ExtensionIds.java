// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

/**
 * The negotiated ids of header extensions (RFC 8285), 0 for those that were not negotiated.
 *
 * @param mid {@code urn:ietf:params:rtp-hdrext:sdes:mid}
 * @param rid {@code urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id}
 * @param repairedRid {@code urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id}
 * @param audioLevel {@code urn:ietf:params:rtp-hdrext:ssrc-audio-level}
 * @param videoOrientation {@code urn:3gpp:video-orientation}
 * @param transportSequence
 *     {@code http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01}, of incoming packets
 */
public record ExtensionIds(
        int mid, int rid, int repairedRid, int audioLevel, int videoOrientation, int transportSequence) {
    /** No extension at all. */
    public static final ExtensionIds NONE = new ExtensionIds(0, 0, 0, 0, 0, 0);
}
