// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.interop;

import dev.tributary.srtp.DtlsCertificate;
import dev.tributary.srtp.DtlsEvent;
import dev.tributary.srtp.DtlsHandshakeExecutor;
import dev.tributary.srtp.DtlsRole;
import dev.tributary.srtp.DtlsTransport;
import dev.tributary.srtp.SrtpSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** A transport of ours on a real socket, driven by the thread of the test. */
final class UdpDtls implements AutoCloseable {
    static final DtlsCertificate CERTIFICATE = DtlsCertificate.generate();

    private static final int TICK_MILLIS = 5;

    final List<DtlsEvent> events = new ArrayList<>();
    final List<byte[]> records = new ArrayList<>();
    final List<byte[]> media = new ArrayList<>();
    private final DtlsHandshakeExecutor threads = DtlsHandshakeExecutor.inStep();
    private final DatagramSocket socket;
    private final DatagramPacket in = new DatagramPacket(new byte[2048], 2048);
    private final ByteBuffer out = ByteBuffer.allocate(2048);
    private final Random losses;
    private final int lossPercent;
    private DtlsTransport transport;
    private InetSocketAddress peer;
    private boolean answersWhoeverAsks;

    /** A socket on this machine that loses some of what goes over it. */
    UdpDtls(int lossPercent, long seed) {
        this(lossPercent, seed, InetAddress.getLoopbackAddress());
    }

    UdpDtls(int lossPercent, long seed, InetAddress host) {
        this.lossPercent = lossPercent;
        this.losses = new Random(seed);
        try {
            socket = new DatagramSocket(new InetSocketAddress(host, 0));
            socket.setSoTimeout(TICK_MILLIS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An address of this machine that others may take for a network: libwebrtc leaves the loopback alone. */
    static InetAddress hostAddress() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                    .findFirst()
                    .orElseGet(InetAddress::getLoopbackAddress);
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    void start(DtlsRole role, InetSocketAddress itsPeer, UnaryOperator<DtlsTransport.Builder> settings) {
        peer = itsPeer == null ? peer : itsPeer;
        transport = settings.apply(DtlsTransport.builder(role, CERTIFICATE, threads, () -> {}))
                .build();
        transport.start(now());
    }

    /** Sends to where the last datagram came from, from now on. */
    void answerWhoeverAsks() {
        answersWhoeverAsks = true;
    }

    DtlsTransport transport() {
        return transport;
    }

    /** Runs until both ends are connected as far as we know. */
    DtlsEvent.Connected connect() {
        run(() -> !events.isEmpty(), Duration.ofSeconds(30));
        if (events.get(0) instanceof DtlsEvent.Connected connected) {
            return connected;
        }
        throw new AssertionError(events);
    }

    SrtpEnd srtp() {
        DtlsEvent.Connected connected = (DtlsEvent.Connected) events.get(0);
        return new SrtpEnd(SrtpSession.of(connected.keyingMaterial(), transport.role()));
    }

    /** Whether a peer that does ICE asks in time whether we are there. */
    boolean awaitsChecks(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (peer == null && System.nanoTime() < deadline) {
            receive();
        }
        return peer != null;
    }

    /** Carries what there is until the condition holds. */
    void run(BooleanSupplier until, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        drain();
        while (!until.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not in " + limit + ": " + transport + " " + events + " " + transport.stats());
            }
            receive();
            if (transport.nextTimeoutNanos() <= now()) {
                transport.handleTimeout(now());
            }
            drain();
        }
    }

    private void receive() {
        try {
            socket.receive(in);
            if (answersWhoeverAsks) {
                peer = (InetSocketAddress) in.getSocketAddress();
            }
            take(Arrays.copyOf(in.getData(), in.getLength()));
        } catch (SocketTimeoutException e) {
            // Nothing came: the timers have their turn.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void take(byte[] datagram) {
        if (isLost()) {
            return;
        }
        if (IceLite.isStun(datagram)) {
            byte[] answer = IceLite.answer(datagram, peer);
            if (answer != null) {
                send(answer);
            }
        } else if ((datagram[0] & 0xC0) == 0x80) {
            media.add(datagram);
        } else if (transport != null) {
            transport.handleDatagram(ByteBuffer.wrap(datagram), now());
        }
    }

    private void drain() {
        while (transport.pollTransmit(out.clear())) {
            if (!isLost()) {
                send(Arrays.copyOf(out.array(), out.position()));
            }
        }
        for (DtlsEvent event = transport.pollEvent(); event != null; event = transport.pollEvent()) {
            events.add(event);
        }
        for (ByteBuffer record = transport.pollRecord(); record != null; record = transport.pollRecord()) {
            records.add(record.array());
        }
    }

    /** Sends a datagram as it is. */
    void send(byte[] datagram) {
        try {
            socket.send(new DatagramPacket(datagram, datagram.length, peer));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isLost() {
        return losses.nextInt(100) < lossPercent;
    }

    private static long now() {
        return System.nanoTime() & Long.MAX_VALUE >> 1;
    }

    @Override
    public void close() {
        if (transport != null) {
            transport.close();
            drain();
        }
        threads.close();
        socket.close();
    }
}
