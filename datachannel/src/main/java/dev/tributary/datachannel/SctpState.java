// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

/** The states of an association (RFC 9260 §4). */
public enum SctpState {
    /** Not begun. */
    IDLE,
    /** INIT is sent. */
    COOKIE_WAIT,
    /** The peer's cookie is sent back. */
    COOKIE_ECHOED,
    /** Messages flow. */
    ESTABLISHED,
    /** We shut down as soon as all is acknowledged. */
    SHUTDOWN_PENDING,
    /** SHUTDOWN is sent. */
    SHUTDOWN_SENT,
    /** The peer shuts down; what we have is still sent. */
    SHUTDOWN_RECEIVED,
    /** SHUTDOWN ACK is sent. */
    SHUTDOWN_ACK_SENT,
    /** Over, for good. */
    CLOSED
}
