// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

import java.util.Map;

/**
 * What an association has done so far: an immutable snapshot.
 *
 * @param packetsSent packets handed to the transport
 * @param packetsReceived packets taken from it
 * @param messagesSent messages whose last fragment was sent
 * @param messagesReceived messages that became complete
 * @param messagesAbandoned messages of limited reliability that were given up
 * @param retransmissions DATA chunks that were sent again
 * @param fastRetransmissions of them, those that did not wait for the timer
 * @param timeouts how often the retransmission timer T3 ran out
 * @param congestionWindowBytes how much may be in flight
 * @param slowStartThresholdBytes where growth of the window becomes linear
 * @param bytesInFlight what is sent and not acknowledged
 * @param chunksOutstanding chunks that have a TSN and are not acknowledged cumulatively: in flight, lost, acknowledged
 *     beyond a gap, or given up without the peer's consent yet
 * @param bytesBuffered payload that we hold because it waits to be sent or may have to be sent again; what {@link
 *     Limits#sendBufferBytes} bounds
 * @param peerWindowBytes what the peer has room for
 * @param smoothedRttMicros the smoothed round trip time, 0 when there is none
 * @param retransmissionTimeoutMicros the time-out of T3
 * @param bytesWaiting payload that waits for other fragments, for earlier messages or for {@code pollEvent}
 * @param anomalies how often each anomaly was seen; those that were not are missing
 */
public record SctpStatistics(
        long packetsSent,
        long packetsReceived,
        long messagesSent,
        long messagesReceived,
        long messagesAbandoned,
        long retransmissions,
        long fastRetransmissions,
        long timeouts,
        long congestionWindowBytes,
        long slowStartThresholdBytes,
        long bytesInFlight,
        long chunksOutstanding,
        long bytesBuffered,
        long peerWindowBytes,
        long smoothedRttMicros,
        long retransmissionTimeoutMicros,
        long bytesWaiting,
        Map<SctpAnomaly, Long> anomalies) {

    /** Makes the map unmodifiable. */
    public SctpStatistics {
        anomalies = Map.copyOf(anomalies);
    }

    /** How often an anomaly was seen. */
    public long count(SctpAnomaly anomaly) {
        return anomalies.getOrDefault(anomaly, 0L);
    }
}
