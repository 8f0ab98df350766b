// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.udp;

import dev.tributary.core.StreamAddress;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * One accepted connection. It reads on the media loop that serves it; any loop may write to it. Closed when it is not
 * answered in time, sends too much before that, begins with something that is no check, or falls silent.
 */
final class StreamConnection extends ChannelInboundHandlerAdapter {
    private final Counts counts;
    private final Channel channel;
    private final NettyMediaLoop loop;
    private final StreamAddress address;
    private final FrameReader reader = new FrameReader(UdpLimits.DATAGRAM_BYTES_MAX);
    private volatile boolean answered;
    private boolean begun;
    private long bytesReceived;
    private long heardNanos;

    /** Why connections end, and what they lose; shared by those of a port. */
    record Counts(LongAdder unproven, LongAdder broken, LongAdder dropped) {}

    StreamConnection(Counts counts, long number, InetSocketAddress remote, Channel channel, NettyMediaLoop loop) {
        this.counts = counts;
        this.channel = channel;
        this.loop = loop;
        this.address = new StreamAddress(number, remote, this::send);
    }

    /** What the connection looks like to those above. */
    StreamAddress address() {
        return address;
    }

    /** Any thread: a peer's session may live on another loop than its connection. */
    private void send(byte[] bytes, int offset, int length) {
        answered = true;
        if (!channel.isWritable()) {
            counts.dropped.increment();
            return;
        }
        ByteBuf framed = channel.alloc()
                .buffer(FrameReader.LENGTH_BYTES + length)
                .writeShort(length)
                .writeBytes(bytes, offset, length);
        ChannelFuture unused = channel.writeAndFlush(framed);
    }

    /** The clock of the timers, so that both are one. */
    private long nowNanos() {
        return channel.eventLoop().ticker().nanoTime();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        heardNanos = nowNanos();
        Future<?> unused =
                context.executor().schedule(this::look, UdpLimits.UNANSWERED_MILLIS_MAX, TimeUnit.MILLISECONDS);
    }

    private void look() {
        if (!channel.isOpen()) {
            return;
        }
        long silentMillis = TimeUnit.NANOSECONDS.toMillis(nowNanos() - heardNanos);
        if (!answered) {
            end(counts.unproven);
        } else if (silentMillis >= UdpLimits.STREAM_SILENCE_MILLIS_MAX) {
            ChannelFuture unused = channel.close();
        } else {
            Future<?> unused = channel.eventLoop()
                    .schedule(this::look, UdpLimits.STREAM_SILENCE_MILLIS_MAX - silentMillis, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (message instanceof ByteBuf bytes && channel.isOpen()) {
                read(bytes);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void read(ByteBuf bytes) {
        heardNanos = nowNanos();
        bytesReceived += bytes.readableBytes();
        if (!answered && bytesReceived > UdpLimits.UNANSWERED_BYTES_MAX) {
            end(counts.unproven);
            return;
        }
        loop.beginBatch();
        for (ByteBuffer part : bytes.nioBuffers()) {
            if (!reader.read(part, this::frame)) {
                end(counts.broken);
                return;
            }
        }
    }

    private void frame(ByteBuffer datagram) {
        // RFC 7983 §7: whoever comes over a connection begins with a check; this is no place to talk anything else.
        if (!begun && (datagram.get(0) & 0xFC) != 0) {
            end(counts.broken);
        } else if (channel.isOpen()) {
            begun = true;
            loop.receiveFrame(datagram, address);
        }
    }

    private void end(LongAdder why) {
        if (channel.isOpen()) {
            why.increment();
        }
        ChannelFuture unused = channel.close();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        loop.completeBatch();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        ChannelFuture unused = context.close(); // reset by the other end: an ordinary way to leave
    }
}
