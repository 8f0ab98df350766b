// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.ice4j;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Carries TURN over TCP or TLS for a client that speaks it over UDP only, as ice4j does: a datagram socket on the loopback
 * interface, and a connection to the server for each socket that sends to it. The messages are the same on both, but for the
 * padding of ChannelData (RFC 8656 §12.5).
 */
final class TurnTunnel implements AutoCloseable {
    /** Connections, one for each local address that a relay is asked for from. */
    static final int CONNECTIONS_MAX = 16;

    /** Messages that wait for a connection. */
    static final int WAITING_MAX = 8;

    private static final int CONNECT_MILLIS = 10_000;
    private static final int MESSAGE_BYTES_MAX = 65_535;
    private static final int STUN_HEADER_BYTES = 20;
    private static final int CHANNEL_HEADER_BYTES = 4;

    private final ServerUri server;
    private final InetSocketAddress address;
    private final @Nullable SSLSocketFactory tls;
    private final ThreadFactory threads;
    private final DatagramSocket socket;
    private final Map<SocketAddress, Connection> connections = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * Opens the datagram socket; connections follow when they are needed.
     *
     * @param tls null for plain TCP
     */
    TurnTunnel(ServerUri server, InetSocketAddress address, @Nullable SSLSocketFactory tls, ThreadFactory threads)
            throws IOException {
        this.server = server;
        this.address = address;
        this.tls = tls;
        this.threads = threads;
        this.socket = new DatagramSocket(new InetSocketAddress(loopback(address.getAddress()), 0));
        threads.newThread(this::readDatagrams).start();
    }

    /** Of the server's family, for the local addresses that can reach it are of that one. */
    private static InetAddress loopback(InetAddress server) throws IOException {
        return InetAddress.getByAddress(
                server.getAddress().length == 4
                        ? new byte[] {127, 0, 0, 1}
                        : new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
    }

    /** Where the client finds it. */
    InetSocketAddress entrance() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** Messages that wait for their connection. */
    int waitingCount() {
        return connections.values().stream().mapToInt(Connection::waitingCount).sum();
    }

    private void readDatagrams() {
        byte[] bytes = new byte[MESSAGE_BYTES_MAX];
        while (!closed) {
            DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
            try {
                socket.receive(packet);
            } catch (IOException e) {
                return; // closed
            }
            SocketAddress client = packet.getSocketAddress();
            Connection connection = connections.get(client);
            if (connection == null && isOfThisHost(packet.getAddress()) && connections.size() < CONNECTIONS_MAX) {
                connection = new Connection(client);
                connections.put(client, connection);
                threads.newThread(connection).start();
            }
            if (connection != null) {
                connection.send(bytes, packet.getLength());
            }
        }
    }

    /** The loopback interface brings nothing from elsewhere, but on some systems it does. */
    private static boolean isOfThisHost(InetAddress source) {
        try {
            return source.isLoopbackAddress() || java.net.NetworkInterface.getByInetAddress(source) != null;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        closed = true;
        socket.close();
        connections.values().forEach(Connection::close);
    }

    private final class Connection implements Runnable {
        private final SocketAddress client;
        private @Nullable OutputStream out;
        private @Nullable Socket connected;
        private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();

        Connection(SocketAddress client) {
            this.client = client;
        }

        synchronized void send(byte[] bytes, int length) {
            if (out == null) {
                // ice4j gives up after a second or two, which a slow network needs for the handshakes alone.
                if (waiting.size() < WAITING_MAX) {
                    waiting.add(Arrays.copyOf(bytes, length));
                }
                return;
            }
            try {
                boolean isChannelData = length > 0 && (bytes[0] & 0xC0) == 0x40;
                int padded = isChannelData ? (length + 3) & ~3 : length;
                for (int i = length; i < padded; i++) {
                    bytes[i] = 0;
                }
                out.write(bytes, 0, padded);
                out.flush();
            } catch (IOException e) {
                close();
            }
        }

        @Override
        public void run() {
            try (Socket stream = connect()) {
                readMessages(new DataInputStream(new BufferedInputStream(stream.getInputStream())));
            } catch (IOException e) {
                // Refused, reset, or a certificate that is none: for the client the server is silent.
            } finally {
                connections.remove(client, this);
            }
        }

        private Socket connect() throws IOException {
            Socket stream = new Socket();
            stream.connect(address, CONNECT_MILLIS);
            stream.setTcpNoDelay(true);
            if (tls != null) {
                SSLSocket secure = (SSLSocket) tls.createSocket(stream, server.host(), server.port(), true);
                SSLParameters parameters = secure.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS"); // RFC 9110 §4.3.4, as RFC 7350 §4.6 asks
                secure.setSSLParameters(parameters);
                secure.startHandshake();
                stream = secure;
            }
            synchronized (this) {
                connected = stream;
                out = stream.getOutputStream();
                for (byte[] message; (message = waiting.poll()) != null; ) {
                    send(Arrays.copyOf(message, message.length + 3), message.length);
                }
            }
            if (closed) {
                stream.close();
            }
            return stream;
        }

        private void readMessages(DataInputStream in) throws IOException {
            byte[] message = new byte[STUN_HEADER_BYTES + MESSAGE_BYTES_MAX + 3];
            while (!closed) {
                in.readFully(message, 0, CHANNEL_HEADER_BYTES);
                int length = (message[2] & 0xFF) << 8 | message[3] & 0xFF;
                boolean isChannelData = (message[0] & 0xC0) == 0x40;
                int bytes = length + (isChannelData ? CHANNEL_HEADER_BYTES : STUN_HEADER_BYTES);
                int padded = (bytes + 3) & ~3;
                in.readFully(message, CHANNEL_HEADER_BYTES, padded - CHANNEL_HEADER_BYTES);
                if (bytes <= MESSAGE_BYTES_MAX) {
                    socket.send(new DatagramPacket(message, bytes, client));
                }
            }
        }

        synchronized int waitingCount() {
            return waiting.size();
        }

        synchronized void close() {
            out = null;
            try {
                if (connected != null) {
                    connected.close();
                }
            } catch (IOException e) {
                // It was to be closed anyway.
            }
        }
    }
}
