// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

/**
 * What was agreed about the SCTP association (RFC 8841).
 *
 * @param index index of the section in the descriptions
 * @param mid id of the section
 * @param localPort our SCTP port
 * @param remotePort the peer's SCTP port
 * @param remoteMaxMessageSizeBytes largest message that the peer takes; {@link Long#MAX_VALUE} when it takes any
 */
public record NegotiatedDataChannel(
        int index, String mid, int localPort, int remotePort, long remoteMaxMessageSizeBytes) {}
