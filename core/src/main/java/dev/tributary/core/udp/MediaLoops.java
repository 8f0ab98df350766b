// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.udp;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event loops of the media world on one UDP port:
 *
 * <pre>{@code
 * MediaLoops loops = MediaLoops.builder(10_000).announce("203.0.113.7").start(loop -> new Demultiplexer(loop));
 * }</pre>
 *
 * <p>On Linux with Netty's native transport each loop has its own socket on the port (SO_REUSEPORT), reads up to 32
 * datagrams with one system call and sends pictures as segmented messages. Elsewhere one loop serves the port with plain
 * NIO; the behaviour is the same.
 *
 * <p>Thread-safe. {@link #close} is idempotent.
 */
public final class MediaLoops implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(MediaLoops.class);
    private static final long SHUTDOWN_MILLIS_MAX = 2_000;

    private final MultiThreadIoEventLoopGroup group;
    private final List<Channel> channels;
    private final List<MediaLoop> loops;
    private final List<InetSocketAddress> announced;
    private final int port;
    private final @Nullable StreamPort streams;
    private final String transport;

    private MediaLoops(
            MultiThreadIoEventLoopGroup group,
            List<Channel> channels,
            List<MediaLoop> loops,
            List<InetSocketAddress> announced,
            int port,
            @Nullable StreamPort streams,
            String transport) {
        this.group = group;
        this.channels = channels;
        this.loops = List.copyOf(loops);
        this.announced = List.copyOf(announced);
        this.port = port;
        this.streams = streams;
        this.transport = transport;
    }

    /**
     * Starts to describe loops.
     *
     * @param udpPort 1 to 65,535, or 0 for any free one
     */
    public static Builder builder(int udpPort) {
        return new Builder(udpPort);
    }

    /** The loops, in the order of {@link MediaLoop#index}. */
    public List<MediaLoop> loops() {
        return loops;
    }

    /** The UDP port that all loops share. */
    public int port() {
        return port;
    }

    /** The addresses under which peers reach the port: as announced, else those of this machine. */
    public List<InetSocketAddress> announcedAddresses() {
        return announced;
    }

    /** The addresses under which peers reach the TCP port; empty when there is none. */
    public List<InetSocketAddress> announcedStreamAddresses() {
        StreamPort tcp = streams;
        return tcp == null
                ? List.of()
                : announced.stream()
                        .map(address -> new InetSocketAddress(address.getAddress(), tcp.port()))
                        .toList();
    }

    /** What the TCP port has counted; all zero when there is none. */
    public StreamStats streamStats() {
        return streams == null ? new StreamStats(0, 0, 0, 0, 0, 0) : streams.stats();
    }

    /** "epoll" or "nio". */
    public String transport() {
        return transport;
    }

    /** Closes the sockets and ends the loops. Tasks that wait are dropped. Must not be called on a loop. */
    @Override
    public void close() {
        if (streams != null) {
            streams.close();
        }
        for (Channel channel : channels) {
            channel.close().awaitUninterruptibly();
        }
        Future<?> ended = group.shutdownGracefully(0, SHUTDOWN_MILLIS_MAX, TimeUnit.MILLISECONDS);
        ended.awaitUninterruptibly(SHUTDOWN_MILLIS_MAX);
    }

    /** Describes media loops. Not thread-safe. */
    public static final class Builder {
        private static final int NO_TCP = -1;

        private final int udpPort;
        private final List<InetAddress> announce = new ArrayList<>();
        private final Map<InetAddress, InetAddress> mapped = new HashMap<>();
        private Predicate<NetworkInterface> interfaces = each -> true;
        private int loopCount = Runtime.getRuntime().availableProcessors();
        private int tcpPort = NO_TCP;
        private @Nullable InetAddress bindAddress;
        private boolean nativeTransport = true;
        private ThreadFactory threadFactory = new DefaultThreadFactory("tributary-media", true);

        private Builder(int udpPort) {
            if (udpPort < 0 || udpPort > 65_535) {
                throw new IllegalArgumentException("UDP port " + udpPort + " is not in 0 to 65535");
            }
            this.udpPort = udpPort;
        }

        /** How many loops; by default one for each processor. Where the port cannot be shared it is one. */
        public Builder loops(int count) {
            if (count < 1 || count > UdpLimits.LOOPS_MAX) {
                throw new IllegalArgumentException(count + " loops are not in 1 to " + UdpLimits.LOOPS_MAX);
            }
            loopCount = count;
            return this;
        }

        /**
         * Adds an address under which peers reach this port, such as the public one of a machine behind NAT.
         *
         * @param address an IP address literal or a name that resolves now
         */
        public Builder announce(String address) {
            announce.add(resolve(address));
            return this;
        }

        /**
         * Announces another address in place of one of this machine's: for a NAT that maps them one to one, as clouds do.
         * Has no effect when addresses are {@linkplain #announce announced} outright.
         *
         * @param local the address on the interface
         * @param announced the address at which peers reach it; an IP address literal or a name that resolves now
         */
        public Builder mapAddress(String local, String announced) {
            mapped.put(resolve(local), resolve(announced));
            return this;
        }

        /**
         * Which network interfaces' addresses are announced: leave out the bridges of containers, or a private network.
         * The port is bound on all of them nevertheless; see {@link #bindAddress}.
         */
        public Builder interfaces(Predicate<NetworkInterface> wanted) {
            interfaces = wanted;
            return this;
        }

        private static InetAddress resolve(String address) {
            try {
                return InetAddress.getByName(address);
            } catch (IOException e) {
                throw new IllegalArgumentException("Announced address \"" + address + "\" does not resolve", e);
            }
        }

        /**
         * Listens on a TCP port as well: datagrams in frames (RFC 4571), for peers whose network lets no UDP through. Each
         * connection looks like one more address to the receivers, a {@link dev.tributary.core.StreamAddress}.
         *
         * @param port 1 to 65,535, or 0 for any free one
         */
        public Builder tcpPort(int port) {
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException("TCP port " + port + " is not in 0 to 65535");
            }
            tcpPort = port;
            return this;
        }

        /** Listens on one address only; by default on all of them. */
        public Builder bindAddress(InetAddress address) {
            bindAddress = address;
            return this;
        }

        /** Whether Netty's native transport is used where it is there; switching it off is for comparison. */
        public Builder nativeTransport(boolean enabled) {
            nativeTransport = enabled;
            return this;
        }

        /** Makes the loops' threads; by default named daemon threads. */
        public Builder threadFactory(ThreadFactory factory) {
            threadFactory = factory;
            return this;
        }

        /**
         * Binds the port and starts the loops.
         *
         * @param receivers makes the receiver of each loop, called once on each loop's thread
         * @throws UncheckedIOException if the port is in use or may not be bound
         */
        public MediaLoops start(Function<MediaLoop, DatagramReceiver> receivers) {
            boolean epoll = nativeTransport && Epoll.isAvailable();
            InetSocketAddress address = freeAddress();
            boolean reusePort = epoll || reusePortInNio();
            int count = reusePort ? loopCount : 1;
            IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
            MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(count, threadFactory, handlers);
            List<Channel> channels = new ArrayList<>();
            try {
                List<MediaLoop> loops = new ArrayList<>();
                Map<EventLoop, NettyMediaLoop> byEventLoop = new HashMap<>();
                long originNanos = System.nanoTime();
                for (EventExecutor executor : group) {
                    Channel channel = bind((EventLoop) executor, address, epoll, reusePort);
                    channels.add(channel);
                    NettyMediaLoop loop = attach(channel, loops.size(), epoll, originNanos, receivers);
                    loops.add(loop);
                    byEventLoop.put(channel.eventLoop(), loop);
                }
                StreamPort streams = tcpPort == NO_TCP
                        ? null
                        : StreamPort.bind(
                                group, byEventLoop, new InetSocketAddress(address.getAddress(), tcpPort), epoll);
                String transport = epoll ? "epoll" : "nio";
                LOGGER.info("Media on UDP port {}: {} loops, {}", address.getPort(), count, transport);
                return new MediaLoops(
                        group, channels, loops, announced(address), address.getPort(), streams, transport);
            } catch (RuntimeException e) {
                channels.forEach(channel -> channel.close().awaitUninterruptibly());
                Future<?> unused = group.shutdownGracefully(0, SHUTDOWN_MILLIS_MAX, TimeUnit.MILLISECONDS);
                throw e;
            }
        }

        /**
         * Finds out whether the port is free. Sockets that share a port would bind beside those of another process of
         * the same user without any error and steal half of its datagrams, so a socket that shares nothing goes first.
         */
        private InetSocketAddress freeAddress() {
            InetSocketAddress wanted =
                    bindAddress == null ? new InetSocketAddress(udpPort) : new InetSocketAddress(bindAddress, udpPort);
            try (DatagramChannel probe = DatagramChannel.open()) {
                probe.bind(wanted);
                int free = ((InetSocketAddress) probe.getLocalAddress()).getPort();
                return new InetSocketAddress(wanted.getAddress(), free);
            } catch (BindException e) {
                throw new UncheckedIOException(
                        "UDP port " + udpPort + " is in use or may not be bound on "
                                + wanted.getAddress().getHostAddress() + "; stop what uses it or choose another port",
                        e);
            } catch (IOException e) {
                throw new UncheckedIOException("UDP port " + udpPort + " cannot be bound: " + e.getMessage(), e);
            }
        }

        private static boolean reusePortInNio() {
            // Elsewhere the option exists, but the last socket gets everything.
            return System.getProperty("os.name", "").startsWith("Linux");
        }

        private static Channel bind(EventLoop loop, InetSocketAddress address, boolean epoll, boolean reusePort) {
            Future<?> bound = DatagramSockets.bootstrap(loop, epoll, reusePort)
                    .bind(address)
                    .awaitUninterruptibly();
            if (!bound.isSuccess()) {
                throw new UncheckedIOException(
                        "UDP port " + address.getPort() + " cannot be bound", new IOException(bound.cause()));
            }
            return ((io.netty.channel.ChannelFuture) bound).channel();
        }

        private static NettyMediaLoop attach(
                Channel channel,
                int index,
                boolean epoll,
                long originNanos,
                Function<MediaLoop, DatagramReceiver> receivers) {
            EventLoop loop = channel.eventLoop();
            Future<NettyMediaLoop> attached = loop.<NettyMediaLoop>submit(
                            () -> NettyMediaLoop.on(channel, index, epoll, new LoopClock(originNanos), receivers))
                    .awaitUninterruptibly();
            if (!attached.isSuccess()) {
                throw new IllegalStateException("The receiver of media loop " + index + " failed", attached.cause());
            }
            return attached.getNow();
        }

        private List<InetSocketAddress> announced(InetSocketAddress bound) {
            List<InetAddress> addresses = announce;
            if (addresses.isEmpty()) {
                addresses = bound.getAddress().isAnyLocalAddress()
                        ? LocalAddresses.reachable(interfaces)
                        : List.of(bound.getAddress());
                addresses = addresses.stream()
                        .map(address -> mapped.getOrDefault(address, address))
                        .distinct()
                        .toList();
            }
            return addresses.stream()
                    .map(address -> new InetSocketAddress(address, bound.getPort()))
                    .toList();
        }
    }
}
