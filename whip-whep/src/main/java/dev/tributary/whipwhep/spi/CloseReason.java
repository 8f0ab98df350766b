// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.spi;

/** Why a session ended. */
public enum CloseReason {
    /** The HTTP client sent DELETE. */
    DELETED,
    /** The peer closed its media transport (DTLS close_notify) or said bye. */
    PEER_LEFT,
    /** Consent to send expired, ICE or DTLS never came up, or the transport broke. */
    CONNECTION_LOST,
    /** The same identity published anew, and took over. */
    REPLACED,
    /** The grant was withdrawn. */
    REVOKED,
    /** The grant's time was up. */
    EXPIRED,
    /** The stream ended. */
    ROOM_ENDED,
    /** The server shuts down or moves its sessions away. */
    DRAINING,
    /** Something on our side broke; the session was given up. */
    FAILED
}
