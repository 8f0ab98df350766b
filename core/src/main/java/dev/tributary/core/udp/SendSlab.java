// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.udp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Collects outgoing datagrams of one turn in native memory and writes them to the channel in runs. A run is a sequence
 * of datagrams to one destination that have the same size, but for the last, which may be shorter: exactly what UDP
 * segmentation offload can send in one message. Without offload each run is one datagram.
 *
 * <p>Not thread-safe: owned by the loop.
 */
final class SendSlab {
    /** Linux: a device without checksum offload answers EIO, a kernel before 4.18 EINVAL. */
    private static final int EIO = 5;

    private static final int EINVAL = 22;

    private final ChannelFutureListener segmentedSendListener = this::segmentedSendEnded;
    private final Channel channel;
    private final LoopCounters counters;
    private boolean segmentation;

    private @Nullable ByteBuf slab;
    private @Nullable InetSocketAddress destination;
    private int runStart;
    private int runBytes;
    private int segmentBytes;
    private int segments;
    private boolean runIsComplete;

    SendSlab(Channel channel, boolean segmentation, LoopCounters counters) {
        this.channel = channel;
        this.segmentation = segmentation;
        this.counters = counters;
    }

    void add(byte[] bytes, int offset, int length, InetSocketAddress to) {
        // No datagram goes to port zero; the kernel's answer would be mistaken for a refusal of segmentation.
        if (!channel.isWritable() || to.getPort() == 0) {
            counters.add(LoopCounters.SENDS_DROPPED, 1);
            return;
        }
        if (!continuesRun(length, to)) {
            writeRun();
            destination = to;
            segmentBytes = length;
        }
        room(length).writeBytes(bytes, offset, length);
        runBytes += length;
        segments++;
        runIsComplete = length < segmentBytes || !segmentation || segments == UdpLimits.SEGMENTS_MAX;
        counters.add(LoopCounters.DATAGRAMS_SENT, 1);
        counters.add(LoopCounters.BYTES_SENT, length);
    }

    /** Writes what is left of the turn and flushes the channel. */
    void flush() {
        writeRun();
        channel.flush();
        ByteBuf current = slab;
        if (current != null && current.refCnt() == 1) {
            // Everything has left: the same memory, still in the cache, serves the next turn.
            current.clear();
            runStart = 0;
        }
    }

    void release() {
        if (slab != null) {
            slab.release();
            slab = null;
        }
        segments = 0;
    }

    private boolean continuesRun(int length, InetSocketAddress to) {
        // The same object in the common case; a peer's address is compared by value only when the objects differ.
        return segments > 0
                && !runIsComplete
                && length <= segmentBytes
                && length > 0
                && runBytes + length <= UdpLimits.SEGMENTED_BYTES_MAX
                && to.equals(destination)
                && slab != null
                && slab.writableBytes() >= length;
    }

    private ByteBuf room(int length) {
        ByteBuf current = slab;
        if (current == null || current.writableBytes() < length) {
            if (current != null) {
                current.release(); // the runs written from it hold their own references
            }
            current = channel.alloc().directBuffer(Math.max(UdpLimits.SLAB_BYTES, length));
            slab = current;
            runStart = 0;
        }
        return current;
    }

    /** The kernel or the device refuses segmented sends: never try again, because neither changes while we run. */
    private void segmentedSendEnded(ChannelFuture written) {
        if (written.isSuccess()) {
            return;
        }
        // What was lost is asked for again by its receiver.
        counters.add(LoopCounters.SENDS_DROPPED, 1);
        if (written.cause() instanceof Errors.NativeIoException refusal
                && (refusal.expectedErr() == -EIO || refusal.expectedErr() == -EINVAL)) {
            segmentation = false;
        }
    }

    private void writeRun() {
        if (segments == 0 || slab == null || destination == null) {
            return;
        }
        ByteBuf run = slab.retainedSlice(runStart, runBytes);
        if (segments > 1) {
            counters.add(LoopCounters.SEGMENTED_SENDS, 1);
            ChannelFuture written = channel.write(new SegmentedDatagramPacket(run, segmentBytes, destination));
            ChannelFuture unused = written.addListener(segmentedSendListener);
        } else {
            // The void promise tells failures to the pipeline, which counts them.
            ChannelFuture unused = channel.write(new DatagramPacket(run, destination), channel.voidPromise());
        }
        runStart += runBytes;
        runBytes = 0;
        segments = 0;
    }
}
