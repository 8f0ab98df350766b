// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import java.util.List;

/**
 * Why a session is connected or not, in words and numbers: for a log line, a support page, a test's failure message.
 * An immutable snapshot.
 *
 * @param state the state at that moment
 * @param reason one sentence for people
 * @param pairs every pair (a lite agent: every address that authenticated itself)
 * @param counts what happened so far
 */
public record Diagnosis(IceState state, String reason, List<Pair> pairs, Counts counts) {
    /** Takes a copy of the list. */
    public Diagnosis {
        pairs = List.copyOf(pairs);
    }

    /**
     * One pair.
     *
     * @param remote the peer's address and port
     * @param type how we learned it
     * @param state {@code waiting}, {@code in progress}, {@code succeeded} or {@code failed}; {@code authenticated} at a
     *     lite agent
     * @param selected whether media goes there
     * @param checksSent requests sent, repetitions included
     * @param checksReceived authenticated requests received
     * @param answersReceived authenticated success responses received
     * @param rttMillis the last measured round trip, -1 when unknown
     */
    public record Pair(
            String remote,
            CandidateType type,
            String state,
            boolean selected,
            long checksSent,
            long checksReceived,
            long answersReceived,
            long rttMillis) {}

    /**
     * Totals of a session.
     *
     * @param datagrams STUN-like datagrams handed in
     * @param malformed not well-formed STUN, or another method
     * @param wrongFingerprint FINGERPRINT did not agree
     * @param unauthenticated requests or responses without integrity or username
     * @param wrongUfrag requests for another fragment
     * @param wrongIntegrity forged, or written with another password
     * @param unknownAttributes refused with 420
     * @param roleConflicts answered or received 487
     * @param replayed authenticated checks seen before, from another address
     * @param unmatchedResponses responses to nothing that we asked
     * @param requests authenticated requests
     * @param responses authenticated success responses
     * @param candidatesIgnored remote candidates of no use (names, TCP, another component, beyond the limit)
     * @param candidatesRefused addresses of the peer that the {@link CandidatePolicy} does not permit
     * @param verifications addresses that were asked whether the peer is there, because data or a check came from them
     * @param transmitsDropped datagrams that found the queue full
     */
    public record Counts(
            long datagrams,
            long malformed,
            long wrongFingerprint,
            long unauthenticated,
            long wrongUfrag,
            long wrongIntegrity,
            long unknownAttributes,
            long roleConflicts,
            long replayed,
            long unmatchedResponses,
            long requests,
            long responses,
            long candidatesIgnored,
            long candidatesRefused,
            long verifications,
            long transmitsDropped) {}
}
