// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.agent;

import dev.tributary.ice.Diagnosis;

/** The totals of one agent, as {@link Diagnosis.Counts} names them. */
final class Counters {
    long datagrams;
    long malformed;
    long wrongFingerprint;
    long unauthenticated;
    long wrongUfrag;
    long wrongIntegrity;
    long unknownAttributes;
    long roleConflicts;
    long replayed;
    long unmatchedResponses;
    long requests;
    long responses;
    long candidatesIgnored;
    long candidatesRefused;
    long verifications;
    long transmitsDropped;

    Diagnosis.Counts snapshot() {
        return new Diagnosis.Counts(
                datagrams,
                malformed,
                wrongFingerprint,
                unauthenticated,
                wrongUfrag,
                wrongIntegrity,
                unknownAttributes,
                roleConflicts,
                replayed,
                unmatchedResponses,
                requests,
                responses,
                candidatesIgnored,
                candidatesRefused,
                verifications,
                transmitsDropped);
    }

    /** One sentence about why nothing authenticated came, from the most telling number. */
    String whyNothingCame(boolean remoteKnown) {
        if (wrongIntegrity > 0) {
            return wrongIntegrity + " messages carried a wrong password: the peer uses other ICE credentials";
        }
        if (wrongUfrag > 0) {
            return wrongUfrag + " checks were addressed to another ufrag: an old or a different session";
        }
        if (unauthenticated > 0) {
            return unauthenticated + " messages had no credentials at all";
        }
        if (malformed + wrongFingerprint > 0) {
            return "only damaged or foreign datagrams came: " + (malformed + wrongFingerprint);
        }
        return remoteKnown
                ? "no STUN datagram came from the peer: a firewall, a wrong announced address, or UDP is blocked"
                : "the peer's credentials are not known yet, and nothing came from it";
    }
}
