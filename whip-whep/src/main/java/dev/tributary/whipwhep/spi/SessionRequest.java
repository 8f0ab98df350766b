// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.spi;

/**
 * A session that somebody wants, already authenticated.
 *
 * @param kind whether the client publishes or plays
 * @param room the room, percent-decoded; {@code name@host} names a room of another instance
 * @param sessionId the unguessable id that the session will have; part of its URL, so a secret of the client and us
 * @param offer the SDP offer as it arrived; empty when the client sent none and the engine shall offer
 * @param grant who it is and what they may do
 * @param dynamicAllowed whether a data channel in the offer may become the control channel of the dynamic extension
 * @param ownTracks whether a player gets what the same somebody publishes
 */
public record SessionRequest(
        SessionKind kind,
        String room,
        String sessionId,
        String offer,
        Grant grant,
        boolean dynamicAllowed,
        boolean ownTracks) {
    /** A session in which everything that is published is seen, one's own included. */
    public SessionRequest(
            SessionKind kind, String room, String sessionId, String offer, Grant grant, boolean dynamicAllowed) {
        this(kind, room, sessionId, offer, grant, dynamicAllowed, true);
    }

    @Override
    public String toString() {
        return "SessionRequest[" + kind + " " + room + ", " + offer.length() + " characters of offer]";
    }
}
