// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.udp;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.UnixChannelOption;
import java.net.StandardSocketOptions;

/** How the datagram sockets of media loops are set up: large buffers, batches where the transport has them. */
final class DatagramSockets {
    private DatagramSockets() {}

    /** A socket on an event loop, not reading yet. */
    static Bootstrap bootstrap(EventLoop loop, boolean epoll, boolean reusePort) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(epoll ? EpollDatagramChannel.class : NioDatagramChannel.class)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.SO_RCVBUF, UdpLimits.SOCKET_BUFFER_BYTES)
                .option(ChannelOption.SO_SNDBUF, UdpLimits.SOCKET_BUFFER_BYTES)
                .option(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(UdpLimits.BACKLOG_BYTES_MAX / 2, UdpLimits.BACKLOG_BYTES_MAX))
                .handler(new Silent());
        if (epoll) {
            return bootstrap
                    .option(UnixChannelOption.SO_REUSEPORT, reusePort)
                    .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, UdpLimits.DATAGRAM_BYTES_MAX)
                    .option(
                            ChannelOption.RECVBUF_ALLOCATOR,
                            new FixedRecvByteBufAllocator(UdpLimits.DATAGRAM_BYTES_MAX * UdpLimits.RECEIVE_BATCH));
        }
        return bootstrap
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(UdpLimits.DATAGRAM_BYTES_MAX))
                .option(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), reusePort);
    }

    /** A channel must have a handler from the beginning; the loop itself is added once it exists. */
    private static final class Silent extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {}
    }
}
