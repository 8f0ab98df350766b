// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.udp;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The TCP port beside the UDP port: datagrams in frames (RFC 4571), for peers whose network lets no UDP through. Each
 * connection is served by one of the media loops, and looks to it like one more address ({@link
 * dev.tributary.core.StreamAddress}).
 *
 * <p>Connections cost memory, so there is a bound on them in all and for each host, and those that nobody answers are
 * closed: the first datagram that is sent over a connection shows that its peer has proved itself.
 */
final class StreamPort {
    private final Map<EventLoop, NettyMediaLoop> loops;
    private final AtomicLong connections = new AtomicLong();
    private final AtomicInteger open = new AtomicInteger();
    private final Map<InetAddress, Integer> openOfHost = new HashMap<>();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final StreamConnection.Counts counts =
            new StreamConnection.Counts(new LongAdder(), new LongAdder(), new LongAdder());
    private Channel channel;

    private StreamPort(Map<EventLoop, NettyMediaLoop> loops, ServerBootstrap bootstrap, InetSocketAddress address) {
        this.loops = Map.copyOf(loops);
        ChannelFuture bound = bootstrap
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        accept(connection);
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new UncheckedIOException(
                    "TCP port " + address.getPort() + " cannot be bound: "
                            + bound.cause().getMessage(),
                    new IOException(bound.cause()));
        }
        channel = bound.channel();
    }

    /** Binds the port and accepts connections from now on. */
    static StreamPort bind(
            EventLoopGroup group, Map<EventLoop, NettyMediaLoop> loops, InetSocketAddress address, boolean epoll) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(
                                UdpLimits.STREAM_BACKLOG_BYTES_MAX / 2, UdpLimits.STREAM_BACKLOG_BYTES_MAX));
        return new StreamPort(loops, bootstrap, address);
    }

    int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    StreamStats stats() {
        return new StreamStats(
                open.get(),
                accepted.sum(),
                refused.sum(),
                counts.unproven().sum(),
                counts.broken().sum(),
                counts.dropped().sum());
    }

    void close() {
        channel.close().awaitUninterruptibly();
    }

    private void accept(Channel connection) {
        NettyMediaLoop loop = loops.get(connection.eventLoop());
        InetSocketAddress remote = (InetSocketAddress) connection.remoteAddress();
        if (loop == null || remote == null || !admit(remote.getAddress())) {
            refused.increment();
            ChannelFuture unused = connection.close();
            return;
        }
        accepted.increment();
        ChannelFuture unused = connection.closeFuture().addListener(closed -> release(remote.getAddress()));
        connection
                .pipeline()
                .addLast(new FlushConsolidationHandler())
                .addLast(new StreamConnection(counts, connections.incrementAndGet(), remote, connection, loop));
    }

    private boolean admit(InetAddress host) {
        synchronized (openOfHost) {
            int ofHost = openOfHost.getOrDefault(host, 0);
            if (open.get() >= UdpLimits.STREAMS_MAX || ofHost >= UdpLimits.STREAMS_PER_HOST_MAX) {
                return false;
            }
            open.incrementAndGet();
            openOfHost.put(host, ofHost + 1);
            return true;
        }
    }

    private void release(InetAddress host) {
        synchronized (openOfHost) {
            open.decrementAndGet();
            openOfHost.computeIfPresent(host, (address, count) -> count == 1 ? null : count - 1);
        }
    }
}
