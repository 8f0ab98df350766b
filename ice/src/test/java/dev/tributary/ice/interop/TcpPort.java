// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.interop;

import dev.tributary.core.StreamAddress;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/** A TCP port of ICE (RFC 6544) in its plainest form: a thread for each connection, frames of RFC 4571. */
final class TcpPort implements AutoCloseable {
    private static final AtomicLong CONNECTIONS = new AtomicLong();

    private final ServerSocket server;
    private final BiConsumer<ByteBuffer, StreamAddress> receiver;

    TcpPort(InetAddress address, BiConsumer<ByteBuffer, StreamAddress> receiver) {
        this.receiver = receiver;
        try {
            server = new ServerSocket(0, 10, address);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "tcp port");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket connection = server.accept();
                start(() -> read(connection));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void read(Socket connection) {
        try (connection) {
            DataOutputStream out = new DataOutputStream(connection.getOutputStream());
            StreamAddress address = new StreamAddress(
                    CONNECTIONS.incrementAndGet(),
                    (InetSocketAddress) connection.getRemoteSocketAddress(),
                    (bytes, offset, length) -> write(out, bytes, offset, length));
            DataInputStream in = new DataInputStream(connection.getInputStream());
            while (true) {
                byte[] frame = new byte[in.readUnsignedShort()];
                in.readFully(frame);
                receiver.accept(ByteBuffer.wrap(frame), address);
            }
        } catch (IOException e) {
            // The other end has gone.
        }
    }

    private static synchronized void write(DataOutputStream out, byte[] bytes, int offset, int length) {
        try {
            out.writeShort(length);
            out.write(bytes, offset, length);
            out.flush();
        } catch (IOException e) {
            // For the agent it is a lost datagram.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
