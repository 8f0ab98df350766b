// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import dev.tributary.core.DatagramProtocol;
import dev.tributary.ice.internal.agent.FullAgent;
import dev.tributary.ice.internal.agent.LiteAgent;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One ICE session with one peer over one UDP socket (RFC 8445), without the socket: STUN datagrams go in, STUN
 * datagrams come out, and {@link #selectedAddress} says where media goes.
 *
 * <p>{@link #lite} answers and never asks: for servers with a public address. {@link #full} checks as well, in either
 * role: for pipes to other servers, clients and tests. One stream, one component, RTCP multiplexed.
 *
 * <pre>{@code
 * IceAgent agent = IceAgent.lite(IceCredentials.generate(new SecureRandom()));
 * agent.setRemoteCredentials(fromTheOffer, nowNanos);
 * agent.handleDatagram(datagram, source, nowNanos);       // when Stun.isStun(datagram)
 * while (agent.pollTransmit(slot)) socket.send(slot);
 * for (IceEvent event; (event = agent.pollEvent()) != null; ) …
 * }</pre>
 *
 * <p>Driven as {@link DatagramProtocol} says. Nothing is answered before a check proves knowledge of the password.
 *
 * <p>Not thread-safe: owned by one event loop. After {@link #close} every call does nothing.
 */
public interface IceAgent extends DatagramProtocol {
    /** An ICE-lite agent with default limits, always controlled (RFC 8445 §2.5). */
    static IceAgent lite(IceCredentials local) {
        return builder(local).lite();
    }

    /** A full agent with default limits. */
    static IceAgent full(IceRole role, IceCredentials local) {
        return builder(local).full(role);
    }

    /** An agent with other limits, or replayable randomness. */
    static Builder builder(IceCredentials local) {
        return new Builder(local);
    }

    /** The credentials that the current offer or answer carries. */
    IceCredentials localCredentials();

    /** All fragments that checks may be addressed to: two during a restart's hand-over. */
    List<String> localUfrags();

    /** The role; may change by a role conflict. */
    IceRole role();

    /** The state. */
    IceState state();

    /** Adds an address of ours, to be told to the peer. All share the one socket. */
    void addLocalCandidate(Candidate candidate);

    /** The addresses of ours, best first. */
    List<Candidate> localCandidates();

    /**
     * Asks a STUN server how our socket looks from outside (RFC 8445 §5.1.1.2). The answer becomes a local candidate and
     * an {@link IceEvent.CandidateGathered}, to be trickled to the peer; otherwise {@link IceEvent.GatheringFailed} comes.
     * May be called at any time, and for a few servers ({@link IceLimits#stunServersMax}).
     *
     * @throws IllegalStateException if this agent is lite: its address is public and known
     */
    void gatherReflexive(InetSocketAddress stunServer, long nowNanos);

    /**
     * Takes the peer's credentials for the current generation and starts checking. Patience (RFC 8863) is counted from
     * here.
     */
    void setRemoteCredentials(IceCredentials remote, long nowNanos);

    /**
     * Adds an address of the peer to the current generation. Candidates of no use (TCP, names, another component) or
     * that the {@link CandidatePolicy} refuses are ignored and counted; a lite agent ignores all.
     */
    void addRemoteCandidate(Candidate candidate, long nowNanos);

    /**
     * Says that data of the peer (SRTP, or a DTLS record of a session that is up) was authenticated, and where it came
     * from. When that is a new address and the selected one has fallen silent, the agent asks the new one whether the
     * peer is there, and moves once the answer has come: a NAT that forgot its binding costs one round trip. When data
     * that flowed stops, a full agent checks its own path at once. Optional, allocates nothing on the selected path.
     */
    void handleAuthenticatedData(InetSocketAddress source, long nowNanos);

    /**
     * Says that the peer is ICE-lite: this agent then controls (RFC 8445 §6.1.1).
     *
     * @throws IllegalStateException if this agent is lite itself: two lite agents are not supported
     */
    void setRemoteLite(long nowNanos);

    /**
     * Takes the role that offer and answer give (RFC 8445 §6.1.1): who offered first controls. There are agents that cannot
     * resolve a conflict. Without effect on a lite agent, and on one whose peer is lite.
     */
    void takeRole(IceRole role, long nowNanos);

    /**
     * Starts a new generation (RFC 8445 §9). The old path stays in use, and its checks are answered, until the new
     * generation has selected one. The peer's new credentials and candidates come after this call.
     */
    void restart(IceCredentials local, long nowNanos);

    /** Where to send, or null: nothing selected, consent lost, or closed. */
    @Nullable
    InetSocketAddress selectedAddress();

    /**
     * Whether the source has passed an authenticated check of this session: DTLS and media from there may be taken even
     * before the nomination.
     */
    boolean isValidated(InetSocketAddress source);

    /** Whether an answer to a check of ours may come from an address: what a router of a shared port has to let through. */
    boolean awaits(InetSocketAddress source);

    /** The next event, or null. */
    @Nullable
    IceEvent pollEvent();

    /** A snapshot that says why the session is where it is. */
    Diagnosis diagnosis();

    /** Ends the session. Idempotent. */
    void close();

    /** Makes agents. */
    final class Builder {
        private final IceCredentials local;
        private IceLimits limits = IceLimits.DEFAULT;
        private CandidatePolicy policy = CandidatePolicy.ANY;
        private @Nullable RandomGenerator random;

        private Builder(IceCredentials local) {
            this.local = local;
        }

        /** Other limits than {@link IceLimits#DEFAULT}. */
        public Builder limits(IceLimits value) {
            limits = value;
            return this;
        }

        /** Where a full agent may send checks; {@link CandidatePolicy#ANY} by default. A lite agent goes nowhere unasked. */
        public Builder policy(CandidatePolicy value) {
            policy = value;
            return this;
        }

        /** The source of transaction ids and tie-breakers; a {@link SecureRandom} by default. */
        public Builder random(RandomGenerator value) {
            random = value;
            return this;
        }

        /** An ICE-lite agent. */
        public IceAgent lite() {
            RandomGenerator given = random;
            return new LiteAgent(local, limits, given == null ? SecureRandom::new : () -> given);
        }

        /** A full agent. */
        public IceAgent full(IceRole role) {
            return new FullAgent(role, local, limits, policy, randomOrSecure());
        }

        private RandomGenerator randomOrSecure() {
            return random == null ? new SecureRandom() : random;
        }
    }
}
