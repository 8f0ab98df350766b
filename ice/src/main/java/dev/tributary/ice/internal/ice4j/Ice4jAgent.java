// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.ice4j;

import dev.tributary.core.StreamAddress;
import dev.tributary.core.Transmit;
import dev.tributary.ice.Candidate;
import dev.tributary.ice.Diagnosis;
import dev.tributary.ice.GatheringAgent;
import dev.tributary.ice.IceAgent;
import dev.tributary.ice.IceCredentials;
import dev.tributary.ice.IceEvent;
import dev.tributary.ice.IceRole;
import dev.tributary.ice.IceState;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * ice4j behind {@link IceAgent}. What its threads have to tell waits in a queue until the owner polls, so that all state but
 * {@link #sending} belongs to the owner's thread; what may block is done by a thread of the agent, in order.
 *
 * <p>A restart makes a second {@link Ice4jSession}; the first carries the media until the second has selected a pair.
 */
public final class Ice4jAgent implements IceAgent, Ice4jSession.Observer {
    /** Above every number that the TCP connections of this process can have. */
    private static final AtomicLong ADDRESSES = new AtomicLong(1L << 62);

    private static final long CONSENT_LOOK_NANOS = 1_000_000_000L;

    private final Ice4jSettings settings;
    private final GatheringAgent.Inlet inlet;
    private final Runnable wakeup;
    private final ThreadPoolExecutor worker;
    private final ConcurrentLinkedQueue<Runnable> happened = new ConcurrentLinkedQueue<>();
    private final ArrayDeque<IceEvent> events = new ArrayDeque<>();
    private final List<Candidate> localCandidates = new ArrayList<>();
    private final long number = ADDRESSES.incrementAndGet();
    /** Before a pair is selected the peer may send already; its datagrams come from here too. */
    private final StreamAddress unselected = address(new InetSocketAddress(0));

    private Ice4jSession current;
    /** Carries the media; read by whoever sends. */
    private volatile @Nullable Ice4jSession sending;

    private @Nullable StreamAddress selected;
    private IceState state = IceState.NEW;
    private IceRole role;
    private int remoteCandidateCount;
    private long candidatesIgnored;
    private long candidatesRefused;
    private boolean consentRenewed;
    private long consentedAt;
    private boolean consentLost;
    private long latestNanos;

    /** Made by {@link GatheringAgent.Builder}. */
    public Ice4jAgent(IceRole role, Ice4jSettings settings, GatheringAgent.Inlet inlet, Runnable wakeup) {
        SafeDefaults.apply();
        this.role = role;
        this.settings = settings;
        this.inlet = inlet;
        this.wakeup = wakeup;
        this.worker =
                new ThreadPoolExecutor(1, 1, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), settings.threads());
        worker.allowCoreThreadTimeOut(true);
        this.current = begin();
    }

    private StreamAddress address(InetSocketAddress remote) {
        return new StreamAddress(number, remote, (bytes, offset, length) -> {
            Ice4jSession session = sending;
            if (session != null) {
                session.send(bytes, offset, length);
            }
        });
    }

    private Ice4jSession begin() {
        Ice4jSession session = new Ice4jSession(role == IceRole.CONTROLLING, settings, this);
        settings.threads().newThread(session::gather).start();
        return session;
    }

    /** The generation that the last description told of. */
    Ice4jSession current() {
        return current;
    }

    private void later(Runnable task) {
        try {
            worker.execute(task);
        } catch (RejectedExecutionException e) {
            // Closed meanwhile.
        }
    }

    // ---- threads of ice4j

    private void happens(Runnable task) {
        happened.add(task);
        wakeup.run();
    }

    @Override
    public void gathered(Ice4jSession session, Candidate candidate) {
        happens(() -> {
            if (session == current && state != IceState.CLOSED) {
                addLocalCandidate(candidate);
                emit(new IceEvent.CandidateGathered(candidate, true));
            }
        });
    }

    @Override
    public void gatheringEnded(Ice4jSession session) {
        happens(() -> {
            if (session == current) {
                emit(new IceEvent.GatheringEnded());
            }
        });
    }

    @Override
    public void gatheringFailed(Ice4jSession session, String url) {
        happens(() -> {
            ServerUri uri = ServerUri.parse(url);
            emit(new IceEvent.GatheringFailed(
                    InetSocketAddress.createUnresolved(uri == null ? url : uri.host(), uri == null ? 0 : uri.port())));
        });
    }

    @Override
    public void connected(Ice4jSession session, InetSocketAddress remote) {
        happens(() -> {
            if (session != current || state == IceState.CLOSED) {
                return;
            }
            Ice4jSession before = sending;
            sending = session;
            if (before != null && before != session) {
                emit(new IceEvent.UfragRetired(before.credentials().ufrag()));
                later(before::close);
            }
            selected = address(remote);
            consentRenewed = true;
            consentLost = false;
            emit(new IceEvent.PathSelected(selected));
            become(IceState.CONNECTED);
        });
    }

    @Override
    public void failed(Ice4jSession session) {
        happens(() -> {
            if (session == current && (sending == null || sending == session)) {
                selected = null;
                sending = null;
                become(IceState.FAILED);
            }
        });
    }

    @Override
    public void consented(Ice4jSession session) {
        happens(() -> consentRenewed |= session == sending);
    }

    @Override
    public void received(Ice4jSession session, byte[] bytes, int length) {
        inlet.received(ByteBuffer.wrap(bytes, 0, length), unselected);
    }

    // ---- the owner's thread

    private void catchUp() {
        for (Runnable task; (task = happened.poll()) != null; ) {
            task.run();
        }
        if (consentRenewed) {
            consentRenewed = false;
            consentedAt = latestNanos;
        }
    }

    private void clock(long nowNanos) {
        latestNanos = Math.max(latestNanos, nowNanos);
        catchUp();
    }

    private void emit(IceEvent event) {
        if (events.size() >= settings.limits().eventsMax()) {
            events.poll();
        }
        events.add(event);
    }

    private void become(IceState next) {
        if (state != next && state != IceState.CLOSED) {
            emit(new IceEvent.StateChanged(state, next));
            state = next;
            if (next == IceState.FAILED) {
                emit(new IceEvent.Failed(diagnosis()));
            }
        }
    }

    @Override
    public void handleDatagram(ByteBuffer datagram, InetSocketAddress source, long nowNanos) {
        clock(nowNanos); // ice4j keeps the STUN messages of its sockets to itself
    }

    @Override
    public void handleTimeout(long nowNanos) {
        clock(nowNanos);
        StreamAddress path = selected;
        if (path == null || state == IceState.CLOSED) {
            return;
        }
        long silence = latestNanos - consentedAt;
        if (silence >= settings.limits().consentExpiry().toNanos()) {
            selected = null;
            sending = null;
            consentLost = true;
            emit(new IceEvent.ConsentLost(path));
            become(IceState.FAILED);
        } else if (silence >= settings.limits().disconnectedAfter().toNanos()) {
            become(IceState.DISCONNECTED);
        } else {
            become(IceState.CONNECTED);
        }
    }

    @Override
    public long nextTimeoutNanos() {
        return selected == null || state == IceState.CLOSED ? NEVER : latestNanos + CONSENT_LOOK_NANOS;
    }

    @Override
    public boolean pollTransmit(Transmit out) {
        return false;
    }

    @Override
    public @Nullable IceEvent pollEvent() {
        catchUp();
        return events.poll();
    }

    @Override
    public void setRemoteCredentials(IceCredentials remote, long nowNanos) {
        clock(nowNanos);
        Ice4jSession session = current;
        later(() -> session.setRemote(remote));
        if (state == IceState.NEW) {
            become(IceState.CHECKING);
        }
    }

    @Override
    public void addRemoteCandidate(Candidate candidate, long nowNanos) {
        clock(nowNanos);
        boolean isName = candidate.socketAddress() == null;
        if (candidate.component() != 1
                || !candidate.isUdp()
                || isName && settings.names() == null
                || remoteCandidateCount >= settings.limits().remoteCandidatesMax()) {
            candidatesIgnored++;
            return;
        }
        remoteCandidateCount++;
        Ice4jSession session = current;
        later(() -> {
            InetSocketAddress address = isName ? resolve(candidate) : candidate.socketAddress();
            if (address == null || address.getPort() == 0) {
                happens(() -> candidatesIgnored++);
            } else if (!settings.policy().permits(address.getAddress())) {
                happens(() -> candidatesRefused++);
            } else {
                session.addRemote(candidate, address);
            }
        });
    }

    private @Nullable InetSocketAddress resolve(Candidate candidate) {
        var names = settings.names();
        InetAddress ip = names == null ? null : names.apply(candidate.address());
        return ip == null ? null : new InetSocketAddress(ip, candidate.port());
    }

    @Override
    public void gatherReflexive(InetSocketAddress stunServer, long nowNanos) {
        throw new IllegalStateException("A gathering agent asks the servers that its builder was given");
    }

    @Override
    public void handleAuthenticatedData(InetSocketAddress source, long nowNanos) {
        // There is one address only.
    }

    @Override
    public void setRemoteLite(long nowNanos) {
        takeRole(IceRole.CONTROLLING, nowNanos);
    }

    @Override
    public void takeRole(IceRole given, long nowNanos) {
        clock(nowNanos);
        if (role != given) {
            role = given;
            Ice4jSession session = current;
            later(() -> session.setControlling(given == IceRole.CONTROLLING));
            emit(new IceEvent.RoleChanged(given));
        }
    }

    /** The credentials of the new generation are not those given but ice4j's: {@link #localCredentials} has them. */
    @Override
    public void restart(IceCredentials local, long nowNanos) {
        clock(nowNanos);
        if (state == IceState.CLOSED) {
            return;
        }
        Ice4jSession before = current;
        localCandidates.clear();
        remoteCandidateCount = 0;
        current = begin();
        if (before != sending) {
            emit(new IceEvent.UfragRetired(before.credentials().ufrag()));
            later(before::close);
        }
        if (selected == null) {
            become(IceState.CHECKING);
        }
    }

    @Override
    public IceCredentials localCredentials() {
        return current.credentials();
    }

    @Override
    public List<String> localUfrags() {
        Ice4jSession carrier = sending;
        String ufrag = current.credentials().ufrag();
        return carrier == null || carrier == current
                ? List.of(ufrag)
                : List.of(ufrag, carrier.credentials().ufrag());
    }

    @Override
    public IceRole role() {
        return role;
    }

    @Override
    public IceState state() {
        return state;
    }

    @Override
    public void addLocalCandidate(Candidate candidate) {
        localCandidates.add(candidate);
        localCandidates.sort(
                Comparator.comparingLong((Candidate each) -> each.priority()).reversed());
    }

    @Override
    public List<Candidate> localCandidates() {
        catchUp();
        return List.copyOf(localCandidates);
    }

    @Override
    public @Nullable InetSocketAddress selectedAddress() {
        return state == IceState.CLOSED ? null : selected;
    }

    /** ice4j lets datagrams through from addresses only that it has checked. */
    @Override
    public boolean isValidated(InetSocketAddress source) {
        return state != IceState.CLOSED && source.equals(unselected);
    }

    @Override
    public boolean awaits(InetSocketAddress source) {
        return isValidated(source);
    }

    @Override
    public Diagnosis diagnosis() {
        return new Diagnosis(
                state,
                reason(),
                current.pairs(),
                new Diagnosis.Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, candidatesIgnored, candidatesRefused, 0, 0));
    }

    private String reason() {
        if (state == IceState.CLOSED) {
            return "closed by its owner";
        }
        if (consentLost) {
            return "consent was lost: no answer to our checks for 30 s";
        }
        if (selected != null) {
            return "connected";
        }
        if (remoteCandidateCount == 0) {
            return candidatesIgnored > 0
                    ? "all candidates of the peer are of no use here (TCP, names, or another component)"
                    : "the peer gave no candidate";
        }
        return state == IceState.FAILED ? "no pair of addresses works, not even over a relay" : "checks run";
    }

    @Override
    public void close() {
        if (state == IceState.CLOSED) {
            return;
        }
        become(IceState.CLOSED);
        Ice4jSession first = sending;
        Ice4jSession second = current;
        sending = null;
        selected = null;
        later(() -> {
            if (first != null) {
                first.close();
            }
            second.close();
        });
        worker.shutdown();
    }
}
