// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

/**
 * Why an association is over.
 *
 * @param kind who ended it and how
 * @param causeCode the error cause (RFC 9260 §3.3.10) that was sent or received, 0 when there is none
 * @param text what it says about it; when it came from the peer, printable ASCII only
 */
public record CloseReason(Kind kind, int causeCode, String text) {
    /** Who ended the association, and how. */
    public enum Kind {
        /** By SHUTDOWN: all messages of both sides were delivered. */
        SHUTDOWN,
        /** We aborted it on the application's word. */
        ABORTED,
        /** We aborted it because the peer broke the protocol or a limit. */
        PEER_MISBEHAVED,
        /** The peer aborted it; that is how browsers close. */
        ABORTED_BY_PEER,
        /** The peer did not answer. */
        TIMED_OUT
    }
}
