// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

/** Where a session stands, as W3C's RTCIceTransportState says it. */
public enum IceState {
    /** The peer's credentials are not known yet, and nothing came from it. */
    NEW,
    /** Checks run, nothing is selected. */
    CHECKING,
    /** A path is selected and the peer consents. */
    CONNECTED,
    /** A path is selected, but the peer has not been heard for a while; may come back. */
    DISCONNECTED,
    /** No path was found, or consent was lost. Only a restart leaves this state. */
    FAILED,
    /** Closed by its owner. */
    CLOSED
}
