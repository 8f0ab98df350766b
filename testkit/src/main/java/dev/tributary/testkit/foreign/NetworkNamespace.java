// SPDX-License-Identifier: Apache-2.0
package dev.tributary.testkit.foreign;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network of its own for a foreign program (Linux network namespace, {@code ip-netns(8)}): real sockets, real routes, and
 * nothing of the machine's network but the cables that a test lays.
 *
 * <pre>{@code
 * try (NetworkNamespace viewer = NetworkNamespace.create("viewer")) {
 *     NetworkCable cable = viewer.connectToHost();
 *     ForeignProgram.start("viewer", viewer.command(program, cable.nearAddress()));
 *     …
 * }
 * }</pre>
 *
 * <p>Names and addresses are unique for each namespace, so that tests may run at once. Needs root. {@link #close} removes the
 * namespace and its cables; it is called at the end of the virtual machine at the latest. Thread-safe.
 */
public final class NetworkNamespace implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name;
    private final Thread remover;
    private final List<String> interfaces = new CopyOnWriteArrayList<>();

    private NetworkNamespace(String name) {
        this.name = name;
        this.remover = new Thread(this::remove, "removal of " + name);
        Runtime.getRuntime().addShutdownHook(remover);
    }

    /**
     * Makes one; only its loopback interface is up.
     *
     * @param purpose a word that shows up in its name
     * @throws org.opentest4j.TestAbortedException when this process is not root, or the command is missing
     */
    public static NetworkNamespace create(String purpose) {
        Installed.command("ip", "apt-get install iproute2");
        Installed.assume(isRoot(), "root, to make network namespaces", "run the tests as root");
        NetworkNamespace namespace = new NetworkNamespace(
                "tributary-" + purpose + "-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet());
        run(List.of("ip", "netns", "add", namespace.name));
        namespace.ip("link set lo up");
        return namespace;
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** The name that {@code ip netns} knows. */
    public String name() {
        return name;
    }

    /** A command that runs in here. */
    public List<String> command(List<String> command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name));
        all.addAll(command);
        return all;
    }

    /** Runs {@code ip} in here, for instance with {@code "link set x down"}. */
    public void ip(String arguments) {
        List<String> command = new ArrayList<>(List.of("ip", "-n", name));
        command.addAll(List.of(arguments.split(" ")));
        run(command);
    }

    /** Lays a cable to the network of this process. */
    public NetworkCable connectToHost() {
        return NetworkCable.lay(this, null);
    }

    /** Lays a cable to another namespace. */
    public NetworkCable connectTo(NetworkNamespace other) {
        return NetworkCable.lay(this, other);
    }

    /** From now on nothing in here can send UDP, as behind many a company's firewall. */
    public void blockUdp() {
        ip("rule add ipproto udp prohibit");
        ip("-6 rule add ipproto udp prohibit");
    }

    /** Removes it with its cables. Programs that still run in it go on without any network. */
    @Override
    public void close() {
        remove();
        try {
            Runtime.getRuntime().removeShutdownHook(remover);
        } catch (IllegalStateException e) {
            // The virtual machine is ending, and has run the hook or will.
        }
    }

    void add(String interfaceName) {
        interfaces.add(interfaceName);
    }

    private void remove() {
        // The kernel clears a namespace away in its own time; what reaches into ours shall be gone now.
        for (String each : interfaces) {
            try {
                ip("link delete " + each);
            } catch (IllegalStateException e) {
                // Gone already with the namespace at its other end.
            }
        }
        run(List.of("ip", "netns", "delete", name));
    }

    @Override
    public String toString() {
        return name;
    }

    static void run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": " + output.strip());
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot run " + String.join(" ", command), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + String.join(" ", command), e);
        }
    }
}
