// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.interop;

import dev.tributary.testkit.foreign.ForeignProgram;
import dev.tributary.testkit.foreign.Installed;
import dev.tributary.testkit.foreign.NetworkCable;
import dev.tributary.testkit.foreign.NetworkNamespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Debian's coturn in a network of its own, between the peer that it relays for and us. */
final class Coturn implements AutoCloseable {
    static final String USER = "viewer";
    static final String PASSWORD = "secret";

    private static final int PORT = 3478;
    private static final int TLS_PORT = 5349;
    private static final int CONNECTS_MAX = 200;

    final NetworkCable toUs;
    private final NetworkNamespace network;
    private final ForeignProgram program;
    private final String address;

    private Coturn(NetworkNamespace network, NetworkCable toUs, String address, ForeignProgram program) {
        this.network = network;
        this.toUs = toUs;
        this.address = address;
        this.program = program;
    }

    /** Starts it so that it is the only thing that the peer can reach. */
    static Coturn before(NetworkNamespace peer) {
        Installed.command("turnserver", "apt-get install coturn");
        NetworkNamespace network = NetworkNamespace.create("turn");
        try {
            NetworkCable toUs = network.connectToHost();
            NetworkCable toPeer = peer.connectTo(network);
            // Without this the peer knows no way to us and some agents would not even try: with it, packets end here.
            toPeer.routeEverything(1);
            ForeignProgram program = ForeignProgram.start("coturn", network.command(command(network, toUs, toPeer)));
            awaitListener(toUs.nearAddress());
            return new Coturn(network, toUs, toPeer.farAddress(), program);
        } catch (RuntimeException | AssertionError e) {
            network.close();
            throw e;
        }
    }

    private static List<String> command(NetworkNamespace network, NetworkCable toUs, NetworkCable toPeer) {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"), network.name());
        ServerCertificate certificate = ServerCertificate.of(toPeer.farAddress());
        return List.of(
                "turnserver",
                "-n",
                "--listening-ip=" + toPeer.farAddress(),
                "--listening-ip=" + toUs.nearAddress(),
                "--listening-port=" + PORT,
                "--relay-ip=" + toUs.nearAddress(),
                "--lt-cred-mech",
                "--realm=tributary.example",
                "--user=" + USER + ":" + PASSWORD,
                "--cert=" + certificate.certificate(),
                "--pkey=" + certificate.key(),
                "--tls-listening-port=" + TLS_PORT,
                "--no-dtls",
                "--no-cli",
                "--log-file=stdout",
                "--pidfile=" + folder + ".pid",
                "--userdb=" + folder + ".db");
    }

    /** Its output comes when its buffer is full, so it is asked instead. */
    private static void awaitListener(String address) {
        for (int i = 0; i < CONNECTS_MAX; i++) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(address, PORT), 1_000);
                return;
            } catch (IOException e) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        }
        throw new AssertionError("coturn does not listen on " + address);
    }

    /** What a relayed-only agent is started with; {@code transport} is udp or tcp, between it and the server. */
    String[] options(String transport) {
        return options("turn:" + address + ":" + PORT + "?transport=" + transport, List.of());
    }

    /** The same over TLS; the agent trusts the server's certificate. */
    String[] tlsOptions() {
        String uri = "turns:" + address + ":" + TLS_PORT + "?transport=tcp";
        return options(uri, List.of("trust=" + ServerCertificate.of(address).certificate()));
    }

    private static String[] options(String uri, List<String> more) {
        List<String> options =
                new ArrayList<>(List.of("relay", "server=" + uri, "user=" + USER, "password=" + PASSWORD));
        options.addAll(more);
        return options.toArray(String[]::new);
    }

    /** Another network that has a cable to this one and reaches the relayed addresses over it. */
    NetworkNamespace neighbour() {
        NetworkNamespace neighbour = NetworkNamespace.create("neighbour");
        neighbour.connectTo(network).routeEverything(1);
        return neighbour;
    }

    /** A STUN server on an address of ours. */
    static ForeignProgram stun(String listening) {
        Installed.command("turnserver", "apt-get install coturn");
        Path folder = Path.of(System.getProperty("java.io.tmpdir"), "tributary-stun-" + listening);
        ForeignProgram program = ForeignProgram.start(
                "coturn",
                List.of(
                        "turnserver",
                        "-n",
                        "--listening-ip=" + listening,
                        "--listening-port=" + PORT,
                        "--stun-only",
                        "--no-tls",
                        "--no-dtls",
                        "--no-cli",
                        "--log-file=stdout",
                        "--pidfile=" + folder + ".pid",
                        "--userdb=" + folder + ".db"));
        awaitListener(listening);
        return program;
    }

    @Override
    public void close() {
        program.close();
        network.close();
    }
}
