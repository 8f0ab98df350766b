// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.udp;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * One event loop of the media world: a single thread that owns a socket, peers and timers, without locks.
 *
 * <p>{@link #execute}, {@link #inLoop}, {@link #index}, {@link #handOver} and {@link #stats} may be called by any
 * thread; the rest by the loop's own thread only, and says so with an {@code IllegalStateException} otherwise.
 */
public interface MediaLoop extends Executor {
    /** Position among the loops of one {@link MediaLoops}, from zero. */
    int index();

    /** Whether the calling thread is this loop. */
    boolean inLoop();

    /** Runs a task on the loop, after what it is doing now. Tasks of one thread keep their order. */
    @Override
    void execute(Runnable task);

    /**
     * The time of the current turn: monotonic nanoseconds since the loops were started, the same clock for all of them,
     * read once for each batch of datagrams and for each task.
     */
    long nowNanos();

    /**
     * Runs a task on the loop after a delay.
     *
     * @param delayNanos nanoseconds from now; zero or less means in the next turn
     */
    Timer schedule(long delayNanos, Runnable task);

    /**
     * Sends one datagram. The bytes are copied at once; everything sent in one turn is flushed together at its end.
     * Datagrams of equal size that follow each other to the same destination leave as one segmented send where the
     * kernel can do that, so send in that order. When the socket's backlog is full the datagram is dropped and counted:
     * media that waits is media that comes too late.
     *
     * @param datagram an array-backed buffer whose remaining bytes are sent; its position is left alone
     * @param destination resolved address
     */
    void send(ByteBuffer datagram, InetSocketAddress destination);

    /** As {@link #send(ByteBuffer, InetSocketAddress)}, from a plain array: for senders that wrap nothing. */
    void send(byte[] bytes, int offset, int length, InetSocketAddress destination);

    /**
     * Gives this loop a datagram that arrived on another one, because this loop owns the peer. The bytes are copied;
     * the loop's receiver gets them in its next turn as if they had come from the socket.
     *
     * @return {@code false} if too many wait already: the datagram is dropped, as a full socket would
     */
    boolean handOver(ByteBuffer datagram, InetSocketAddress source);

    /**
     * Opens one more socket on this loop, on a free port.
     *
     * @param receivers makes the receiver of the socket, called once on the loop's thread
     * @return completes on the loop's thread; fails when no socket can be had
     */
    CompletionStage<MediaSocket> openSocket(Function<MediaLoop, DatagramReceiver> receivers);

    /** What the loop has counted so far: a snapshot. */
    MediaLoopStats stats();

    /** A task that waits for its time. */
    interface Timer {
        /** Makes sure the task does not run any more; does nothing if it has. For the loop's own thread. */
        void cancel();
    }
}
