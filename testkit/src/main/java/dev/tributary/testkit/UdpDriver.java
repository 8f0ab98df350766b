// SPDX-License-Identifier: Apache-2.0
package dev.tributary.testkit;

import dev.tributary.core.DatagramProtocol;
import dev.tributary.core.Transmit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * Drives a {@link DatagramProtocol} over a real UDP socket, in the thread of the test, and loses as many datagrams as it is
 * told to: the other end is somebody else's software. For two ends of ours, {@link SimulatedNetwork} needs no real time.
 *
 * <p>Not thread-safe but for {@link #wakeUp}.
 */
public final class UdpDriver implements AutoCloseable {
    private static final int SOCKET_BUFFER_BYTES = 4 * 1024 * 1024;

    private final DatagramChannel socket;
    private final Selector selector;
    private final SplittableRandom random;
    private final long originNanos = System.nanoTime();
    private final ByteBuffer in = ByteBuffer.allocate(65_536);
    private final Transmit slot = new Transmit();
    private double lossShare;
    private long datagramsLost;

    private UdpDriver(DatagramChannel socket, Selector selector, long seed) {
        this.socket = socket;
        this.selector = selector;
        this.random = new SplittableRandom(seed);
    }

    /**
     * Binds a socket to a free port.
     *
     * @param seed of the losses
     * @throws UncheckedIOException when the address is not this machine's
     */
    public static UdpDriver bind(String address, long seed) {
        try {
            DatagramChannel socket = DatagramChannel.open();
            socket.setOption(java.net.StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER_BYTES);
            socket.setOption(java.net.StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER_BYTES);
            socket.bind(new InetSocketAddress(address, 0));
            socket.configureBlocking(false);
            Selector selector = Selector.open();
            socket.register(selector, SelectionKey.OP_READ);
            return new UdpDriver(socket, selector, seed);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot bind " + address, e);
        }
    }

    /** Where the socket is bound. */
    public InetSocketAddress address() {
        try {
            return (InetSocketAddress) socket.getLocalAddress();
        } catch (IOException e) {
            throw new UncheckedIOException("the socket is closed", e);
        }
    }

    /** Loses this share of the datagrams from now on, 0 to 1, in both directions. */
    public void lose(double share) {
        lossShare = share;
    }

    /** How many datagrams were lost on purpose. */
    public long datagramsLost() {
        return datagramsLost;
    }

    /** The time that the protocol is told, in nanoseconds since the socket was bound. */
    public long nowNanos() {
        return System.nanoTime() - originNanos;
    }

    /** Ends a wait of {@link #runUntil}, from any thread: the protocol has something to do. */
    public void wakeUp() {
        selector.wakeup();
    }

    /** Sends what the protocol wants to send. */
    public void flush(DatagramProtocol protocol) {
        while (protocol.pollTransmit(slot)) {
            if (isLost()) {
                continue;
            }
            try {
                socket.send(slot.buffer(), slot.destination());
            } catch (IOException e) {
                // The other end is gone, or the socket's buffer is full: the datagram is lost.
                datagramsLost++;
            }
        }
    }

    /**
     * Receives, fires timers and sends until something holds.
     *
     * @param done asked after every turn
     * @return whether it held in time
     */
    public boolean runUntil(DatagramProtocol protocol, BooleanSupplier done, Duration limit) {
        long endNanos = nowNanos() + limit.toNanos();
        try {
            while (true) {
                flush(protocol);
                if (done.getAsBoolean()) {
                    return true;
                }
                long now = nowNanos();
                if (now >= endNanos) {
                    return false;
                }
                await(Math.min(protocol.nextTimeoutNanos(), endNanos) - now);
                receive(protocol);
                if (protocol.nextTimeoutNanos() <= nowNanos()) {
                    protocol.handleTimeout(nowNanos());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void await(long nanos) throws IOException {
        if (nanos <= 0) {
            selector.selectNow();
        } else {
            selector.select(Math.max(1, nanos / 1_000_000));
        }
        selector.selectedKeys().clear();
    }

    private void receive(DatagramProtocol protocol) throws IOException {
        // A few at a time, so that a sender of ours gets its turn.
        for (int i = 0; i < 16; i++) {
            InetSocketAddress source = (InetSocketAddress) socket.receive(in.clear());
            if (source == null) {
                return;
            }
            if (!isLost()) {
                protocol.handleDatagram(in.flip(), source, nowNanos());
            }
        }
    }

    private boolean isLost() {
        boolean lost = lossShare > 0 && random.nextDouble() < lossShare;
        datagramsLost += lost ? 1 : 0;
        return lost;
    }

    @Override
    public void close() {
        try {
            selector.close();
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
