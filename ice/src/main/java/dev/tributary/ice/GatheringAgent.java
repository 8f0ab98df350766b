// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import dev.tributary.core.StreamAddress;
import dev.tributary.ice.internal.ice4j.Ice4jAgent;
import dev.tributary.ice.internal.ice4j.Ice4jSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes full agents for places that need more than one socket: behind a NAT, behind a firewall that lets only TURN through.
 * They gather host, server-reflexive and relayed candidates (TURN over UDP, TCP and TLS) with sockets and threads of their
 * own, through ice4j, which has to be among the dependencies ({@code org.jitsi:ice4j}).
 *
 * <p>The agent is an {@link IceAgent} like the others, but no datagrams are fed to it and none polled from it. What arrives
 * for the peer comes to the {@link Inlet} under one address that stands for the session, {@link Builder#build} names it, and
 * {@link IceAgent#selectedAddress} is that address too: what is sent to it leaves over the pair that ice4j selected.
 *
 * <pre>{@code
 * IceAgent agent = GatheringAgent.builder(IceRole.CONTROLLING, loop::handOver, () -> loop.execute(this::drain))
 *         .server(IceServer.turn(List.of("turns:turn.example:443?transport=tcp"), user, password))
 *         .build();
 * }</pre>
 *
 * <p>Differences: the credentials are ice4j's, so read {@link IceAgent#localCredentials} after making and after restarting an
 * agent; every local candidate comes as {@link IceEvent.CandidateGathered}, and {@link IceEvent.GatheringEnded} at the end; the
 * peer's TCP candidates are ignored. ice4j's options are system properties of the whole process. Those that make it safe
 * (integrity required, no questions to cloud providers, no link-local candidates, consent as RFC 7675 says) are set unless
 * the host has set them; one that the host set to something unsafe is refused when an agent is made.
 *
 * <p>The builder is not thread-safe; the agent is owned by one event loop, as {@link IceAgent} says.
 */
public final class GatheringAgent {
    /** Resolves names as the operating system does, multicast DNS included if it is set up so. */
    public static final Function<String, @Nullable InetAddress> SYSTEM_NAMES = GatheringAgent::resolve;

    private static final AtomicInteger THREADS = new AtomicInteger();

    private GatheringAgent() {}

    /** Takes what arrives for the peer. */
    @FunctionalInterface
    public interface Inlet {
        /**
         * A datagram that is no STUN message. Called by a thread of the agent; must not block.
         *
         * @param datagram array-backed, the caller's again when the call returns
         * @param source the address that stands for the session
         */
        void received(ByteBuffer datagram, StreamAddress source);
    }

    /**
     * An agent in a role.
     *
     * @param wakeup called by a thread of the agent when {@link IceAgent#pollEvent} has something to tell
     */
    public static Builder builder(IceRole role, Inlet inlet, Runnable wakeup) {
        return new Builder(role, inlet, wakeup);
    }

    private static @Nullable InetAddress resolve(String name) {
        try {
            return InetAddress.getByName(name);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "tributary-ice-" + THREADS.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    /** Makes one agent. */
    public static final class Builder {
        private final IceRole role;
        private final Inlet inlet;
        private final Runnable wakeup;
        private final List<IceServer> servers = new ArrayList<>();
        private CandidatePolicy policy = CandidatePolicy.ANY;
        private IceLimits limits = IceLimits.DEFAULT;
        private @Nullable Function<String, @Nullable InetAddress> names;
        private SSLSocketFactory tls = (SSLSocketFactory) SSLSocketFactory.getDefault();
        private ThreadFactory threads = GatheringAgent::daemon;

        private Builder(IceRole role, Inlet inlet, Runnable wakeup) {
            this.role = role;
            this.inlet = inlet;
            this.wakeup = wakeup;
        }

        /** A STUN or TURN server to gather from; {@code turns:} is TURN over TLS, {@code ?transport=tcp} over TCP. */
        public Builder server(IceServer value) {
            servers.add(value);
            return this;
        }

        /** Where checks may be sent; {@link CandidatePolicy#ANY} by default. */
        public Builder policy(CandidatePolicy value) {
            policy = value;
            return this;
        }

        /** How long consent lasts, and how many candidates are taken; {@link IceLimits#DEFAULT} by default. */
        public Builder limits(IceLimits value) {
            limits = value;
            return this;
        }

        /**
         * Resolves candidates that are names (mDNS, RFC 8828), on a thread of the agent: null for a name that means nothing.
         * Without it they are ignored and counted, for a stranger's name makes the resolver ask a stranger's server.
         */
        public Builder resolveNames(Function<String, @Nullable InetAddress> resolver) {
            names = resolver;
            return this;
        }

        /** Makes the connections of TURN over TLS. The host name is checked against the server's certificate. */
        public Builder tls(SSLSocketFactory value) {
            tls = value;
            return this;
        }

        /** Makes the threads of the agent; ice4j has others besides. Named daemon threads by default. */
        public Builder threads(ThreadFactory value) {
            threads = value;
            return this;
        }

        /**
         * Makes the agent and begins to gather.
         *
         * @throws IllegalStateException if ice4j is not there, or if the host has switched off what makes it safe
         */
        public IceAgent build() {
            try {
                return new Ice4jAgent(
                        role, new Ice4jSettings(servers, policy, limits, names, tls, threads), inlet, wakeup);
            } catch (NoClassDefFoundError e) {
                throw new IllegalStateException(
                        "ice4j is not on the class path: add the dependency org.jitsi:ice4j", e);
            }
        }
    }
}
