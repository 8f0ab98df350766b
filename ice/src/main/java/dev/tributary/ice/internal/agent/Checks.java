// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.agent;

import static dev.tributary.core.DatagramProtocol.NEVER;

import dev.tributary.ice.Candidate;
import dev.tributary.ice.CandidateType;
import dev.tributary.ice.IceLimits;
import dev.tributary.ice.IceRole;
import dev.tributary.ice.IceState;
import dev.tributary.ice.internal.agent.CandidatePair.State;
import org.jspecify.annotations.Nullable;

/**
 * What a full agent sends and when: new checks at the pace Ta, triggered ones first (RFC 8445 §6.1.4.2), repetitions
 * (§14.3, RFC 8489 §6.2.1), the nomination, and consent checks (RFC 7675 §5.1).
 */
final class Checks {
    /** RFC 8445 §14.2: no two checks start closer together than this, whatever Ta is. */
    private static final long NOMINATION_PACE_NANOS = 5_000_000;

    private final FullAgent agent;
    private final IceLimits limits;
    private long paceAt;
    private long nominationPaceAt;
    private long consentAt = NEVER;
    /** When a consent check that was not answered by then is followed by an ordinary, repeated check. */
    private long consentRetryAt = NEVER;

    private long consentSentAt;
    /** When to look whether data that flowed over the selected pair has stopped. */
    private long dataLookAt = NEVER;

    Checks(FullAgent agent) {
        this.agent = agent;
        this.limits = agent.limits;
    }

    void startConsent(long now) {
        consentAt = now + consentIntervalNanos();
        consentRetryAt = NEVER;
        dataLookAt = NEVER;
    }

    /** RFC 7675 §5.1: five seconds, varied by a fifth so that many sessions do not check in step. */
    private long consentIntervalNanos() {
        return (long) (limits.consentInterval().toNanos() * (0.8 + 0.4 * agent.random.nextDouble()));
    }

    void advance(long now) {
        repeat(agent.current(), now);
        CheckList previous = agent.previous();
        if (previous != null) {
            repeat(previous, now);
        }
        consent(now);
        lookAtData(now);
        decideNomination(now);
        startNext(now);
    }

    // ---- repetition

    private void repeat(CheckList list, long now) {
        for (CandidatePair pair : list.pairs) {
            Transaction check = pair.check;
            if (check == null || now < check.dueAt) {
                continue;
            }
            if (check.sends >= limits.sendsMax()) {
                pair.check = null;
                if (pair != list.selected) {
                    pair.state = State.FAILED;
                    pair.nominated = false;
                }
            } else {
                // The first timeout may be above the ceiling already: many pairs share the pace.
                long ceiling = Math.max(check.rtoNanos, limits.rtoMax().toNanos());
                check.rtoNanos = Math.min(2 * check.rtoNanos, ceiling);
                send(pair, check, now);
            }
        }
    }

    private void send(CandidatePair pair, Transaction check, long now) {
        check.sends++;
        check.sentAt = now;
        check.dueAt = now + check.rtoNanos;
        pair.checksSent++;
        agent.transmit(check.bytes, check.bytes.length, pair.remote);
    }

    // ---- new checks

    private void startNext(long now) {
        CheckList list = agent.current();
        if (now < paceAt(list)) {
            return;
        }
        CandidatePair pair = list.remote == null ? null : next(list);
        CheckList previous = agent.previous();
        if (pair == null && previous != null) {
            list = previous;
            pair = previous.triggered.poll();
        }
        if (pair == null || list.remote == null) {
            return;
        }
        pair.triggered = false;
        boolean nominates = agent.role() == IceRole.CONTROLLING && (pair.nominated || pair == list.selected);
        Transaction check = request(list.remote, nominates);
        check.rtoNanos = rtoNanos(list);
        if (pair.check != null) {
            pair.cancelCheck();
        }
        pair.check = check;
        if (pair != list.selected) {
            pair.state = State.IN_PROGRESS;
        }
        send(pair, check, now);
        paceAt = now + limits.ta().toNanos();
        nominationPaceAt = now + NOMINATION_PACE_NANOS;
    }

    /** When the next check may start. The one that nominates ends the connecting, so it is not kept waiting. */
    private long paceAt(CheckList list) {
        CandidatePair next = list.triggered.peek();
        boolean nominates = next != null && next.nominated && agent.role() == IceRole.CONTROLLING;
        return nominates ? Math.min(paceAt, nominationPaceAt) : paceAt;
    }

    private @Nullable CandidatePair next(CheckList list) {
        CandidatePair triggered = list.triggered.poll();
        return triggered != null || !ordinaryChecksRun(list) ? triggered : bestWaiting(list);
    }

    /** Once a pair is selected, the others wait until it stops answering. */
    private static boolean ordinaryChecksRun(CheckList list) {
        return list.selected == null;
    }

    private @Nullable CandidatePair bestWaiting(CheckList list) {
        CandidatePair best = null;
        for (CandidatePair pair : list.pairs) {
            if (pair.state == State.WAITING && !pair.triggered && (best == null || priority(pair) > priority(best))) {
                best = pair;
            }
        }
        return best;
    }

    private long priority(CandidatePair pair) {
        return pair.priority(localPriority(pair, CandidateType.HOST), agent.role() == IceRole.CONTROLLING);
    }

