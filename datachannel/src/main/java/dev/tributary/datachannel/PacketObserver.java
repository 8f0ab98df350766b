// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

import java.nio.ByteBuffer;

/**
 * Sees every SCTP packet of an association as it comes out of DTLS or goes into it, for traces and captures. Called on the
 * thread that drives the association; must not throw, and must not call the association.
 */
@FunctionalInterface
public interface PacketObserver {
    /** Sees nothing. */
    PacketObserver NONE = (sent, packet, nowNanos) -> {};

    /**
     * Sees one packet.
     *
     * @param sent whether it is ours
     * @param packet a view of the bytes, borrowed for the call
     * @param nowNanos the time that the association was told
     */
    void packet(boolean sent, ByteBuffer packet, long nowNanos);
}
