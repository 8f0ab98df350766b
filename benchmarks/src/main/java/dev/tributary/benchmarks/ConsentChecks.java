// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import dev.tributary.ice.IceCredentials;
import dev.tributary.ice.internal.wire.IntegrityKey;
import dev.tributary.ice.internal.wire.IntegrityKey.Algorithm;
import dev.tributary.ice.internal.wire.StunAttributes;
import dev.tributary.ice.internal.wire.StunWriter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The peers of many sessions, each with a socket of its own, that send their consent checks one after the other, evenly
 * over the interval. An answer is read when its peer has its next turn.
 */
final class ConsentChecks implements AutoCloseable {
    private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final int PATIENCE_TURNS = 200;

    private final List<IceCredentials> servers;
    private final List<DatagramChannel> sockets = new ArrayList<>();
    private final SocketAddress server;
    private final ByteBuffer answer = ByteBuffer.allocate(2_048);
    private long answered;
    private long sentInAll;
    private int next;
    private long round;

    ConsentChecks(List<IceCredentials> servers, InetSocketAddress server) throws IOException {
        this.servers = servers;
        this.server = server;
        for (int i = 0; i < servers.size(); i++) {
            DatagramChannel socket = DatagramChannel.open();
            socket.bind(new InetSocketAddress(server.getAddress(), 0));
            socket.configureBlocking(false);
            sockets.add(socket);
        }
    }

    /** A nominating check as Chromium writes it. */
    static byte[] check(IceCredentials server, long number) {
        StunWriter writer = new StunWriter()
                .begin(StunAttributes.BINDING_REQUEST, number + 1, server.hashCode())
                .username((server.ufrag() + ":peer").getBytes(StandardCharsets.US_ASCII))
                .role(true, 99)
                .useCandidate()
                .priority(1_853_824_767);
        return writer.finish(IntegrityKey.ofPassword(server.pwd()), Algorithm.SHA1)
                .copy();
    }

    /** Answers that have been read so far. */
    long answered() {
        return answered;
    }

    /** Sends checks for a while, each peer one in an interval; returns how many. */
    long run(long intervalNanos, long durationNanos) throws IOException {
        long began = System.nanoTime();
        long sent = 0;
        long elapsed = 0;
        while (elapsed < durationNanos) {
            long due = (long) ((double) elapsed / intervalNanos * sockets.size());
            for (; sent < due; sent++) {
                take(sockets.get(next));
                sockets.get(next).send(ByteBuffer.wrap(check(servers.get(next), round)), server);
                next = (next + 1) % sockets.size();
                round += next == 0 ? 1 : 0;
            }
            LockSupport.parkNanos(PACE_NANOS);
            elapsed = System.nanoTime() - began;
        }
        sentInAll += sent;
        return sent;
    }

    /** Reads what is on its way, until every check has its answer or nothing comes any more. */
    void awaitAnswers() throws IOException {
        for (int i = 0; i < PATIENCE_TURNS && answered < sentInAll; i++) {
            LockSupport.parkNanos(PACE_NANOS);
            for (DatagramChannel socket : sockets) {
                take(socket);
            }
        }
    }

    private void take(DatagramChannel socket) throws IOException {
        while (socket.receive(answer.clear()) != null) {
            if (answer.position() == 64) { // IPv4: address, integrity and fingerprint
                answered++;
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (DatagramChannel socket : sockets) {
            socket.close();
        }
    }
}
