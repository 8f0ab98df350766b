// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.agent;

import dev.tributary.ice.Candidate;
import dev.tributary.ice.CandidateType;
import dev.tributary.ice.Diagnosis;
import dev.tributary.ice.IceCredentials;
import dev.tributary.ice.IceEvent;
import dev.tributary.ice.IceLimits;
import dev.tributary.ice.IceRole;
import dev.tributary.ice.IceState;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An ICE-lite agent (RFC 8445 §2.5): answers checks, follows nominations, never asks.
 *
 * <p>Where media goes first is decided by USE-CANDIDATE; the DTLS handshake then needs somebody there. Afterwards media never
 * goes to an address that has not answered a question of ours ({@link AddressVerification}), for whoever knows the password
 * can write a check that seems to come from anywhere. Asked is the address
 *
 * <ul>
 *   <li>that the peer nominates; the latest one wins, as browsers expect of a server.
 *   <li>of a check without nomination, when the selected path has been silent: at once (1.5 s) for an address never
 *       seen before, for that is what a NAT that forgot its binding looks like; after a missed consent check (6.5 s) for
 *       one that was seen, for that is a peer that fell back to another of its interfaces.
 *   <li>of authenticated data, when the selected path has been silent for 200 ms.
 * </ul>
 *
 * <p>A peer's checks are its consent (RFC 7675): 30 s without one and sending stops.
 */
public final class LiteAgent extends StunAgent {
    private final List<Path> paths = new ArrayList<>(2);
    private @Nullable Path selected;
    /** Asked only when a question has to be asked: most sessions never move. */
    private final Supplier<RandomGenerator> random;

    private @Nullable IceCredentials remote;
    private long lastCheckAt = -1;

    /** Made by {@link dev.tributary.ice.IceAgent.Builder#lite}. */
    public LiteAgent(IceCredentials local, IceLimits limits, Supplier<RandomGenerator> random) {
        super(local, limits);
        this.random = random;
    }

    @Override
    void handleCheck(LocalKey key, InetSocketAddress source, long now) {
        if (message.isControlled()) {
            answerRoleConflict(key, source); // RFC 8445 §7.3.1.1: a lite agent stays controlled
            return;
        }
        Path path = find(source);
        boolean isNew = path == null;
        if (path == null) {
            path = learn(source);
        }
        long silence = selected == null ? Long.MAX_VALUE : now - selected.heardAt;
        answerSuccess(key, path.ip, source);
        path.checks++;
        if (key != local && retireAt != NEVER) {
            return; // a straggler of the generation before: answered, but it keeps nothing alive
        }
        path.heardAt = now;
        lastCheckAt = now;
        if (selected == null || selected == path) {
            if (message.useCandidate()) {
                verification.end(); // the latest nomination wins, over one that is still being verified too
                select(path, key, now);
            } else {
                become(selected == null ? IceState.CHECKING : IceState.CONNECTED);
            }
        } else if (key == local && remote != null && (message.useCandidate() || movesUnasked(isNew, silence))) {
            verify(path.remote, remote, now);
        }
    }

    @Override
    public void handleAuthenticatedData(InetSocketAddress source, long nowNanos) {
        long now = clock(nowNanos);
        Path path = selected;
        IceCredentials peer = remote;
        if (path == null) {
            return;
        }
        if (source.equals(path.remote)) {
            path.dataAt = now;
        } else if (peer != null
                && !isHandingOver()
                && now - Math.max(path.heardAt, path.dataAt)
                        >= limits.dataSilentAfter().toNanos()) {
            verify(source, peer, now);
        }
    }

    private void verify(InetSocketAddress address, IceCredentials peer, long now) {
        if (verification.mayAsk(address, now)) {
            RemoteKey key = new RemoteKey(peer, local.credentials);
            RandomGenerator source = random.get();
            Transaction check = Transaction.check(writer, source, key, IceRole.CONTROLLED, source.nextLong(), false);
            verification.begin(address, key, check, now);
        }
    }

    @Override
    void verified(InetSocketAddress address, long rttNanos, long now) {
        if (selected == null) {
            return; // consent was lost meanwhile, or the session restarted
        }
        Path path = find(address);
        if (path == null) {
            path = learn(address);
        }
        path.heardAt = now;
        lastCheckAt = now;
        select(path, local, now);
    }

    private boolean movesUnasked(boolean isNew, long silence) {
        return silence >= (isNew ? limits.silentAfter().toNanos() : consentMissedNanos());
    }

    private void select(Path path, LocalKey key, long now) {
        if (key == local) {
            handOver(now);
        }
        if (selected != path) {
            selected = path;
            emit(new IceEvent.PathSelected(path.remote));
        }
        become(IceState.CONNECTED);
    }

    private @Nullable Path find(InetSocketAddress source) {
        for (int i = 0; i < paths.size(); i++) {
            if (paths.get(i).remote.equals(source)) {
                return paths.get(i);
            }
        }
        return null;
    }

    private Path learn(InetSocketAddress source) {
        if (paths.size() >= limits.pathsMax()) {
            Path oldest = null;
            for (Path path : paths) {
                if (path != selected && (oldest == null || path.heardAt < oldest.heardAt)) {
                    oldest = path;
                }
            }
            paths.remove(oldest);
        }
        Path path = new Path(source);
        paths.add(path);
        return path;
    }

