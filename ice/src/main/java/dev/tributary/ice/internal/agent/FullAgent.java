// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.agent;

import dev.tributary.ice.Candidate;
import dev.tributary.ice.CandidatePolicy;
import dev.tributary.ice.CandidateType;
import dev.tributary.ice.Diagnosis;
import dev.tributary.ice.IceCredentials;
import dev.tributary.ice.IceEvent;
import dev.tributary.ice.IceLimits;
import dev.tributary.ice.IceRole;
import dev.tributary.ice.IceState;
import dev.tributary.ice.internal.agent.CandidatePair.State;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A full agent on one socket, in either role (RFC 8445), with consent (RFC 7675) and restart in place.
 *
 * <p>One check list is current; during a restart the one before stays beside it and its selected pair carries the media
 * and keeps its consent, until the current one has selected a pair. {@link Checks} owns what is sent and when, {@link
 * CheckAnswers} what an answer means, {@link Roles} who controls, {@link RemoteCandidates} which addresses of the peer count;
 * this class owns which pair is selected, and for how long.
 *
 * <p>A peer that moves: an authenticated check from a new address makes a peer-reflexive pair and a triggered check. If
 * that succeeds while the selected pair has been silent, the controlling side nominates the new pair, the controlled
 * side uses it. RFC 8445 would ask for a restart; browsers and servers do the same as we do here.
 */
public final class FullAgent extends StunAgent {
    final RandomGenerator random;
    final Roles roles;
    private final Checks checks;
    private final CheckAnswers answers = new CheckAnswers(this);
    private final ReflexiveGathering gathering = new ReflexiveGathering(this);
    private final RemoteCandidates candidates;
    private CheckList current;
    private @Nullable CheckList previous;
    private boolean consentLost;

    /** Made by {@link dev.tributary.ice.IceAgent.Builder#full}. */
    public FullAgent(
            IceRole role, IceCredentials local, IceLimits limits, CandidatePolicy policy, RandomGenerator random) {
        super(local, limits);
        this.random = random;
        this.roles = new Roles(this, role);
        this.candidates = new RemoteCandidates(this, policy);
        this.current = new CheckList(this.local);
        this.checks = new Checks(this);
    }

    // ---- what the peer sends

    @Override
    void handleResponse(InetSocketAddress source, long now) {
        if (!gathering.handleResponse(source)) {
            answers.handle(source, now);
        }
    }

    @Override
    void handleCheck(LocalKey key, InetSocketAddress source, long now) {
        if (!roles.admits(message)) {
            answerRoleConflict(key, source);
            return;
        }
        CheckList list = previous != null && key == previous.local ? previous : current;
        CandidatePair pair = list.find(source);
        if (pair == null) {
            // Answered although it may not be checked in return: an answer goes only where the question came from.
            answerSuccess(key, Addresses.bytes(source), source);
            pair = candidates.learn(list, source);
            if (pair == null) {
                return;
            }
        } else {
            answerSuccess(key, pair.ip, source);
        }
        pair.checksReceived++;
        pair.askedAt = now;
        if (state() == IceState.NEW) {
            become(IceState.CHECKING);
        }
        boolean nominates = role() == IceRole.CONTROLLED && message.useCandidate();
        if (pair.state == State.SUCCEEDED) {
            if (nominates) {
                select(list, pair, now);
            } else if (list.selected != null
                    && pair != list.selected
                    && now - list.selected.heardAt() >= consentMissedNanos()) {
                list.trigger(pair); // the peer fell back to an address that we know; believed once it answers
            }
        } else {
            pair.nominated |= nominates;
            pair.cancelCheck();
            list.trigger(pair); // RFC 8445 §7.3.1.4
        }
    }

