// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.udp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.core.StreamAddress;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What TCP connections may cost in all: their number, and what waits in them for a peer that does not read. */
@Timeout(60)
class StreamLimitsTest {
    private static final byte[] CHECK = {0, 1, 2, 3};

    private final BlockingQueue<StreamAddress> sources = new LinkedBlockingQueue<>();
    private final MediaLoops loops = MediaLoops.builder(0)
            .loops(1)
            .bindAddress(InetAddress.getLoopbackAddress())
            .tcpPort(0)
            .start(loop -> (datagram, source, nowNanos) -> sources.add((StreamAddress) source));
    private final List<Socket> sockets = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        loops.close();
    }

    @Test
    void acceptsAsManyConnectionsAsTheLimitFromManyHosts() throws IOException {
        int hosts = UdpLimits.STREAMS_MAX / UdpLimits.STREAMS_PER_HOST_MAX;
        for (int i = 0; i < UdpLimits.STREAMS_MAX; i++) {
            connect(1 + i % hosts);
        }
        while (loops.streamStats().accepted() < UdpLimits.STREAMS_MAX) {
            Thread.onSpinWait();
        }
        assertThat(loops.streamStats().refused()).as("at the limit").isZero();

        Socket oneMore = connect(hosts + 1);

        assertThat(oneMore.getInputStream().read()).isEqualTo(-1);
        assertThat(loops.streamStats().refused()).isEqualTo(1);
        assertThat(loops.streamStats().open()).isEqualTo(UdpLimits.STREAMS_MAX);
    }

    @Test
    void dropsDatagramsForAPeerThatDoesNotRead() throws Exception {
        Socket peer = connect(1);
        peer.getOutputStream()
                .write(ByteBuffer.allocate(6).putShort((short) 4).put(CHECK).array());
        StreamAddress address = sources.take();
        byte[] datagram = new byte[1_200];
        datagram[0] = (byte) 0x80;

        int sent = 0;
        while (loops.streamStats().dropped() == 0) {
            address.send(datagram, 0, datagram.length);
            sent++;
            Thread.yield(); // the socket's own buffers fill meanwhile
        }
        long mostBytes = UdpLimits.STREAM_BACKLOG_BYTES_MAX + 16L * 1_024 * 1_024;
        assertThat((long) sent * datagram.length)
                .as("sent before the first was dropped, the kernel's buffers included")
                .isBetween((long) UdpLimits.STREAM_BACKLOG_BYTES_MAX, mostBytes);

        // Whole frames only come out, and sending goes on once the peer reads.
        InputStream in = peer.getInputStream();
        for (int i = 0; i < sent - 1; i++) {
            byte[] frame = in.readNBytes(2 + datagram.length);
            assertThat(ByteBuffer.wrap(frame).getShort()).isEqualTo((short) datagram.length);
        }
        address.send(datagram, 0, datagram.length);
        assertThat(in.readNBytes(2 + datagram.length)).hasSize(2 + datagram.length);
    }

    private Socket connect(int host) throws IOException {
        Socket socket = new Socket(
                InetAddress.getLoopbackAddress(),
                loops.announcedStreamAddresses().get(0).getPort(),
                InetAddress.getByAddress(new byte[] {127, 0, 1, (byte) host}),
                0);
        sockets.add(socket);
        return socket;
    }
}