    @Override
    void handleResponse(InetSocketAddress source, long now) {
        counters.unmatchedResponses++; // we never ask
    }

    @Override
    void advance(long now) {
        if (selected != null) {
            if (now >= selected.heardAt + limits.consentExpiry().toNanos()) {
                loseConsent(selected, now);
            } else if (now >= selected.heardAt + limits.disconnectedAfter().toNanos()) {
                become(IceState.DISCONNECTED);
            }
        } else if (now >= patienceEnds()) {
            become(IceState.FAILED);
        }
    }

    private void loseConsent(Path path, long now) {
        selected = null;
        paths.clear();
        emit(new IceEvent.ConsentLost(path.remote));
        if (isHandingOver()) {
            retirePrevious(); // the old path died during a restart; the new generation gets its own time
            startedAt = now;
            become(IceState.CHECKING);
        } else {
            become(IceState.FAILED);
        }
    }

    private long patienceEnds() {
        if (startedAt == NEVER || state() == IceState.FAILED) {
            return NEVER;
        }
        return Math.max(startedAt, lastCheckAt) + limits.patience().toNanos();
    }

    @Override
    public long nextTimeoutNanos() {
        if (state() == IceState.CLOSED) {
            return NEVER;
        }
        long next = Math.min(previousLocal == null ? NEVER : retireAt, verification.nextTimeoutNanos());
        if (selected == null) {
            return Math.min(next, patienceEnds());
        }
        long silence = state() == IceState.CONNECTED
                ? limits.disconnectedAfter().toNanos()
                : limits.consentExpiry().toNanos();
        return Math.min(next, selected.heardAt + silence);
    }

    @Override
    public void setRemoteCredentials(IceCredentials remote, long nowNanos) {
        long now = clock(nowNanos);
        this.remote = remote;
        if (startedAt == NEVER) {
            startedAt = now;
        }
        if (state() == IceState.NEW) {
            become(IceState.CHECKING);
        }
    }

    @Override
    public void addRemoteCandidate(Candidate candidate, long nowNanos) {
        counters.candidatesIgnored++; // RFC 8445 §6.1: a lite agent sends no checks, so it has no use for them
    }

    @Override
    public void gatherReflexive(InetSocketAddress stunServer, long nowNanos) {
        throw new IllegalStateException("An ICE-lite agent has a public address: announce it with addLocalCandidate");
    }

    @Override
    public void setRemoteLite(long nowNanos) {
        throw new IllegalStateException("Both sides are ICE-lite: make this one a full agent, IceAgent.full(…)");
    }

    @Override
    public void takeRole(IceRole role, long nowNanos) {
        // A lite agent is controlled in any case.
    }

    @Override
    public void restart(IceCredentials credentials, long nowNanos) {
        long now = clock(nowNanos);
        if (state() == IceState.CLOSED) {
            return;
        }
        replaceLocal(credentials);
        verification.end();
        remote = null;
        startedAt = now;
        if (selected == null) {
            retirePrevious();
            become(IceState.CHECKING);
        }
    }

    @Override
    public IceRole role() {
        return IceRole.CONTROLLED;
    }

    @Override
    public @Nullable InetSocketAddress selectedAddress() {
        return selected == null || state() == IceState.CLOSED ? null : selected.remote;
    }

    @Override
    public boolean isValidated(InetSocketAddress source) {
        return state() != IceState.CLOSED && find(source) != null;
    }

    @Override
    public boolean awaits(InetSocketAddress source) {
        return verification.awaits(source);
    }

    @Override
    public Diagnosis diagnosis() {
        List<Diagnosis.Pair> pairs = new ArrayList<>();
        for (Path path : paths) {
            pairs.add(new Diagnosis.Pair(
                    Addresses.text(path.remote),
                    CandidateType.PEER_REFLEXIVE,
                    "authenticated",
                    path == selected,
                    0,
                    path.checks,
                    0,
                    -1));
        }
        return new Diagnosis(state(), reason(), pairs, counters.snapshot());
    }

    private String reason() {
        if (state() == IceState.CLOSED) {
            return "closed by its owner";
        }
        if (selected != null) {
            return state() == IceState.CONNECTED
                    ? "connected: the peer's checks arrive"
                    : "the peer has not sent a check for 10 s or more";
        }
        if (counters.requests == 0) {
            return counters.whyNothingCame(remote != null);
        }
        return paths.isEmpty()
                ? "consent was lost: no authenticated check for 30 s"
                : counters.requests + " checks were answered, but the peer nominated none: our answers may not arrive";
    }

    @Override
    public void close() {
        super.close();
        selected = null;
        paths.clear();
    }

    /** An address of the peer that has proved itself. */
    private static final class Path {
        final InetSocketAddress remote;
        /** Kept because {@code getAddress()} copies, and every answer needs it. */
        final byte[] ip;

        /** When the last authenticated check came from here: the peer's consent. */
        long heardAt;
        /** When authenticated data came from here, which is no consent but a sign of life. */
        long dataAt = -1;

        long checks;

        Path(InetSocketAddress remote) {
            this.remote = remote;
            this.ip = Addresses.bytes(remote);
        }
    }
}