    @Override
    public void handleAuthenticatedData(InetSocketAddress source, long nowNanos) {
        long now = clock(nowNanos);
        CheckList list = active();
        CandidatePair selected = list == null ? null : list.selected;
        if (list == null || selected == null) {
            return;
        }
        if (source.equals(selected.remote)) {
            selected.dataArrived(now);
            checks.watchData(selected, now);
        } else if (list.remote != null
                && verification.mayAsk(source, now)
                && now - Math.max(selected.heardAt(), selected.dataAt)
                        >= limits.dataSilentAfter().toNanos()
                && Addresses.isCheckable(source)
                && candidates.permits(source)) {
            RemoteKey remote = list.remote;
            boolean nominates = role() == IceRole.CONTROLLING;
            Transaction check = Transaction.check(writer, random, remote, role(), roles.tieBreaker(), nominates);
            verification.begin(source, remote, check, now);
        }
    }

    @Override
    void verified(InetSocketAddress address, long rttNanos, long now) {
        CheckList list = active();
        if (list == null) {
            return; // consent was lost meanwhile
        }
        CandidatePair pair = list.find(address);
        if (pair == null) {
            pair = list.add(address, CandidateType.PEER_REFLEXIVE, Candidate.priority(CandidateType.PEER_REFLEXIVE, 0));
        }
        pair.answered(rttNanos, now);
        pair.cancelCheck();
        select(list, pair, now);
    }

    // ---- decisions

    void nominate(CheckList list, CandidatePair pair) {
        if (!pair.nominated) {
            pair.nominated = true;
            list.trigger(pair);
        }
    }

    void select(CheckList list, CandidatePair pair, long now) {
        if (list == previous && current.selected != null) {
            return;
        }
        pair.nominated = false;
        pair.state = State.SUCCEEDED;
        if (list.selected != pair) {
            list.selected = pair;
            pair.consentedAt = now; // the peer's nomination, or its answer to ours, is as fresh as consent can be
            checks.startConsent(now);
            emit(new IceEvent.PathSelected(pair.remote));
        }
        for (CandidatePair other : list.pairs) {
            if (other != pair && other.state == State.IN_PROGRESS) {
                other.cancelCheck(); // RFC 8445 §8.1.2: the others are not needed any more
                other.state = State.WAITING;
            }
        }
        if (list == current && previous != null) {
            previous = null;
            handOver(now);
        }
        become(IceState.CONNECTED);
    }

    /** The list whose selected pair carries the media, or null. */
    @Nullable
    CheckList active() {
        if (current.selected != null) {
            return current;
        }
        return previous != null && previous.selected != null ? previous : null;
    }

    @Override
    void advance(long now) {
        gathering.advance(now);
        CheckList active = active();
        if (active != null && active.selected != null) {
            superviseConsent(active.selected, active, now);
        }
        if (state() == IceState.FAILED) {
            return;
        }
        checks.advance(now);
        if (active() == null && startedAt != NEVER && now >= patienceEnds() && !current.hasLive()) {
            become(IceState.FAILED);
        }
    }

    private void superviseConsent(CandidatePair selected, CheckList active, long now) {
        if (now >= selected.consentedAt + limits.consentExpiry().toNanos()) {
            loseConsent(selected, active == previous, now);
        } else if (state() == IceState.CONNECTED
                && now >= selected.consentedAt + limits.disconnectedAfter().toNanos()) {
            become(IceState.DISCONNECTED);
            for (CandidatePair pair : active.pairs) {
                if (pair != selected) {
                    active.trigger(pair); // perhaps another of the peer's addresses still answers
                }
            }
        }
    }

    private void loseConsent(CandidatePair selected, boolean duringRestart, long now) {
        current.selected = null;
        previous = null;
        emit(new IceEvent.ConsentLost(selected.remote));
        if (duringRestart) {
            retirePrevious(); // the old path died during a restart; the new generation gets its own time
            startedAt = now;
            become(IceState.CHECKING);
        } else {
            consentLost = true;
            become(IceState.FAILED);
        }
    }

