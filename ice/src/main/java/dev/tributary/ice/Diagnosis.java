// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

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
    private static final int PAIRS_TOLD_MAX = 4;

    /** Takes a copy of the list. */
    public Diagnosis {
        pairs = List.copyOf(pairs);
    }

    /**
     * The whole story in a few sentences, for people: the reason, what was tried, and what looked wrong. At most
     * four pairs are told, those with the most traffic first. Contains addresses of the peer.
     */
    public String summary() {
        StringBuilder text = new StringBuilder(256);
        text.append(reason).append(". ");
        if (pairs.isEmpty()) {
            text.append("No address of the peer was tried.");
        } else {
            text.append(pairs.size() == 1 ? "One address was tried: " : pairs.size() + " addresses were tried: ");
            List<Pair> busiest = pairs.stream()
                    .sorted(Comparator.comparingLong(Pair::traffic).reversed())
                    .limit(PAIRS_TOLD_MAX)
                    .toList();
            text.append(busiest.stream().map(Pair::words).collect(Collectors.joining("; ")));
            text.append(pairs.size() > PAIRS_TOLD_MAX ? "; and others." : ".");
        }
        counts.oddities().forEach(oddity -> text.append(' ').append(oddity).append('.'));
        String advice = advice();
        return advice.isEmpty()
                ? text.toString()
                : text.append(' ').append(advice).append('.').toString();
    }

    /** What to do about it, one sentence for who runs the server; empty when there is nothing to do. */
    public String advice() {
        if (state == IceState.CLOSED || state == IceState.CONNECTED || state == IceState.NEW) {
            return "";
        }
        boolean wasHeard = counts.requests() + counts.responses() > 0;
        if (wasHeard && pairs.stream().anyMatch(Pair::selected) || reason.startsWith("consent")) {
            return "Its network went away: an ICE restart brings the session back, a new session does too";
        }
        if (wasHeard) {
            return "Packets go one way only: let UDP out of this host, and announce the address that it is sent from";
        }
        if (counts.wrongIntegrity() + counts.wrongUfrag() > 0) {
            return "Exchange descriptions again: the peer has to use the ice-ufrag and the ice-pwd that it was given last";
        }
        if (counts.candidatesRefused() > 0 && pairs.isEmpty()) {
            return "Permit its network with a CandidatePolicy, or have it announce a public address";
        }
        if (counts.candidatesIgnored() > 0 && pairs.isEmpty() && counts.datagrams() == 0) {
            return "Have the peer offer UDP candidates that are addresses, not names";
        }
        return "Open the UDP port in the firewall and announce an address that the peer can reach; for networks that block"
                + " UDP offer the TCP port or a TURN server";
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
            long rttMillis) {
        private long traffic() {
            return checksSent + checksReceived + answersReceived;
        }

        private String words() {
            return remote + " (" + type.token() + ", " + state + ", " + checksSent + " checks sent, " + answersReceived
                    + " answered, " + checksReceived + " received" + (rttMillis < 0 ? "" : ", " + rttMillis + " ms")
                    + ")";
        }
    }

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
            long transmitsDropped) {
        /** What does not happen in a session that goes well, in words. */
        private List<String> oddities() {
            List<String> told = new ArrayList<>();
            tell(told, wrongIntegrity, "with a wrong password");
            tell(told, wrongUfrag, "for another session");
            tell(told, unauthenticated, "without credentials");
            tell(told, malformed + wrongFingerprint, "damaged");
            tell(told, unknownAttributes, "with attributes that are not understood");
            tell(told, replayed, "copied and sent again from elsewhere");
            if (candidatesIgnored > 0) {
                told.add(candidatesIgnored + " candidates of the peer were of no use (names, TCP, another component)");
            }
            if (candidatesRefused > 0) {
                told.add(candidatesRefused + " addresses of the peer are not permitted here");
            }
            return told;
        }

        private static void tell(List<String> told, long count, String what) {
            if (count > 0) {
                told.add(count + (count == 1 ? " STUN message was " : " STUN messages were ") + what);
            }
        }
    }
}
