// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.interop;

import dev.tributary.testkit.foreign.Installed;
import dev.tributary.testkit.foreign.NetworkCable;
import dev.tributary.testkit.foreign.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** A home's router: its kernel translates the addresses of what goes from the home to us (nftables' masquerade). */
final class Router implements AutoCloseable {
    final NetworkCable toUs;
    private final NetworkNamespace network;

    private Router(NetworkNamespace network, NetworkCable toUs) {
        this.network = network;
        this.toUs = toUs;
    }

    /** Puts one between a home and us. */
    static Router of(NetworkNamespace home) {
        Installed.command("nft", "apt-get install nftables");
        NetworkNamespace network = NetworkNamespace.create("router");
        try {
            NetworkCable toUs = network.connectToHost();
            home.connectTo(network).routeEverything(1);
            run(network, "sysctl", "-qw", "net.ipv4.ip_forward=1");
            run(network, "nft", "add table ip home");
            run(network, "nft", "add chain ip home out { type nat hook postrouting priority 100 ; }");
            run(network, "nft", "add rule ip home out oifname " + toUs.nearInterface() + " masquerade");
            return new Router(network, toUs);
        } catch (RuntimeException e) {
            network.close();
            throw e;
        }
    }

    private static void run(NetworkNamespace network, String... command) {
        try {
            Process process = new ProcessBuilder(network.command(List.of(command)))
                    .inheritIO()
                    .start();
            if (process.waitFor() != 0) {
                throw new IllegalStateException("Failed: " + String.join(" ", command));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    @Override
    public void close() {
        network.close();
    }
}
