// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.ice4j;

import dev.tributary.ice.Candidate;
import dev.tributary.ice.CandidateType;
import dev.tributary.ice.Diagnosis;
import dev.tributary.ice.IceCredentials;
import dev.tributary.ice.IceServer;
import dev.tributary.ice.internal.wire.AddressText;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import org.ice4j.Transport;
import org.ice4j.TransportAddress;
import org.ice4j.ice.Agent;
import org.ice4j.ice.CandidatePair;
import org.ice4j.ice.Component;
import org.ice4j.ice.IceMediaStream;
import org.ice4j.ice.IceProcessingState;
import org.ice4j.ice.KeepAliveStrategy;
import org.ice4j.ice.LocalCandidate;
import org.ice4j.ice.RemoteCandidate;
import org.ice4j.ice.harvest.StunCandidateHarvester;
import org.ice4j.ice.harvest.TurnCandidateHarvester;
import org.ice4j.security.LongTermCredential;
import org.jitsi.utils.logging2.LoggerImpl;
import org.jspecify.annotations.Nullable;

/**
 * One generation of a session: an agent of ice4j, which cannot restart, with one stream of one component, and the thread that
 * reads from it. What happens is told to the {@link Observer} by threads of ice4j.
 */
final class Ice4jSession implements AutoCloseable {
    private static final String STREAM = "media";
    private static final int PACKET_BYTES_MAX = 2_048;

    private final Agent agent;
    private final IceMediaStream stream;
    private final Ice4jSettings settings;
    private final Observer observer;
    private final List<TurnTunnel> tunnels = new ArrayList<>();
    private @Nullable Component component;
    private boolean started;
    private boolean closed;

    /** Who is told. Threads of ice4j call. */
    interface Observer {
        /** An address of ours is known. */
        void gathered(Ice4jSession session, Candidate candidate);

        /** No more addresses of ours will come. */
        void gatheringEnded(Ice4jSession session);

        /** A server cannot be used. */
        void gatheringFailed(Ice4jSession session, String url);

        /** A pair was selected. */
        void connected(Ice4jSession session, InetSocketAddress remote);

        /** No pair works, or none can be had. */
        void failed(Ice4jSession session);

        /** The peer has consented once more. */
        void consented(Ice4jSession session);

        /** A datagram that is no STUN message has come from the peer. */
        void received(Ice4jSession session, byte[] bytes, int length);
    }

    Ice4jSession(boolean isControlling, Ice4jSettings settings, Observer observer) {
        this.settings = settings;
        this.observer = observer;
        agent = new Agent(new LoggerImpl(Ice4jSession.class.getName()));
        agent.setLoggingLevel(Level.WARNING); // at INFO it tells every address
        agent.setTrickling(true);
        agent.setControlling(isControlling);
        agent.setPerformConsentFreshness(true);
        agent.addStateChangeListener(change -> stateChanged(change.getNewValue()));
        stream = agent.createMediaStream(STREAM);
        stream.addPairChangeListener(change -> {
            if (IceMediaStream.PROPERTY_PAIR_CONSENT_FRESHNESS_CHANGED.equals(change.getPropertyName())) {
                observer.consented(this);
            }
        });
    }

    IceCredentials credentials() {
        return new IceCredentials(agent.getLocalUfrag(), agent.getLocalPassword());
    }

    // ---- gathering; blocks

    /** Gathers from the interfaces of this host, then from the servers, and returns when that is done. */
    void gather() {
        try {
            Component made = begin();
            if (made == null) {
                return;
            }
            settings.threads().newThread(() -> read(made)).start();
            tell(made.getLocalCandidates());
            agent.startCandidateTrickle(this::tell);
        } catch (IOException | RuntimeException e) {
            observer.failed(this);
        }
        observer.gatheringEnded(this);
    }

    private synchronized @Nullable Component begin() throws IOException {
        if (closed) {
            return null;
        }
        for (IceServer server : settings.servers()) {
            for (String url : server.urls()) {
                if (!addServer(server, url)) {
                    observer.gatheringFailed(this, url);
                }
            }
        }
        component = agent.createComponent(stream, KeepAliveStrategy.SELECTED_ONLY, true);
        return component;
    }

    private boolean addServer(IceServer server, String url) throws IOException {
        ServerUri uri = ServerUri.parse(url);
        InetSocketAddress address = uri == null ? null : uri.resolve();
        if (uri == null || address == null || uri.isStream() && !uri.isTurn()) {
            return false; // STUN over TCP tells how a TCP connection looks from outside, and we have none
        }
        if (uri.isStream()) {
            TurnTunnel tunnel = new TurnTunnel(uri, address, uri.isTls() ? settings.tls() : null, settings.threads());
            tunnels.add(tunnel);
            address = tunnel.entrance();
        }
        TransportAddress target = new TransportAddress(address, Transport.UDP);
        agent.addCandidateHarvester(
                uri.isTurn()
                        ? new TurnCandidateHarvester(
                                target, new LongTermCredential(server.username(), server.credential()))
                        : new StunCandidateHarvester(target));
        return true;
    }

    private void tell(@Nullable Collection<LocalCandidate> candidates) {
        if (candidates == null) {
            return;
        }
        for (LocalCandidate candidate : candidates) {
            CandidateType type = type(candidate.getType());
            // Through a tunnel a server sees a TCP port, which is of no use to anybody.
            boolean isOfTunnel = type == CandidateType.SERVER_REFLEXIVE && isTunnel(candidate.getStunServerAddress());
            if (type != null && !isOfTunnel) {
                observer.gathered(this, describe(candidate, type));
            }
        }
    }

