// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.udp;

import dev.tributary.core.StreamAddress;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A media loop on a Netty event loop and its datagram channel. */
final class NettyMediaLoop extends ChannelInboundHandlerAdapter implements MediaSocket {
    private static final Logger LOGGER = LoggerFactory.getLogger(MediaLoop.class);

    /** A peer can make a receiver fail as often as it likes, so failures are logged when their count doubles. */
    private long failureLogThreshold = 1;

    private final int index;
    private final EventLoop eventLoop;
    private final Channel channel;
    private final boolean epoll;
    private final LoopClock clock;
    private final DatagramReceiver receiver;
    private final LoopCounters counters = new LoopCounters();
    private final AtomicInteger handOversWaiting = new AtomicInteger();
    private final byte[] scratch = new byte[UdpLimits.DATAGRAM_BYTES_MAX];
    private final ByteBuffer datagram = ByteBuffer.wrap(scratch);
    private final Runnable flushTask = this::flushAtEndOfTurn;

    private final SendSlab slab;
    private boolean inBatch;
    private boolean flushPending;

    private NettyMediaLoop(
            Channel channel,
            int index,
            boolean epoll,
            LoopClock clock,
            Function<MediaLoop, DatagramReceiver> receivers) {
        this.index = index;
        this.channel = channel;
        this.eventLoop = channel.eventLoop();
        this.epoll = epoll;
        this.clock = clock;
        this.slab = new SendSlab(channel, epoll && EpollDatagramChannel.isSegmentedDatagramPacketSupported(), counters);
        this.receiver = receivers.apply(this);
    }

    /**
     * Puts a loop on a channel and asks for its receiver. On the event loop's thread.
     *
     * @param channel bound already, not reading yet
     */
    static NettyMediaLoop on(
            Channel channel,
            int index,
            boolean epoll,
            LoopClock clock,
            Function<MediaLoop, DatagramReceiver> receivers) {
        NettyMediaLoop loop = new NettyMediaLoop(channel, index, epoll, clock, receivers);
        channel.pipeline().addLast(loop);
        channel.config().setAutoRead(true);
        return loop;
    }

    @Override
    public CompletionStage<MediaSocket> openSocket(Function<MediaLoop, DatagramReceiver> receivers) {
        CompletableFuture<MediaSocket> opened = new CompletableFuture<>();
        InetSocketAddress anyPort = new InetSocketAddress(((InetSocketAddress) channel.localAddress()).getAddress(), 0);
        ChannelFuture unused = DatagramSockets.bootstrap(eventLoop, epoll, false)
                .bind(anyPort)
                .addListener((ChannelFuture bound) -> {
                    if (bound.isSuccess()) {
                        opened.complete(on(bound.channel(), index, epoll, clock, receivers));
                    } else {
                        opened.completeExceptionally(bound.cause());
                    }
                });
        return opened;
    }

    @Override
    public int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    @Override
    public void close() {
        slab.flush();
        ChannelFuture unused = channel.close();
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public boolean inLoop() {
        return eventLoop.inEventLoop();
    }

    @Override
    public void execute(Runnable task) {
        eventLoop.execute(() -> run(task));
    }

    @Override
    public long nowNanos() {
        requireLoop();
        return clock.nowNanos();
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        requireLoop();
        Future<?> scheduled = eventLoop.schedule(() -> run(task), Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    @Override
    public void send(ByteBuffer buffer, InetSocketAddress destination) {
        send(buffer.array(), buffer.arrayOffset() + buffer.position(), buffer.remaining(), destination);
    }

    @Override
    public void send(byte[] bytes, int offset, int length, InetSocketAddress destination) {
        requireLoop();
        if (destination instanceof StreamAddress stream) {
            stream.send(bytes, offset, length);
            return;
        }
        slab.add(bytes, offset, length, destination);
        if (!inBatch && !flushPending) {
            flushPending = true;
            eventLoop.execute(flushTask);
        }
    }

    @Override
    public boolean handOver(ByteBuffer foreign, InetSocketAddress source) {
        if (handOversWaiting.incrementAndGet() > UdpLimits.HAND_OVERS_MAX) {
            handOversWaiting.decrementAndGet();
            counters.addShared(LoopCounters.HAND_OVERS_DROPPED, 1);
            return false;
        }
        byte[] copy = new byte[foreign.remaining()];
        foreign.duplicate().get(copy);
        eventLoop.execute(() -> {
            handOversWaiting.decrementAndGet();
            counters.add(LoopCounters.HANDED_OVER, 1);
            clock.refresh();
            deliver(ByteBuffer.wrap(copy), source);
            endBatch();
            flushLater();
        });
        return true;
    }

    @Override
    public MediaLoopStats stats() {
        return counters.snapshot();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            beginBatch();
            if (message instanceof DatagramPacket packet) {
                read(packet);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        completeBatch();
    }

    /** Datagrams follow that came together, over the socket or over a connection that this loop serves. */
    void beginBatch() {
        if (!inBatch) {
            inBatch = true;
            clock.refresh();
            counters.add(LoopCounters.BATCHES_RECEIVED, 1);
        }
    }

    /** One datagram of a batch, out of a connection. */
    void receiveFrame(ByteBuffer frame, StreamAddress source) {
        counters.add(LoopCounters.DATAGRAMS_RECEIVED, 1);
        counters.add(LoopCounters.BYTES_RECEIVED, frame.remaining());
        deliver(frame, source);
    }

    /** The batch is through. */
    void completeBatch() {
        endBatch();
        inBatch = false;
        slab.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        counters.add(LoopCounters.SENDS_DROPPED, 1);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        slab.release();
    }

    @Override
    public String toString() {
        return "media loop " + index;
    }

    private void read(DatagramPacket packet) {
        ByteBuf content = packet.content();
        int length = content.readableBytes();
        counters.add(LoopCounters.DATAGRAMS_RECEIVED, 1);
        counters.add(LoopCounters.BYTES_RECEIVED, length);
        if (length > scratch.length) {
            return;
        }
        // All datagrams of one recvmmsg share a buffer; copying out at once keeps none of it.
        content.readBytes(scratch, 0, length);
        datagram.clear().limit(length);
        deliver(datagram, packet.sender());
    }

    private void deliver(ByteBuffer buffer, InetSocketAddress source) {
        try {
            receiver.receive(buffer, source, clock.nowNanos());
        } catch (Throwable failure) {
            failed("receiver", failure);
        }
    }

    private void endBatch() {
        try {
            receiver.batchEnded(clock.nowNanos());
        } catch (Throwable failure) {
            failed("receiver", failure);
        }
    }

    private void run(Runnable task) {
        clock.refresh();
        try {
            task.run();
        } catch (Throwable failure) {
            failed("task", failure);
        }
    }

    private void failed(String what, Throwable failure) {
        counters.add(LoopCounters.FAILURES, 1);
        long failures = counters.snapshot().failures();
        if (failures >= failureLogThreshold) {
            failureLogThreshold = failures * 2;
            LOGGER.warn("A {} on media loop {} failed ({} failures so far)", what, index, failures, failure);
        }
    }

    private void flushLater() {
        if (!inBatch && !flushPending) {
            flushPending = true;
            eventLoop.execute(flushTask);
        }
    }

    private void flushAtEndOfTurn() {
        flushPending = false;
        slab.flush();
    }

    private void requireLoop() {
        if (!eventLoop.inEventLoop()) {
            throw new IllegalStateException(
                    "Called on " + Thread.currentThread().getName() + "; use execute to run on media loop " + index);
        }
    }
}
