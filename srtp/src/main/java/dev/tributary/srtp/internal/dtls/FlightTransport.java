// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.dtls;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.bouncycastle.tls.DatagramTransport;
import org.jspecify.annotations.Nullable;

/**
 * What Bouncy Castle takes for the network, and the one seam between the thread of a handshake and the loop. During the
 * handshake {@link #receive} blocks that thread until the loop offers a datagram, and what is sent is collected and handed
 * to the loop as one flight when it is complete, which is exactly when Bouncy Castle asks to receive. After {@link
 * #unblock} nothing blocks: a receive with nothing there throws {@link WouldBlock}, the one kind of exception that leaves
 * the connection as it is.
 *
 * <p>No clock is read here. Bouncy Castle is never told that time has passed, so that it repeats nothing by itself; {@link
 * OutboundFlights} does, by the time of the loop.
 */
final class FlightTransport implements DatagramTransport {
    /** The largest datagram taken: no path of ours carries more. */
    static final int RECEIVE_BYTES = 2048;

    /** Where a flight is split: fits every path that ICE finds. */
    static final int FLIGHT_DATAGRAM_BYTES = 1200;

    private final int capacity;
    private final Runnable wakeup;
    private final Consumer<byte[]> sink;

    // A lock, not a monitor: a virtual thread that waits on a monitor holds its carrier before JDK 24.
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<byte[]> inbound = new ArrayDeque<>();
    private final Queue<List<byte[]>> flights = new ArrayDeque<>();
    private boolean running;
    private boolean waiting;
    private boolean closed;
    private volatile @Nullable Canceller canceller;

    private boolean blocking = true;
    private boolean over;
    private List<byte[]> flight = new ArrayList<>();
    private byte[] collected = new byte[FLIGHT_DATAGRAM_BYTES];
    private int collectedLength;

    /**
     * A transport that blocks.
     *
     * @param capacity datagrams of the peer that may wait
     * @param sink where datagrams go that are sent after the handshake
     * @param wakeup called by the thread of the handshake when there is a flight to poll
     */
    FlightTransport(int capacity, Consumer<byte[]> sink, Runnable wakeup) {
        this.capacity = capacity;
        this.sink = sink;
        this.wakeup = wakeup;
    }

    /** How Bouncy Castle is told to give up, which makes it say so to the peer. */
    interface Canceller {
        void cancel() throws IOException;
    }

    void cancelBy(Canceller value) {
        canceller = value;
    }

    /** Loop: whether another datagram may be offered. */
    boolean hasRoom() {
        lock.lock();
        try {
            return inbound.size() < capacity;
        } finally {
            lock.unlock();
        }
    }

    /** Loop: takes a datagram over, for which there is room. */
    void offer(byte[] datagram) {
        lock.lock();
        try {
            inbound.add(datagram);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Loop, after {@link #unblock}: whether nothing waits to be received. */
    boolean isEmpty() {
        return inbound.isEmpty();
    }

    /** Loop: the next flight that is complete, or {@code null}. */
    @Nullable
    List<byte[]> pollFlight() {
        lock.lock();
        try {
            return flights.poll();
        } finally {
            lock.unlock();
        }
    }

    /** Loop: takes the transport over from the thread of the handshake, which has ended. */
    void unblock() {
        blocking = false;
        collected = new byte[0];
    }

    /** Loop: ends the handshake that waits. */
    void cancel() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Loop: a handshake has been handed to an executor, or none; the handshake's thread: it has ended. */
    void running(boolean value) {
        lock.lock();
        try {
            running = value;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Loop: waits until the handshake has come to wait for the peer, or to its end. */
    void awaitIdle() {
        lock.lock();
        try {
            while (running && (closed || !waiting || !inbound.isEmpty())) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int getReceiveLimit() {
        return RECEIVE_BYTES;
    }

    @Override
    public int getSendLimit() {
        return FLIGHT_DATAGRAM_BYTES;
    }

    @Override
    public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
        byte[] datagram;
        if (blocking) {
            flush();
            if (over) {
                // It asks on after a close_notify, and only looks at its state when it is told that time has passed.
                throw new InterruptedIOException("the connection is over");
            }
            datagram = await();
        } else {
            datagram = inbound.poll();
            if (datagram == null) {
                throw WouldBlock.INSTANCE;
            }
        }
        System.arraycopy(datagram, 0, buffer, offset, Math.min(length, datagram.length));
        return datagram.length;
    }

    /** Waits without a limit: the loop has a deadline for the whole handshake, and cancels what exceeds it. */
    private byte[] await() throws IOException {
        lock.lock();
        try {
            while (!closed) {
                byte[] datagram = inbound.poll();
                if (datagram != null) {
                    return datagram;
                }
                waiting = true;
                changed.signalAll();
                changed.await();
                waiting = false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the thread of the handshake was interrupted");
        } finally {
            waiting = false;
            lock.unlock();
        }
        Canceller giveUp = canceller;
        if (giveUp != null) {
            giveUp.cancel();
        }
        throw new InterruptedIOException("closed during the handshake");
    }

    @Override
    public void send(byte[] bytes, int offset, int length) {
        if (!blocking) {
            sink.accept(Arrays.copyOfRange(bytes, offset, offset + length));
            return;
        }
        if (collectedLength + length > collected.length) {
            endDatagram();
        }
        if (length > collected.length) {
            flight.add(Arrays.copyOfRange(bytes, offset, offset + length));
        } else {
            System.arraycopy(bytes, offset, collected, collectedLength, length);
            collectedLength += length;
        }
    }

    private void endDatagram() {
        if (collectedLength > 0) {
            flight.add(Arrays.copyOf(collected, collectedLength));
            collectedLength = 0;
        }
    }

    /** The handshake's thread: hands over what is collected, before it waits and when it ends. */
    void flush() {
        endDatagram();
        if (flight.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            flights.add(flight);
        } finally {
            lock.unlock();
        }
        flight = new ArrayList<>();
        wakeup.run();
    }

    /** Bouncy Castle: the connection is over. Without the flush no fatal alert would ever leave. */
    @Override
    public void close() {
        if (blocking) {
            over = true;
            flush();
        }
    }

    /** Nothing to receive now. */
    static final class WouldBlock extends InterruptedIOException {
        static final WouldBlock INSTANCE = new WouldBlock();

        private static final long serialVersionUID = 1;

        private WouldBlock() {}

        /** One instance for all: a trace would be of somebody else, and cost more than the packet. */
        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
