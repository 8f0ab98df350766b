// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.agent;

import static dev.tributary.ice.internal.wire.StunAttributes.BINDING_SUCCESS;
import static dev.tributary.ice.internal.wire.StunAttributes.ERROR_ROLE_CONFLICT;

import dev.tributary.ice.IceRole;
import dev.tributary.ice.IceState;
import dev.tributary.ice.internal.agent.CandidatePair.State;
import java.net.InetSocketAddress;

/** What the answers to the checks of a full agent mean (RFC 8445 §7.2.5). */
final class CheckAnswers {
    private final FullAgent agent;

    CheckAnswers(FullAgent agent) {
        this.agent = agent;
    }

    /** Takes the response that the agent holds; one that is not the peer's changes nothing. */
    void handle(InetSocketAddress source, long now) {
        long high = agent.message.transactionHigh();
        int low = agent.message.transactionLow();
        CheckList list = agent.current();
        CandidatePair pair = list.findTransaction(high, low);
        CheckList previous = agent.previous();
        if (pair == null && previous != null) {
            list = previous;
            pair = previous.findTransaction(high, low);
        }
        if (pair == null || list.remote == null) {
            agent.counters.unmatchedResponses++;
            return;
        }
        if (agent.message.integrityAlgorithm() == null) {
            agent.counters.unauthenticated++;
            return;
        }
        if (!agent.message.verify(list.remote.integrity)) {
            agent.counters.wrongIntegrity++;
            return;
        }
        Transaction transaction = pair.take(high, low);
        if (transaction == null) {
            return;
        }
        if (!source.equals(pair.remote)) {
            fail(pair); // RFC 8445 §7.2.5.2.1: a path has to work both ways
        } else if (agent.message.type() == BINDING_SUCCESS && agent.message.unknownCount() == 0) {
            succeed(list, pair, transaction, now);
        } else if (agent.message.errorCode() == ERROR_ROLE_CONFLICT && agent.roles.yields(transaction)) {
            list.trigger(pair);
        } else {
            fail(pair);
        }
    }

    private void succeed(CheckList list, CandidatePair pair, Transaction transaction, long now) {
        agent.counters.responses++;
        // Of a repeated request one cannot know which one was answered (Karn).
        pair.answered(transaction.sends == 1 ? now - transaction.sentAt : -1, now);
        boolean wasSelected = list.selected == pair;
        if (pair.check == null || !pair.check.useCandidate) {
            pair.cancelCheck(); // the pair is proven; only a nomination still has to be answered itself
            pair.state = State.SUCCEEDED;
        }
        list.firstValidAt = Math.min(list.firstValidAt, now);
        boolean controls = agent.role() == IceRole.CONTROLLING;
        if (wasSelected) {
            if (agent.active() == list) {
                agent.become(IceState.CONNECTED);
            }
        } else if (controls ? transaction.useCandidate : pair.nominated) {
            agent.select(list, pair, now);
        } else if (list.selected != null && isSilent(list.selected, now)) {
            if (controls) {
                agent.nominate(list, pair);
            } else {
                agent.select(list, pair, now);
            }
        }
    }

    private boolean isSilent(CandidatePair pair, long now) {
        return now - pair.heardAt() >= agent.limits.silentAfter().toNanos();
    }

    private void fail(CandidatePair pair) {
        CheckList previous = agent.previous();
        if (agent.current().selected == pair || previous != null && previous.selected == pair) {
            return; // consent decides about a pair in use
        }
        pair.cancelCheck();
        pair.state = State.FAILED;
        pair.nominated = false;
    }
}
