// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

/**
 * Our end of the SCTP association (RFC 8841).
 *
 * @param sctpPort SCTP port, 1 to 65535
 * @param maxMessageSizeBytes largest message that we take; 0 means any
 */
public record DataChannelPort(int sctpPort, long maxMessageSizeBytes) {
    /** What every WebRTC stack uses: port 5000; and messages of up to 256 KiB. */
    public static final DataChannelPort DEFAULT = new DataChannelPort(5000, 262_144);

    /** Checks both numbers. */
    public DataChannelPort {
        if (sctpPort <= 0 || sctpPort > MediaDescription.PORT_MAX || maxMessageSizeBytes < 0) {
            throw new IllegalArgumentException("An SCTP port is 1 to 65535 and a size is not negative, got " + sctpPort
                    + ", " + maxMessageSizeBytes);
        }
    }
}
