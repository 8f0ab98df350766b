// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu;

import dev.tributary.core.http.HttpClient;
import dev.tributary.core.udp.MediaLoops;
import dev.tributary.ice.CandidatePolicy;
import dev.tributary.sfu.internal.room.Engine;
import dev.tributary.srtp.SrtpAcceleration;
import dev.tributary.whipwhep.spi.MediaEngine;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The forwarding engine: rooms on one UDP port, for {@code whip-whep} to open sessions in.
 *
 * <pre>{@code
 * var sfu = Sfu.builder().udpPort(10000).announce("203.0.113.7").build();
 * var live = WhipWhep.builder(sfu.sessions()).access(tokens::verify).build();
 * }</pre>
 *
 * <p>Thread-safe. {@link #close} ends every session, the loops and their sockets; it is idempotent.
 */
public final class Sfu implements AutoCloseable {
    private final Engine engine;

    /** Found out at the start, on the thread that starts us: the first session would have it done on its loop. */
    private final String protection = SrtpAcceleration.describe();

    private Sfu(Engine engine) {
        this.engine = engine;
    }

    /** Describes an engine; every setting has a default. */
    public static Builder builder() {
        return new Builder();
    }

    /** Opens sessions: give this to {@code WhipWhep}. */
    public MediaEngine sessions() {
        return engine;
    }

    /** What is in the rooms right now. */
    public CompletionStage<List<RoomSnapshot>> rooms() {
        return engine.snapshots();
    }

    /**
     * Ends a stream: everybody in the room is told and disconnected. Completes when the sessions are gone, at once when
     * there is no such room.
     */
    public CompletionStage<Void> end(String room) {
        return engine.end(room);
    }

    /**
     * Sends what somebody publishes here to another server, as a pipe (WHIP). The pipe ends when the publisher leaves, or
     * the other server ends it.
     *
     * @param room the room here
     * @param subject whose tracks: the subject of the publisher's grant
     * @param whip the endpoint there
     * @param http carries the requests, and signs or authorises them as the other server wants
     * @return completes when the other server has accepted; fails with a
     *     {@link dev.tributary.whipwhep.spi.WhipWhepException} when it has not, or the subject publishes nothing here
     */
    public CompletionStage<Void> push(String room, String subject, URI whip, HttpClient http) {
        return engine.push(room, subject, whip, http);
    }

    /** The addresses at which peers reach the UDP port. */
    public List<InetSocketAddress> udpAddresses() {
        return engine.addresses();
    }

    /** The addresses at which clients reach the TCP port; empty when there is none. */
    public List<InetSocketAddress> streamAddresses() {
        return engine.streamAddresses();
    }

    /** How datagrams move: "epoll" or "nio". */
    public String transport() {
        return engine.transport();
    }

    /** How media is protected, in words: whether the JVM lets SRTP into its own ciphers, and if not, why. */
    public String protection() {
        return protection;
    }

    @Override
    public void close() {
        engine.close();
    }

    /** Describes an engine. Not thread-safe. */
    public static final class Builder {
        private int udpPort = 10_000;
        private int tcpPort = -1;
        private int loops;
        private final List<String> announced = new ArrayList<>();
        private final Map<String, String> mapped = new LinkedHashMap<>();
        private Predicate<NetworkInterface> interfaces = each -> true;
        private CandidatePolicy pipeCandidates = CandidatePolicy.PUBLIC;
        private String instance = "urn:tributary:local";
        private Upstream.@Nullable Resolver upstreams;
        private Predicate<String> waiting = room -> false;
        private SfuListener listener = new SfuListener() {};
        private @Nullable Executor handshakes;

        private Builder() {}

        /** The UDP port for everything; 0 takes any free one. By default 10000. */
        public Builder udpPort(int port) {
            udpPort = port;
            return this;
        }

        /**
         * A TCP port for clients whose network lets no UDP through (ICE over TCP, RFC 6544); 0 takes any free one. By
         * default there is none.
         */
        public Builder tcpPort(int port) {
            tcpPort = port;
            return this;
        }

        /** How many media loops; by default one for each processor. */
        public Builder loops(int count) {
            loops = count;
            return this;
        }

        /** An address under which peers reach the port; by default those of this machine's interfaces. */
        public Builder announce(String address) {
            announced.add(address);
            return this;
        }

        /** Announces another address in place of one of this machine's, for a NAT that maps them one to one. */
        public Builder mapAddress(String local, String announcedInstead) {
            mapped.put(local, announcedInstead);
            return this;
        }

        /** Which network interfaces' addresses are announced when none are given; by default all. */
        public Builder interfaces(Predicate<NetworkInterface> wanted) {
            interfaces = wanted;
            return this;
        }

        /**
         * Where pipes may send their checks: the answer of another server names the addresses, and should not be able to
         * point this one at its own network. By default {@link CandidatePolicy#PUBLIC}; servers in a private network, or
         * several on one machine, allow what they need.
         */
        public Builder pipeCandidates(CandidatePolicy policy) {
            pipeCandidates = policy;
            return this;
        }

        /** The id of this instance, by which pipes recognise it: its actor, where there is one. */
        public Builder instance(String id) {
            instance = id;
            return this;
        }

        /** Where rooms of other servers, {@code name@host}, are pulled from; by default nowhere. */
        public Builder upstreams(Upstream.Resolver resolver) {
            upstreams = resolver;
            return this;
        }

        /**
         * The rooms whose viewers may come before anybody publishes, and see it begin; in all others they are refused
         * with 409 and when to come again, which is the default.
         */
        public Builder waitingRooms(Predicate<String> rooms) {
            waiting = rooms;
            return this;
        }

        /** Hears what happens in the rooms. */
        public Builder listener(SfuListener hears) {
            listener = hears;
            return this;
        }

        /** Where DTLS handshakes may block; by default virtual threads where the JVM has them, else a bounded pool. */
        public Builder handshakes(Executor executor) {
            handshakes = executor;
            return this;
        }

        /**
         * Binds the port and starts the loops.
         *
         * @throws java.io.UncheckedIOException if the port is in use or may not be opened
         */
        public Sfu build() {
            MediaLoops.Builder port = MediaLoops.builder(udpPort).interfaces(interfaces);
            if (loops > 0) {
                port.loops(loops);
            }
            if (tcpPort >= 0) {
                port.tcpPort(tcpPort);
            }
            announced.forEach(port::announce);
            mapped.forEach(port::mapAddress);
            return new Sfu(Engine.start(port, instance, pipeCandidates, upstreams, waiting, listener, handshakes));
        }
    }
}
