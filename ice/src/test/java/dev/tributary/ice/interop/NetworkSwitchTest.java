// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.testkit.foreign.NetworkCable;
import dev.tributary.testkit.foreign.NetworkNamespace;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A viewer with two networks, as a phone has Wi-Fi and mobile, of which the one that the session uses is unplugged: our
 * lite agent sends over the other one in less than three seconds, without a restart. Bare libwebrtc, which nobody tells
 * about networks, takes six seconds to notice; until then it says nothing that we could follow.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class NetworkSwitchTest {
    private final NetworkNamespace network = NetworkNamespace.create("phone");

    @AfterEach
    void remove() {
        network.close();
    }

    @ParameterizedTest
    @CsvSource({"CHROMIUM, 3", "LIBWEBRTC, 10"})
    void mediaGoesOverTheOtherNetworkSoon(ForeignAgent foreign, int seconds) {
        NetworkCable wifi = network.connectToHost();
        NetworkCable mobile = network.connectToHost();
        wifi.routeEverything(10);
        mobile.routeEverything(20);
        try (Session session = Session.lite(wifi.farAddress(), foreign, network)) {
            session.connect();
            boolean usesWifi = usesAddress(session, wifi.nearAddress());
            assertThat(usesWifi || usesAddress(session, mobile.nearAddress())).isTrue();

            (usesWifi ? wifi : mobile).unplug();

            String other = (usesWifi ? mobile : wifi).nearAddress();
            session.ours.await(
                    "sent to " + other, Duration.ofSeconds(seconds), agent -> isAt(agent.selectedAddress(), other));
        }
    }

    private static boolean usesAddress(Session session, String address) {
        boolean[] uses = new boolean[1];
        session.ours.tell(agent -> uses[0] = isAt(agent.selectedAddress(), address));
        return uses[0];
    }

    private static boolean isAt(InetSocketAddress selected, String address) {
        return selected != null && selected.getAddress().getHostAddress().equals(address);
    }
}
