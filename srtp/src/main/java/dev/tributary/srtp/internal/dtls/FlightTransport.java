// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.dtls;

import dev.tributary.srtp.DtlsLimits;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.tls.DatagramTransport;
import org.jspecify.annotations.Nullable;

/**
 * What Bouncy Castle takes for the network: two queues. During the handshake {@link #receive} blocks the thread of the
 * handshake, and what is sent is collected and leaves as few datagrams when the flight is complete, which is exactly when
 * Bouncy Castle asks to receive. After {@link #unblock} nothing blocks: a receive with nothing there throws {@link
 * WouldBlock}, the one kind of exception that leaves the connection as it is.
 *
 * <p>Bouncy Castle doubles its resend time without a cap that matters within a handshake's time, and repeats its very last
 * flight only after it has seen the peer's whole flight again. At 30 % loss that leaves one handshake in fifty unfinished.
 * So this repeats the last flight by itself: in the handshake every {@link #REPEAT_FACTOR} resend times, and after it
 * whenever the peer repeats a record.
 */
final class FlightTransport implements DatagramTransport {
    /** The largest datagram taken: no path of ours carries more. */
    static final int RECEIVE_BYTES = 2048;

    /** Where a flight is split: fits every path that ICE finds. */
    static final int FLIGHT_DATAGRAM_BYTES = 1200;

    /** How many of the first resend times a flight waits before it is repeated at a steady pace. */
    static final int REPEAT_FACTOR = 4;

    private static final int OUTBOUND_DATAGRAMS = 512;
    private static final byte[] WAKE = new byte[0];
    private static final long WAIT_MILLIS_WITHOUT_LIMIT = 1000;

    private final InboundGuard guard;
    private final Runnable wakeup;
    private final BlockingQueue<byte[]> inbound;
    private final Queue<byte[]> outbound = new LinkedBlockingQueue<>(OUTBOUND_DATAGRAMS);
    private final long repeatNanos;
    private final ClearSequence clear = new ClearSequence();
    private final List<byte[]> lastFlight = new ArrayList<>();
    private boolean flightComplete;
    private long nextRepeatNanos;
    private byte @Nullable [] flight = new byte[FLIGHT_DATAGRAM_BYTES];
    private int flightLength;
    private boolean blocking = true;
    private volatile boolean closed;

    FlightTransport(InboundGuard guard, DtlsLimits limits, Runnable wakeup) {
        this.guard = guard;
        this.inbound = new ArrayBlockingQueue<>(limits.queuedDatagrams());
        this.repeatNanos = TimeUnit.MILLISECONDS.toNanos((long) REPEAT_FACTOR * limits.resendMillis());
        this.wakeup = wakeup;
    }

    /** Loop: takes a datagram over; {@code false} when the queue is full. */
    boolean offer(byte[] datagram) {
        return inbound.offer(datagram);
    }

    /** Loop: the next datagram to send. */
    byte @Nullable [] pollDatagram() {
        return outbound.poll();
    }

    /** Loop: takes the transport over from the thread of the handshake, which has ended. */
    void unblock() {
        blocking = false;
        flight = null;
        guard.handshakeDone();
    }

    /** Any thread: ends the handshake that waits. */
    void wake() {
        closed = true;
        inbound.offer(WAKE);
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
        return blocking ? await(buffer, offset, length, waitMillis) : take(buffer, offset, length);
    }

    private int take(byte[] buffer, int offset, int length) throws IOException {
        while (true) {
            byte[] datagram = guard.pollEarly();
            if (datagram == null) {
                datagram = inbound.poll();
            }
            if (datagram == null) {
                throw WouldBlock.INSTANCE;
            }
            int kept = guard.filter(datagram, buffer, offset, length);
            if (kept > 0) {
                return kept;
            }
        }
    }

    private int await(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
        completeFlight();
        long wait = waitMillis > 0 ? waitMillis : WAIT_MILLIS_WITHOUT_LIMIT;
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(wait);
        while (true) {
            if (closed) {
                throw new InterruptedIOException("closed during the handshake");
            }
            long now = System.nanoTime();
            byte[] datagram = poll(Math.min(deadline, nextRepeatNanos) - now);
            if (datagram == null) {
                if (System.nanoTime() >= deadline) {
                    // Only when the time has really passed: Bouncy Castle spins otherwise.
                    return -1;
                }
                nextRepeatNanos = System.nanoTime() + repeatNanos;
                repeatFlight();
                wakeup.run();
                continue;
            }
            int kept = guard.filter(datagram, buffer, offset, length);
            if (kept > 0) {
                return kept;
            }
        }
    }

    private byte @Nullable [] poll(long nanos) throws InterruptedIOException {
        try {
            return inbound.poll(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the thread of the handshake was interrupted");
        }
    }

    @Override
    public void send(byte[] bytes, int offset, int length) {
        byte[] collected = flight;
        if (collected == null) {
            byte[] datagram = Arrays.copyOfRange(bytes, offset, offset + length);
            clear.renumber(datagram, 0, length);
            outbound.offer(datagram);
            return;
        }
        if (flightComplete) {
            flightComplete = false;
            lastFlight.clear();
        }
        if (flightLength + length > collected.length) {
            flush();
        }
        if (length > collected.length) {
            emit(Arrays.copyOfRange(bytes, offset, offset + length));
        } else {
            System.arraycopy(bytes, offset, collected, flightLength, length);
            flightLength += length;
        }
    }

    private void completeFlight() {
        flush();
        if (!flightComplete) {
            flightComplete = true;
            nextRepeatNanos = System.nanoTime() + repeatNanos;
        }
    }

    /** Sends what is collected; the thread of the handshake also does so when it ends. */
    void flush() {
        if (flight != null && flightLength > 0) {
            emit(Arrays.copyOf(flight, flightLength));
            flightLength = 0;
            wakeup.run();
        }
    }

    private void emit(byte[] datagram) {
        clear.renumber(datagram, 0, datagram.length);
        lastFlight.add(datagram);
        outbound.offer(datagram);
    }

    /** Sends the last flight again, to a peer that may have lost some of it. */
    void repeatFlight() {
        for (byte[] datagram : lastFlight) {
            byte[] copy = datagram.clone();
            clear.renumber(copy, 0, copy.length);
            outbound.offer(copy);
        }
    }

    /** Bouncy Castle: the connection is over. Without the flush no fatal alert would ever leave. */
    @Override
    public void close() {
        flush();
        closed = true;
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