    private long patienceEnds() {
        return startedAt == NEVER ? NEVER : startedAt + limits.patience().toNanos();
    }

    @Override
    public long nextTimeoutNanos() {
        if (state() == IceState.CLOSED) {
            return NEVER;
        }
        if (state() == IceState.FAILED) {
            return Math.min(previousLocal == null ? NEVER : retireAt, gathering.nextTimeoutNanos());
        }
        long next = Math.min(previousLocal == null ? NEVER : retireAt, checks.nextTimeoutNanos());
        next = Math.min(next, Math.min(verification.nextTimeoutNanos(), gathering.nextTimeoutNanos()));
        CheckList active = active();
        if (active != null && active.selected != null) {
            long silence = state() == IceState.CONNECTED
                    ? limits.disconnectedAfter().toNanos()
                    : limits.consentExpiry().toNanos();
            return Math.min(next, active.selected.consentedAt + silence);
        }
        return current.hasLive() ? next : Math.min(next, patienceEnds());
    }

    // ---- verbs

    @Override
    public void setRemoteCredentials(IceCredentials remote, long nowNanos) {
        long now = clock(nowNanos);
        current.remote = new RemoteKey(remote, local.credentials);
        if (startedAt == NEVER) {
            startedAt = now;
        }
        if (state() == IceState.NEW) {
            become(IceState.CHECKING);
        }
    }

    @Override
    public void addRemoteCandidate(Candidate candidate, long nowNanos) {
        clock(nowNanos);
        candidates.add(current, candidate);
    }

    @Override
    public void gatherReflexive(InetSocketAddress stunServer, long nowNanos) {
        long now = clock(nowNanos);
        if (state() != IceState.CLOSED) {
            gathering.ask(stunServer, now);
        }
    }

    @Override
    public void setRemoteLite(long nowNanos) {
        clock(nowNanos);
        roles.faceLite();
    }

    @Override
    public void takeRole(IceRole given, long nowNanos) {
        clock(nowNanos);
        roles.take(given);
    }

    @Override
    public void restart(IceCredentials credentials, long nowNanos) {
        long now = clock(nowNanos);
        if (state() == IceState.CLOSED) {
            return;
        }
        if (current.selected != null) {
            previous = current;
        }
        replaceLocal(credentials);
        current = new CheckList(local);
        startedAt = NEVER; // patience begins anew with the peer's new credentials
        consentLost = false;
        if (active() == null) {
            retirePrevious();
            startedAt = now;
            become(IceState.CHECKING);
        }
    }

    // ---- getters

    CheckList current() {
        return current;
    }

    @Nullable
    CheckList previous() {
        return previous;
    }

    @Override
    public IceRole role() {
        return roles.role();
    }

    @Override
    public @Nullable InetSocketAddress selectedAddress() {
        CheckList active = state() == IceState.CLOSED ? null : active();
        return active == null || active.selected == null ? null : active.selected.remote;
    }

    @Override
    public boolean isValidated(InetSocketAddress source) {
        if (state() == IceState.CLOSED) {
            return false;
        }
        CandidatePair pair = current.find(source);
        if (pair == null && previous != null) {
            pair = previous.find(source);
        }
        return pair != null && pair.heardAt() >= 0;
    }

    @Override
    public boolean awaits(InetSocketAddress source) {
        return current.find(source) != null
                || previous != null && previous.find(source) != null
                || verification.awaits(source)
                || gathering.awaits(source);
    }

    @Override
    public Diagnosis diagnosis() {
        List<Diagnosis.Pair> pairs = new ArrayList<>();
        for (CandidatePair pair : current.pairs) {
            pairs.add(pair.report(pair == current.selected));
        }
        return new Diagnosis(state(), Reasons.of(this, consentLost), pairs, counters.snapshot());
    }

    @Override
    public void close() {
        super.close();
        gathering.end();
        current.selected = null;
        previous = null;
    }
}
