// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.255.255.255",
                "10.0.0.1",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.254",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.8",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::7f00:1", // IPv4-compatible
                "::ffff:127.0.0.1", // IPv4-mapped
                "::ffff:a00:1",
                "::ffff:0:7f00:1", // IPv4-translated
                "64:ff9b::7f00:1", // NAT64
                "64:ff9b:1::7f00:1", // local NAT64
                "100::1", // discard
                "2001::1", // Teredo
                "2001:2::1", // benchmarks
                "2001:10::1",
                "2001:20::1",
                "2001:db8::1",
                "2002:7f00:1::", // 6to4
                "3ffe::1",
                "3fff::1",
                "5f00::1",
                "fc00::1",
                "fdff::1",
                "fe80::1",
                "fec0::1",
                "ff02::1"
            })
    void refusesAddressesThatAreNotPublic(String literal) throws Exception {
        InetAddress address = InetAddress.getByName(literal);
        AddressGuard guard = new AddressGuard(host -> List.of(address), false);

        assertThatThrownBy(() -> guard.resolve("host.example")).isInstanceOf(AddressGuard.RefusedAddress.class);
        assertThatThrownBy(() -> guard.lookUp("host.example")).isInstanceOf(AddressGuard.RefusedAddress.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "2001:200::1",
                "2001:db7:ffff::1",
                "2001:db9::1",
                "2003::1",
                "2606:4700::1111",
                "::ffff:1.1.1.1"
            })
    void takesPublicAddressesUpToTheEdgesOfTheOthers(String literal) throws Exception {
        InetAddress address = InetAddress.getByName(literal);
        AddressGuard guard = new AddressGuard(host -> List.of(address), false);

        assertThat(guard.resolve("host.example", 443))
                .singleElement()
                .satisfies(socket -> assertThat(socket.getAddress()).isEqualTo(address));
    }

    @Test
    void refusesAHostWhenOneOfItsAddressesIsPrivate() throws Exception {
        List<InetAddress> both = List.of(InetAddress.getByName("1.1.1.1"), InetAddress.getByName("10.0.0.1"));
        AddressGuard guard = new AddressGuard(host -> both, false);

        assertThatThrownBy(() -> guard.resolve("host.example")).isInstanceOf(AddressGuard.RefusedAddress.class);
    }

    @Test
    void givesTheConnectionTheAnswerThatWasCheckedWhenTheNameIsRebound() throws Exception {
        InetAddress good = InetAddress.getByName("1.1.1.1");
        AtomicReference<InetAddress> answer = new AtomicReference<>(good);
        AddressGuard guard = new AddressGuard(host -> List.of(answer.get()), false);
        guard.lookUp("Host.example");
        answer.set(InetAddress.getByName("127.0.0.1"));

        assertThat(guard.resolve("host.example")).containsExactly(good);
    }

    @Test
    void checksAtTheMomentOfConnectingWhenNothingWasLookedUp() throws Exception {
        AddressGuard guard = new AddressGuard(host -> List.of(InetAddress.getByName("127.0.0.1")), false);

        assertThatThrownBy(() -> guard.resolve("never-looked-up.example"))
                .isInstanceOf(AddressGuard.RefusedAddress.class);
    }

    @Test
    void reachesPrivateAddressesButNoMulticastWhenAllowed() throws Exception {
        AddressGuard loopback = new AddressGuard(host -> List.of(InetAddress.getByName("127.0.0.1")), true);
        AddressGuard multicast = new AddressGuard(host -> List.of(InetAddress.getByName("224.0.0.1")), true);

        assertThat(loopback.resolve("localhost")).hasSize(1);
        assertThatThrownBy(() -> multicast.resolve("all.example")).isInstanceOf(AddressGuard.RefusedAddress.class);
    }

    @Test
    void treatsAnEmptyAnswerAsAnUnknownHost() {
        AddressGuard guard = new AddressGuard(host -> List.of(), false);

        assertThatThrownBy(() -> guard.resolve("host.example"))
                .isInstanceOf(UnknownHostException.class)
                .isNotInstanceOf(AddressGuard.RefusedAddress.class);
    }
}
