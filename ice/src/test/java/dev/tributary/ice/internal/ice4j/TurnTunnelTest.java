// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.ice4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The tunnel between a client of TURN over UDP and a server of TURN over TCP, on the loopback interface. */
@Timeout(20)
class TurnTunnelTest {
    private static final int WAIT_MILLIS = 5_000;
    private static final byte[] STUN = {
        0, 1, 0, 4, 0x21, 0x12, (byte) 0xA4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 9, 9, 9, 9
    };
    /** Three bytes of data, which TCP pads to four. */
    private static final byte[] CHANNEL_DATA = {0x40, 0, 0, 3, 7, 7, 7};

    private final List<AutoCloseable> open = new ArrayList<>();
    private final ServerSocket server = closing(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    private final DatagramSocket client = client();

    TurnTunnelTest() throws IOException {
        server.setSoTimeout(WAIT_MILLIS);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Test
    void carriesMessagesBothWaysAndPadsChannelData() throws IOException {
        TurnTunnel tunnel = tunnel(null);
        send(client, tunnel, STUN);
        send(client, tunnel, CHANNEL_DATA);
        Socket connection = accept();

        DataInputStream in = new DataInputStream(connection.getInputStream());
        byte[] carried = in.readNBytes(STUN.length + 8);
        assertThat(Arrays.copyOf(carried, STUN.length)).isEqualTo(STUN);
        assertThat(Arrays.copyOfRange(carried, STUN.length, carried.length)).containsExactly(0x40, 0, 0, 3, 7, 7, 7, 0);

        // In pieces, as TCP may: the client gets whole messages.
        connection.getOutputStream().write(STUN, 0, 3);
        connection.getOutputStream().flush();
        connection.getOutputStream().write(STUN, 3, STUN.length - 3);
        connection.getOutputStream().write(new byte[] {0x40, 0, 0, 3, 7, 7, 7, 0});
        assertThat(receive(client)).isEqualTo(STUN);
        assertThat(receive(client)).isEqualTo(CHANNEL_DATA);
    }

    @Test
    void eachClientHasAConnectionOfItsOwnUpToTheLimit() throws IOException {
        TurnTunnel tunnel = tunnel(null);
        for (int i = 0; i < TurnTunnel.CONNECTIONS_MAX; i++) {
            send(client(), tunnel, STUN);
            accept();
        }

        send(client(), tunnel, STUN);

        server.setSoTimeout(300);
        assertThatThrownBy(this::accept).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void whatWaitsForTheConnectionIsSentAndNoMoreThanTheLimit() throws Exception {
        server.close();
        ServerSocket slow = closing(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        slow.setSoTimeout(WAIT_MILLIS);
        // Two fill the backlog, so that the tunnel's connection waits.
        closing(new Socket(slow.getInetAddress(), slow.getLocalPort()));
        closing(new Socket(slow.getInetAddress(), slow.getLocalPort()));
        TurnTunnel tunnel = closing(new TurnTunnel(
                new ServerUri(true, false, true, "127.0.0.1", slow.getLocalPort()),
                (InetSocketAddress) slow.getLocalSocketAddress(),
                null,
                TurnTunnelTest::daemon));
        for (int i = 0; i <= TurnTunnel.WAITING_MAX; i++) {
            send(client, tunnel, STUN);
        }
        while (tunnel.waitingCount() < TurnTunnel.WAITING_MAX) {
            Thread.onSpinWait();
        }

        slow.accept().close();
        slow.accept().close();
        Socket connection = closing(slow.accept());

        byte[] all = connection.getInputStream().readNBytes(TurnTunnel.WAITING_MAX * STUN.length);
        assertThat(all).hasSize(TurnTunnel.WAITING_MAX * STUN.length);
        connection.setSoTimeout(300);
        assertThatThrownBy(() -> connection.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
    }

    /** What answers is no TLS at all; a certificate of somebody else ends the handshake at the same place. */
    @Test
    void saysNothingToAServerThatDoesNotProveItself() throws IOException {
        TurnTunnel tunnel = tunnel((SSLSocketFactory) SSLSocketFactory.getDefault());
        send(client, tunnel, STUN);
        Socket connection = accept();
        DataInputStream in = new DataInputStream(connection.getInputStream());
        assertThat(in.readUnsignedByte()).as("a TLS record").isEqualTo(22);

        connection
                .getOutputStream()
                .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));

        assertThat(new String(in.readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1))
                .as("the message of the client")
                .doesNotContain(new String(STUN, java.nio.charset.StandardCharsets.ISO_8859_1));
    }

    private TurnTunnel tunnel(@Nullable SSLSocketFactory tls) throws IOException {
        return closing(new TurnTunnel(
                new ServerUri(true, tls != null, true, "127.0.0.1", server.getLocalPort()),
                (InetSocketAddress) server.getLocalSocketAddress(),
                tls,
                TurnTunnelTest::daemon));
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "tunnel");
        thread.setDaemon(true);
        return thread;
    }

    private Socket accept() throws IOException {
        Socket connection = closing(server.accept());
        connection.setSoTimeout(WAIT_MILLIS);
        return connection;
    }

    private DatagramSocket client() throws IOException {
        DatagramSocket socket = closing(new DatagramSocket(0, InetAddress.getLoopbackAddress()));
        socket.setSoTimeout(WAIT_MILLIS);
        return socket;
    }

    private static void send(DatagramSocket from, TurnTunnel tunnel, byte[] message) throws IOException {
        from.send(new DatagramPacket(message, message.length, tunnel.entrance()));
    }

    private static byte[] receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[200], 200);
        socket.receive(packet);
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    private <T extends AutoCloseable> T closing(T resource) {
        open.add(resource);
        return resource;
    }
}
