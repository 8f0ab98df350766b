// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

import dev.tributary.testkit.LinkConditions;
import dev.tributary.testkit.SimulatedNetwork;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;

/** Two ends, A as DTLS client and Z as DTLS server, in a simulated network. */
final class Pair {
    static final InetSocketAddress ADDRESS_A = address(1);
    static final InetSocketAddress ADDRESS_Z = address(2);

    final SimulatedNetwork network;
    Node a;
    Node z;

    private Pair(SimulatedNetwork network, Node a, Node z) {
        this.network = network;
        this.a = a;
        this.z = z;
        network.attach(ADDRESS_A, a, a::pollEvents);
        network.attach(ADDRESS_Z, z, z::pollEvents);
    }

    static Pair of(long seed) {
        return of(seed, LinkConditions.PERFECT, SctpSettings.DEFAULT, SctpSettings.DEFAULT);
    }

    static Pair of(long seed, LinkConditions conditions) {
        return of(seed, conditions, SctpSettings.DEFAULT, SctpSettings.DEFAULT);
    }

    static Pair of(long seed, LinkConditions conditions, SctpSettings settingsA, SctpSettings settingsZ) {
        return new Pair(
                SimulatedNetwork.seeded(seed).conditions(conditions),
                Node.of(DtlsRole.CLIENT, settingsA, seed, ADDRESS_Z),
                Node.of(DtlsRole.SERVER, settingsZ, ~seed, ADDRESS_A));
    }

    static Pair of(long seed, LinkConditions conditions, Node a, Node z) {
        return new Pair(SimulatedNetwork.seeded(seed).conditions(conditions), a, z);
    }

    long now() {
        return network.nowNanos();
    }

    /** Both sides send INIT, as browsers do. */
    Pair connected() {
        a.channels.connect(now());
        z.channels.connect(now());
        network.runUntil(
                () -> a.channels.state() == SctpState.ESTABLISHED && z.channels.state() == SctpState.ESTABLISHED,
                Duration.ofMinutes(2));
        return this;
    }

    /** A channel of A that Z knows. */
    DataChannel opened(String label, DataChannelOptions options) {
        DataChannel channel = a.channels.open(label, "", options, now());
        network.runUntil(() -> channel.state() == DataChannelState.OPEN, Duration.ofMinutes(2));
        return channel;
    }

    private static InetSocketAddress address(int host) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, (byte) host}), 5000);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
