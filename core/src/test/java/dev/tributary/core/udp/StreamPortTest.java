// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.udp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.core.StreamAddress;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The TCP port of the media loops, over the loopback interface. */
@Timeout(20)
class StreamPortTest {
    private static final byte[] CHECK = {0, 1, 2, 3};
    private static final byte[] MEDIA = {(byte) 0x80, 9, 9, 9};

    private final BlockingQueue<InetSocketAddress> sources = new LinkedBlockingQueue<>();
    private volatile boolean answers = true;
    private final MediaLoops loops = MediaLoops.builder(0)
            .loops(2)
            .bindAddress(InetAddress.getLoopbackAddress())
            .tcpPort(0)
            .start(loop -> (datagram, source, nowNanos) -> {
                sources.add(source);
                if (answers) {
                    loop.send(datagram, source);
                }
            });
    private final List<Socket> sockets = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        loops.close();
    }

    @Test
    void carriesDatagramsBothWaysUnderAnAddressOfItsOwn() throws Exception {
        Socket first = connect();
        Socket second = connect();

        send(first, CHECK);
        send(second, CHECK);
        send(first, MEDIA);

        assertThat(receive(first)).isEqualTo(CHECK);
        assertThat(receive(first)).isEqualTo(MEDIA);
        assertThat(receive(second)).isEqualTo(CHECK);
        List<InetSocketAddress> seen = List.of(next(), next(), next());
        assertThat(seen).hasOnlyElementsOfType(StreamAddress.class);
        assertThat(seen.stream().distinct()).hasSize(2);
        assertThat(seen.stream().map(StreamAddress::visible))
                .contains((InetSocketAddress) first.getLocalSocketAddress());
        assertThat(loops.streamStats().open()).isEqualTo(2);
    }

    @Test
    void announcesItsPortUnderTheAddressesOfTheUdpPort() {
        assertThat(loops.announcedStreamAddresses())
                .singleElement()
                .satisfies(address -> assertThat(address.getAddress()).isEqualTo(InetAddress.getLoopbackAddress()));
    }

    @Test
    void closesWhatBeginsWithSomethingElseThanACheck() throws Exception {
        Socket socket = connect();

        send(socket, MEDIA);

        assertThat(isClosed(socket)).isTrue();
        assertThat(sources).isEmpty();
        assertThat(loops.streamStats().broken()).isEqualTo(1);
    }

    @Test
    void closesAConnectionThatSendsMoreThanTheLimitBeforeItIsAnswered() throws Exception {
        answers = false;
        Socket socket = connect();
        byte[] frame = new byte[UdpLimits.UNANSWERED_BYTES_MAX / 8 - FrameReader.LENGTH_BYTES];

        for (int i = 0; i < 8; i++) {
            send(socket, frame);
            next();
        }
        assertThat(loops.streamStats().unproven()).as("at the limit").isZero();
        send(socket, CHECK);

        assertThat(isClosed(socket)).isTrue();
        assertThat(loops.streamStats().unproven()).isEqualTo(1);
    }

    @Test
    void closesAConnectionWhoseFrameIsTooLong() throws Exception {
        Socket socket = connect();
        send(socket, CHECK);
        receive(socket);
        byte[] longest = new byte[UdpLimits.DATAGRAM_BYTES_MAX];
        send(socket, longest);
        assertThat(receive(socket)).as("at the limit").isEqualTo(longest);

        new DataOutputStream(socket.getOutputStream()).writeShort(UdpLimits.DATAGRAM_BYTES_MAX + 1);

        assertThat(isClosed(socket)).isTrue();
    }

    @Test
    void acceptsAsManyConnectionsOfAHostAsTheLimitAndAgainWhenOneLeaves() throws Exception {
        for (int i = 0; i < UdpLimits.STREAMS_PER_HOST_MAX; i++) {
            Socket socket = connect();
            send(socket, CHECK);
            receive(socket);
        }
        assertThat(isClosed(connect())).as("one more").isTrue();
        assertThat(loops.streamStats().refused()).isEqualTo(1);

        sockets.get(0).close();
        while (loops.streamStats().open() == UdpLimits.STREAMS_PER_HOST_MAX) {
            Thread.onSpinWait();
        }
        Socket again = connect();
        send(again, CHECK);

        assertThat(receive(again)).isEqualTo(CHECK);
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(
                InetAddress.getLoopbackAddress(),
                loops.announcedStreamAddresses().get(0).getPort());
        sockets.add(socket);
        return socket;
    }

    private InetSocketAddress next() throws InterruptedException {
        return sources.poll(10, TimeUnit.SECONDS);
    }

    private static void send(Socket socket, byte[] datagram) throws IOException {
        byte[] frame = ByteBuffer.allocate(2 + datagram.length)
                .putShort((short) datagram.length)
                .put(datagram)
                .array();
        socket.getOutputStream().write(frame);
    }

    private static byte[] receive(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        return in.readNBytes(in.readUnsignedShort());
    }

    private static boolean isClosed(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }
}
