// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import java.util.Set;
import org.jspecify.annotations.Nullable;

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

    static final String FORMAT = "webrtc-datachannel";

    /** The protocol of drafts before RFC 8841, which names the port as the format; aiortc still writes it. */
    static final String DRAFT_PROTOCOL = "DTLS/SCTP";

    private static final Set<String> PROTOCOLS = Set.of("UDP/DTLS/SCTP", "TCP/DTLS/SCTP");

    /** The SCTP port that a section names, or null when the section is for something else than data channels. */
    static @Nullable Integer portOf(MediaDescription media) {
        if (PROTOCOLS.contains(media.protocol()) && media.formats().contains(FORMAT)) {
            Integer port = media.sctpPort();
            return port == null ? DEFAULT.sctpPort() : port;
        }
        if (media.protocol().equals(DRAFT_PROTOCOL)) {
            String port = media.formats().get(0);
            for (String map : media.attributes("sctpmap")) {
                String[] words = Scan.words(map, 2);
                if (words.length == 2 && words[0].equals(port) && words[1].equals(FORMAT)) {
                    return (int) Math.max(0, Scan.number(port, MediaDescription.PORT_MAX));
                }
            }
        }
        return null;
    }
}
