// SPDX-License-Identifier: Apache-2.0
package dev.tributary.testkit.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkNamespaceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Test
    void aCableLeadsFromTheNamespaceToUsAndIsGoneWithIt() throws SocketException {
        String ourEnd;
        try (NetworkNamespace namespace = NetworkNamespace.create("test")) {
            NetworkCable cable = namespace.connectToHost();
            ourEnd = cable.farInterface();

            assertThat(addresses(ourEnd)).contains(cable.farAddress());
            assertThat(NetworkInterface.getByName(cable.nearInterface()))
                    .as("the other end is not in our network")
                    .isNull();
            assertThat(run(namespace, "ip -o addr show " + cable.nearInterface()))
                    .contains(cable.nearAddress() + "/30")
                    .contains(cable.nearAddress6() + "/64");
        }

        assertThat(NetworkInterface.getByName(ourEnd)).isNull();
    }

    @Test
    void udpCanBeBlockedAndACableUnplugged() {
        try (NetworkNamespace namespace = NetworkNamespace.create("test")) {
            NetworkCable cable = namespace.connectToHost();
            namespace.blockUdp();

            assertThat(run(namespace, "ip route get " + cable.farAddress() + " ipproto udp"))
                    .contains("Permission denied");
            assertThat(run(namespace, "ip route get " + cable.farAddress() + " ipproto tcp"))
                    .contains(cable.nearInterface());
            cable.unplug();
            assertThat(run(namespace, "ip route get " + cable.farAddress() + " ipproto tcp"))
                    .contains("Network is unreachable");
        }
    }

    private static String run(NetworkNamespace namespace, String command) {
        try (ForeignProgram program = ForeignProgram.start("ip", namespace.command(List.of(command.split(" "))))) {
            program.awaitEnd(PATIENCE);
            return String.join("\n", program.lines());
        }
    }

    private static List<String> addresses(String name) throws SocketException {
        return NetworkInterface.getByName(name)
                .inetAddresses()
                .map(address -> address.getHostAddress().replaceAll("%.*", ""))
                .toList();
    }
}
