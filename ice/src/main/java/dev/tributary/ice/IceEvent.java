// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import java.net.InetSocketAddress;

/** What an {@link IceAgent} tells its owner through {@link IceAgent#pollEvent}. Values, safe to keep. */
public sealed interface IceEvent {
    /** The state changed. {@link IceState#FAILED} is followed by {@link Failed}. */
    record StateChanged(IceState from, IceState to) implements IceEvent {}

    /**
     * There is no connection, or none any more.
     *
     * @param diagnosis why, as far as this side can tell
     */
    record Failed(Diagnosis diagnosis) implements IceEvent {}

    /** Send to this address from now on: the first nomination, a better pair, a moved peer, or a restart's result. */
    record PathSelected(InetSocketAddress remote) implements IceEvent {}

    /** RFC 7675 §5.1: the peer has not consented for 30 s; sending must have stopped. */
    record ConsentLost(InetSocketAddress remote) implements IceEvent {}

    /** The hand-over after a restart is over: this fragment may be dropped from a router's table. */
    record UfragRetired(String ufrag) implements IceEvent {}

    /** A role conflict was resolved by taking the other role (RFC 8445 §7.3.1.1). */
    record RoleChanged(IceRole role) implements IceEvent {}

    /**
     * A STUN server has told how our socket looks from outside.
     *
     * @param candidate to be trickled to the peer when it is new
     * @param isNew false when the address was a candidate already: there is no NAT, or another server said the same
     */
    record CandidateGathered(Candidate candidate, boolean isNew) implements IceEvent {}

    /** A {@link GatheringAgent} has asked everybody: no more addresses of ours will come. */
    record GatheringEnded() implements IceEvent {}

    /** A STUN server did not answer, or answered nothing of use. */
    record GatheringFailed(InetSocketAddress server) implements IceEvent {}
}
