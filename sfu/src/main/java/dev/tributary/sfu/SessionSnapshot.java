// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu;

import dev.tributary.whipwhep.ControlRole;
import dev.tributary.whipwhep.spi.SessionKind;

/**
 * One session at one moment. Immutable.
 *
 * @param id the session's id, the same in all its snapshots
 * @param kind the protocol that set it up
 * @param role what the other end is
 * @param outgoing whether this server began it, as a pipe to another server
 * @param subject who it is, empty for nobody in particular
 * @param label the name to show
 * @param isConnected whether media can flow
 * @param isDynamic whether a control channel is up
 * @param packetsIn RTP packets received
 * @param bytesIn bytes of them
 * @param packetsOut RTP packets sent
 * @param bytesOut bytes of them
 * @param packetsLost packets that did not arrive: here, when the session sends to us; there, when it receives
 * @param rttMillis the round-trip time in milliseconds by RTCP, or a negative number while it is unknown
 */
public record SessionSnapshot(
        String id,
        SessionKind kind,
        ControlRole role,
        boolean outgoing,
        String subject,
        String label,
        boolean isConnected,
        boolean isDynamic,
        long packetsIn,
        long bytesIn,
        long packetsOut,
        long bytesOut,
        long packetsLost,
        double rttMillis) {}