    private synchronized boolean isTunnel(@Nullable TransportAddress server) {
        return server != null
                && tunnels.stream().anyMatch(tunnel -> tunnel.entrance().getPort() == server.getPort());
    }

    private static Candidate describe(LocalCandidate candidate, CandidateType type) {
        TransportAddress address = candidate.getTransportAddress();
        TransportAddress related = candidate.getRelatedAddress();
        return new Candidate(
                candidate.getFoundation(),
                1,
                candidate.getTransport().toString().toLowerCase(Locale.ROOT),
                candidate.getPriority(),
                AddressText.of(address.getAddress()),
                address.getPort(),
                type,
                related == null ? null : AddressText.of(related.getAddress()),
                related == null ? 0 : related.getPort(),
                null);
    }

    private static @Nullable CandidateType type(org.ice4j.ice.CandidateType type) {
        return switch (type) {
            case HOST_CANDIDATE, LOCAL_CANDIDATE -> CandidateType.HOST;
            case SERVER_REFLEXIVE_CANDIDATE, STUN_CANDIDATE -> CandidateType.SERVER_REFLEXIVE;
            case PEER_REFLEXIVE_CANDIDATE -> CandidateType.PEER_REFLEXIVE;
            case RELAYED_CANDIDATE -> CandidateType.RELAYED;
        };
    }

    private static org.ice4j.ice.CandidateType type(CandidateType type) {
        return switch (type) {
            case HOST -> org.ice4j.ice.CandidateType.HOST_CANDIDATE;
            case SERVER_REFLEXIVE -> org.ice4j.ice.CandidateType.SERVER_REFLEXIVE_CANDIDATE;
            case PEER_REFLEXIVE -> org.ice4j.ice.CandidateType.PEER_REFLEXIVE_CANDIDATE;
            case RELAYED -> org.ice4j.ice.CandidateType.RELAYED_CANDIDATE;
        };
    }

    // ---- the peer; may block for a moment

    void setRemote(IceCredentials remote) {
        stream.setRemoteUfrag(remote.ufrag());
        stream.setRemotePassword(remote.pwd());
    }

    void setControlling(boolean isControlling) {
        agent.setControlling(isControlling);
    }

    /** Adds an address of the peer; checks start with the first one, because ice4j ends a stream that has none. */
    synchronized void addRemote(Candidate candidate, InetSocketAddress address) {
        if (component == null || closed) {
            return;
        }
        RemoteCandidate remote = new RemoteCandidate(
                new TransportAddress(address, Transport.UDP),
                component,
                type(candidate.type()),
                candidate.foundation(),
                candidate.priority(),
                null);
        if (started) {
            component.addUpdateRemoteCandidates(remote);
            component.updateRemoteCandidates();
        } else {
            component.addRemoteCandidate(remote);
            started = true;
            agent.startConnectivityEstablishment();
        }
    }

    private void stateChanged(Object state) {
        Component of = component;
        if (state == IceProcessingState.COMPLETED && of != null) {
            CandidatePair pair = of.getSelectedPair();
            if (pair != null) {
                observer.connected(this, pair.getRemoteCandidate().getTransportAddress());
            }
        } else if (state == IceProcessingState.FAILED) {
            observer.failed(this);
        }
    }

    // ---- media

    private void read(Component from) {
        byte[] bytes = new byte[PACKET_BYTES_MAX];
        while (true) {
            DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
            try {
                from.getSocket().receive(packet);
            } catch (IOException e) {
                return; // closed
            }
            observer.received(this, bytes, packet.getLength());
        }
    }

    /** Sends over the selected pair, or over one that works. What cannot be sent is dropped, as a network would. */
    void send(byte[] bytes, int offset, int length) {
        Component to = component;
        if (to == null) {
            return;
        }
        try {
            to.send(Arrays.copyOfRange(bytes, offset, offset + length), 0, length); // a relay keeps it for its thread
        } catch (IOException e) {
            // No pair works now.
        }
    }

    // ---- reports

    List<Diagnosis.Pair> pairs() {
        List<Diagnosis.Pair> pairs = new ArrayList<>();
        Component of = component;
        CandidatePair selected = of == null ? null : of.getSelectedPair();
        List<CandidatePair> all;
        synchronized (stream.getCheckList()) {
            all = new ArrayList<>(stream.getCheckList());
        }
        if (selected != null && !all.contains(selected)) {
            all.add(selected);
        }
        for (CandidatePair pair : all) {
            TransportAddress remote = pair.getRemoteCandidate().getTransportAddress();
            CandidateType type = type(pair.getRemoteCandidate().getType());
            pairs.add(new Diagnosis.Pair(
                    AddressText.of(remote.getAddress()) + " port " + remote.getPort() + " from our "
                            + pair.getLocalCandidate().getType(),
                    type == null ? CandidateType.HOST : type,
                    pair.getState().toString().toLowerCase(Locale.ROOT),
                    pair.equals(selected),
                    0,
                    0,
                    0,
                    -1));
        }
        return pairs;
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        agent.free();
        tunnels.forEach(TurnTunnel::close);
    }
}
