// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.interop;

import dev.tributary.core.DatagramProtocol;
import dev.tributary.core.StreamAddress;
import dev.tributary.core.Transmit;
import dev.tributary.ice.IceAgent;
import dev.tributary.ice.IceEvent;
import dev.tributary.ice.Stun;
import dev.tributary.ice.internal.wire.StunMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An agent of ours behind a real UDP socket, driven by a thread of its own. What is not STUN is media: it is sent back to
 * where the agent says that media goes, if it came from an address that has proved itself.
 */
final class Endpoint implements AutoCloseable {
    private static final int CAPTURED_MAX = 20;

    private final IceAgent agent;
    private final DatagramChannel socket;
    private final Selector selector;
    private final InetSocketAddress address;
    private final long origin = System.nanoTime();
    private final Transmit slot = new Transmit();
    private final ByteBuffer received = ByteBuffer.allocate(2_048);
    private final List<IceEvent> events = new ArrayList<>();
    private final List<byte[]> requests = new ArrayList<>();
    private final Thread thread;
    private @Nullable TcpPort tcp;
    private volatile boolean closed;
    private final Map<InetAddress, Long> nominatedAt = new HashMap<>();
    private long media;

    Endpoint(String bindAddress, IceAgent agent) {
        this.agent = agent;
        try {
            socket = DatagramChannel.open();
            socket.bind(new InetSocketAddress(InetAddress.getByName(bindAddress), 0));
            socket.configureBlocking(false);
            address = (InetSocketAddress) socket.getLocalAddress();
            selector = Selector.open();
            socket.register(selector, SelectionKey.OP_READ);
        } catch (IOException e) {
            throw new UncheckedIOException("No socket on " + bindAddress, e);
        }
        thread = new Thread(this::run, "endpoint " + address);
        thread.setDaemon(true);
        thread.start();
    }

    InetSocketAddress address() {
        return address;
    }

    /** Listens on a TCP port as well, under the same address, and says where. */
    InetSocketAddress listen() {
        TcpPort port = new TcpPort(address.getAddress(), (frame, source) -> {
            synchronized (this) {
                take(frame, source);
                drain();
                selector.wakeup();
            }
        });
        tcp = port;
        return port.address();
    }

    /** Says something to the agent, at the right time and alone with it. */
    synchronized void tell(Consumer<IceAgent> words) {
        words.accept(agent);
        selector.wakeup();
    }

    long now() {
        return System.nanoTime() - origin;
    }

    /** Waits until something holds of the agent. */
    synchronized void await(String what, Duration patience, Predicate<IceAgent> condition) {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.test(agent)) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("Not " + what + " after " + patience + ": " + agent.diagnosis());
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted", e);
            }
        }
    }

    synchronized List<IceEvent> events() {
        return List.copyOf(events);
    }

    /** The first authentic or forged requests, as they came. */
    synchronized List<byte[]> requests() {
        return List.copyOf(requests);
    }

    /** From now on {@link #nominatedAtNanos} counts. */
    synchronized void listenAnew() {
        nominatedAt.clear();
    }

    /** When the peer first nominated an address, on the clock of {@link #now}; −1 when none has. */
    synchronized long nominatedAtNanos(String address) {
        return nominatedAt.entrySet().stream()
                .filter(entry -> entry.getKey().getHostAddress().equals(address))
                .mapToLong(Map.Entry::getValue)
                .findFirst()
                .orElse(-1);
    }

    /** Datagrams of media that have come from the peer. */
    synchronized long media() {
        return media;
    }

    private void run() {
        try {
            while (!closed) {
                selector.select(turn());
                selector.selectedKeys().clear();
            }
        } catch (IOException | RuntimeException e) {
            if (!closed) {
                throw new IllegalStateException("The endpoint " + address + " broke", e);
            }
        }
    }

    /** Reads, answers, and says for how many milliseconds there is nothing to do; 0 for ever. */
    private synchronized long turn() throws IOException {
        agent.handleTimeout(now());
        while (true) {
            InetSocketAddress source = (InetSocketAddress) socket.receive(received.clear());
            if (source == null) {
                break;
            }
            received.flip();
            take(received, source);
        }
        drain();
        long next = agent.nextTimeoutNanos();
        return next == DatagramProtocol.NEVER ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toMillis(next - now()) + 1);
    }

    private void take(ByteBuffer datagram, InetSocketAddress source) {
        if (Stun.isStun(datagram)) {
            StunMessage message = new StunMessage();
            message.parse(datagram.array(), 0, datagram.limit());
            if (message.useCandidate()) {
                nominatedAt.putIfAbsent(source.getAddress(), now());
            }
            if (datagram.get(0) == 0 && datagram.get(1) == 1 && requests.size() < CAPTURED_MAX) {
                byte[] copy = new byte[datagram.remaining()];
                datagram.duplicate().get(copy);
                requests.add(copy);
            }
            agent.handleDatagram(datagram, source, now());
        } else if (agent.isValidated(source)) {
            takeMedia(datagram);
        }
    }

    private void drain() {
        while (agent.pollTransmit(slot)) {
            send(slot.buffer(), slot.destination());
        }
        for (IceEvent event = agent.pollEvent(); event != null; event = agent.pollEvent()) {
            events.add(event);
        }
        notifyAll();
    }

    private void takeMedia(ByteBuffer datagram) {
        media++;
        InetSocketAddress to = agent.selectedAddress();
        int first = datagram.get(0) & 0xFF;
        boolean isDtls = first >= 20 && first <= 63; // RFC 7983: a greeting that would be confused by its own echo
        if (to != null && !isDtls) {
            send(datagram, to);
        }
    }

    private void send(ByteBuffer datagram, InetSocketAddress destination) {
        if (destination instanceof StreamAddress connection) {
            connection.send(datagram.array(), datagram.position(), datagram.remaining());
            return;
        }
        try {
            socket.send(datagram, destination);
        } catch (IOException e) {
            // No route, say: for the agent it is a lost datagram.
        }
    }

    @Override
    public void close() {
        closed = true;
        tell(IceAgent::close);
        try {
            socket.close();
            selector.close();
            if (tcp != null) {
                tcp.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
