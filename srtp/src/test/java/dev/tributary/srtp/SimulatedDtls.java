// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import dev.tributary.core.DatagramProtocol;
import dev.tributary.core.Transmit;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.random.RandomGenerator;

/**
 * A transport on a simulated network. When it is connected it says hello ten times a second, until it has heard the other
 * say so: what comes of a lost last flight shows only then.
 */
final class SimulatedDtls implements DatagramProtocol {
    private static final long HELLO_NANOS = Duration.ofMillis(100).toNanos();

    final DtlsTransport transport;
    long connectedAtNanos = NEVER;
    private final InetSocketAddress peer;
    private final RandomGenerator random;
    private final Queue<byte[]> records = new ArrayDeque<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(2048);
    private boolean heard;
    private long helloAtNanos = NEVER;

    SimulatedDtls(DtlsTransport.Builder builder, InetSocketAddress peer, RandomGenerator random) {
        this.transport = builder.build();
        this.peer = peer;
        this.random = random;
    }

    boolean isConnected() {
        return connectedAtNanos != NEVER && transport.state() == DtlsState.CONNECTED;
    }

    boolean hasHeard() {
        return heard;
    }

    /** Takes what has happened. */
    void collect(long nowNanos) {
        for (DtlsEvent event = transport.pollEvent(); event != null; event = transport.pollEvent()) {
            if (!(event instanceof DtlsEvent.Connected)) {
                throw new AssertionError(event.toString());
            }
            connectedAtNanos = nowNanos;
            helloAtNanos = nowNanos;
        }
        while (transport.pollRecord() != null) {
            heard = true;
        }
    }

    @Override
    public void handleDatagram(ByteBuffer datagram, InetSocketAddress source, long nowNanos) {
        transport.handleDatagram(datagram, nowNanos);
    }

    @Override
    public void handleTimeout(long nowNanos) {
        if (transport.nextTimeoutNanos() <= nowNanos) {
            transport.handleTimeout(nowNanos);
        }
        if (helloAtNanos <= nowNanos) {
            transport.send(ByteBuffer.wrap(new byte[500]));
            helloAtNanos = nowNanos + HELLO_NANOS;
        }
    }

    @Override
    public boolean pollTransmit(Transmit out) {
        while (records.isEmpty()) {
            if (!transport.pollTransmit(buffer.clear())) {
                return false;
            }
            byte[] datagram = new byte[buffer.position()];
            buffer.get(0, datagram);
            if (random.nextBoolean()) {
                records.addAll(DtlsRecords.split(datagram));
            } else {
                records.add(datagram);
            }
        }
        out.clear().buffer().put(records.remove());
        out.ready(peer);
        return true;
    }

    @Override
    public long nextTimeoutNanos() {
        return Math.min(transport.nextTimeoutNanos(), helloAtNanos);
    }
}
