// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.agent;

import dev.tributary.ice.Candidate;
import dev.tributary.ice.CandidatePolicy;
import dev.tributary.ice.CandidateType;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Which addresses of the peer a full agent pairs with its own: what was told, and what a check showed. */
final class RemoteCandidates {
    private final FullAgent agent;
    private final CandidatePolicy policy;

    RemoteCandidates(FullAgent agent, CandidatePolicy policy) {
        this.agent = agent;
        this.policy = policy;
    }

    /** Adds what the peer's description or a trickled fragment tells, or counts why not. */
    void add(CheckList list, Candidate candidate) {
        InetSocketAddress address = candidate.component() == 1 && candidate.isUdp() ? candidate.socketAddress() : null;
        if (address == null || !Addresses.isCheckable(address)) {
            agent.counters.candidatesIgnored++;
            return;
        }
        if (!permits(address)) {
            return;
        }
        CandidatePair known = list.find(address);
        if (known != null) {
            known.type = candidate.type();
            known.remotePriority = candidate.priority();
        } else if (list.pairs.size() < agent.limits.remoteCandidatesMax()) {
            list.add(address, candidate.type(), candidate.priority());
        } else {
            agent.counters.candidatesIgnored++;
        }
    }

    /** RFC 8445 §7.3.1.3: the source of the check that the agent holds is a peer-reflexive candidate. Null when it counts not. */
    @Nullable
    CandidatePair learn(CheckList list, InetSocketAddress source) {
        if (list.pairs.size() >= agent.limits.remoteCandidatesMax() || !Addresses.isCheckable(source)) {
            agent.counters.candidatesIgnored++;
            return null;
        }
        if (!permits(source)) {
            return null;
        }
        long unknown = Candidate.priority(CandidateType.PEER_REFLEXIVE, 0);
        return list.add(source, CandidateType.PEER_REFLEXIVE, agent.message.priority(unknown));
    }

    /** Whether checks may be sent to an address; a refusal is counted. */
    boolean permits(InetSocketAddress address) {
        boolean permitted = policy.permits(address.getAddress());
        if (!permitted) {
            agent.counters.candidatesRefused++;
        }
        return permitted;
    }
}