    private long localPriority(CandidatePair pair, CandidateType fallback) {
        boolean ipv6 = Addresses.isIpv6(pair.remote);
        for (Candidate candidate : agent.localCandidates) {
            if (candidate.isUdp() && candidate.address().indexOf(':') >= 0 == ipv6) {
                return candidate.priority();
            }
        }
        return Candidate.priority(fallback, 0xFFFF);
    }

    /** RFC 8445 §14.3. */
    private long rtoNanos(CheckList list) {
        return Math.max(limits.rto().toNanos(), limits.ta().toNanos() * list.liveCount());
    }

    private Transaction request(RemoteKey remote, boolean nominates) {
        return Transaction.check(agent.writer, agent.random, remote, agent.role(), agent.roles.tieBreaker(), nominates);
    }

    // ---- nomination

    private void decideNomination(long now) {
        CheckList list = agent.current();
        if (agent.role() != IceRole.CONTROLLING || list.selected != null || list.remote == null) {
            return;
        }
        CandidatePair best = null;
        for (CandidatePair pair : list.pairs) {
            if (pair.nominated) {
                return; // RFC 8445 §8.1.1: one at a time
            }
            if (pair.state == State.SUCCEEDED && (best == null || priority(pair) > priority(best))) {
                best = pair;
            }
        }
        if (best != null && (now >= nominationDueAt(list) || !betterIsLive(list, best))) {
            agent.nominate(list, best);
        }
    }

    private long nominationDueAt(CheckList list) {
        return list.firstValidAt == NEVER
                ? NEVER
                : list.firstValidAt + limits.nominationDelay().toNanos();
    }

    private boolean betterIsLive(CheckList list, CandidatePair best) {
        for (CandidatePair pair : list.pairs) {
            if (pair.isLive() && priority(pair) > priority(best)) {
                return true;
            }
        }
        return false;
    }

    // ---- consent

    private void consent(long now) {
        CheckList active = agent.active();
        CandidatePair selected = active == null ? null : active.selected;
        if (selected == null || active == null || active.remote == null) {
            return;
        }
        if (now >= consentRetryAt) {
            consentRetryAt = NEVER;
            if (selected.answeredAt < consentSentAt && selected.check == null) {
                active.trigger(selected);
            }
        }
        if (now >= consentAt) {
            Transaction check = request(active.remote, agent.role() == IceRole.CONTROLLING);
            selected.addConsent(check);
            send(selected, check, now);
            consentSentAt = now;
            consentAt = now + consentIntervalNanos();
            consentRetryAt = now + Math.max(limits.rto().toNanos(), 2 * selected.rttNanos);
        }
    }

    // ---- data that stops

    /** Data arrived over the selected pair. One timer for each silence, not for each packet. */
    void watchData(CandidatePair selected, long now) {
        if (dataLookAt == NEVER) {
            dataLookAt = now + stalledAfterNanos(selected);
        }
    }

    private long stalledAfterNanos(CandidatePair selected) {
        long unusual =
                Math.max(8 * selected.dataPauseNanos, limits.dataStalledMin().toNanos());
        return Math.min(unusual, limits.dataStalledMax().toNanos());
    }

    /**
     * A path that fell silent is checked at once instead of at the next consent check: if our own address changed, a NAT
     * or another interface, the peer learns it from this check and sends to the right place again.
     */
    private void lookAtData(long now) {
        CheckList active = agent.active();
        CandidatePair selected = active == null ? null : active.selected;
        if (active == null || selected == null || now < dataLookAt) {
            return;
        }
        long stalledAt = selected.dataAt + stalledAfterNanos(selected);
        if (now < stalledAt) {
            dataLookAt = stalledAt;
            return;
        }
        dataLookAt = NEVER; // armed again by the next data
        if (selected.answeredAt < selected.dataAt && selected.check == null) {
            active.trigger(selected);
        }
    }

    // ---- timers

    long nextTimeoutNanos() {
        CheckList list = agent.current();
        long next = Math.min(repetitionAt(list), startAt(list));
        CheckList previous = agent.previous();
        if (previous != null) {
            next = Math.min(next, repetitionAt(previous));
            if (!previous.triggered.isEmpty()) {
                next = Math.min(next, paceAt);
            }
        }
        if (agent.active() != null) {
            next = Math.min(next, Math.min(dataLookAt, Math.min(consentAt, consentRetryAt)));
        }
        return next;
    }

    private static long repetitionAt(CheckList list) {
        long next = NEVER;
        for (CandidatePair pair : list.pairs) {
            if (pair.check != null) {
                next = Math.min(next, pair.check.dueAt);
            }
        }
        return next;
    }

    private long startAt(CheckList list) {
        if (list.remote == null) {
            return NEVER;
        }
        if (!list.triggered.isEmpty()) {
            return paceAt(list);
        }
        if (!ordinaryChecksRun(list)) {
            return NEVER;
        }
        if (bestWaiting(list) != null) {
            return paceAt;
        }
        return nominationAt(list);
    }

    private long nominationAt(CheckList list) {
        if (agent.role() != IceRole.CONTROLLING || agent.state() == IceState.FAILED) {
            return NEVER;
        }
        CandidatePair best = null;
        for (CandidatePair pair : list.pairs) {
            if (pair.nominated) {
                return NEVER;
            }
            if (pair.state == State.SUCCEEDED && (best == null || priority(pair) > priority(best))) {
                best = pair;
            }
        }
        if (best == null) {
            return NEVER;
        }
        return betterIsLive(list, best) ? nominationDueAt(list) : Math.min(paceAt, nominationPaceAt);
    }
}
