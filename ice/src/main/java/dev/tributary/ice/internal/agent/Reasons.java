// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.agent;

import dev.tributary.ice.IceRole;
import dev.tributary.ice.IceState;

/** Why a full agent is where it is, in one sentence. */
final class Reasons {
    private Reasons() {}

    static String of(FullAgent agent, boolean consentLost) {
        if (agent.state() == IceState.CLOSED) {
            return "closed by its owner";
        }
        if (consentLost) {
            return "consent was lost: no answer to our checks for 30 s";
        }
        if (agent.active() != null) {
            return agent.state() == IceState.CONNECTED ? "connected" : "the selected pair does not answer any more";
        }
        return agent.current().pairs.isEmpty() ? withoutPairs(agent.counters) : withPairs(agent);
    }

    private static String withoutPairs(Counters counters) {
        if (counters.candidatesRefused > 0) {
            return "the addresses of the peer are not permitted here: private, loopback or link-local ones need a"
                    + " CandidatePolicy that allows them";
        }
        return counters.candidatesIgnored > 0
                ? "all candidates of the peer are of no use here (TCP, names, or another component)"
                : "the peer gave no candidate and sent no check";
    }

    private static String withPairs(FullAgent agent) {
        if (agent.counters.requests + agent.counters.responses == 0) {
            return agent.counters.whyNothingCame(agent.current().remote != null);
        }
        if (agent.counters.responses == 0) {
            return "the peer's checks arrive, but none of ours is answered";
        }
        return agent.role() == IceRole.CONTROLLED
                ? "checks succeed, but the peer has not nominated a pair"
                : "checks succeed, the nomination is not answered yet";
    }
}
