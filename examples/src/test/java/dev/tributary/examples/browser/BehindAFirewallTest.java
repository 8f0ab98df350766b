// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.core.http.HttpServer;
import dev.tributary.core.http.Mounts;
import dev.tributary.core.http.Resources;
import dev.tributary.sfu.Sfu;
import dev.tributary.testkit.foreign.Installed;
import dev.tributary.testkit.foreign.NetworkCable;
import dev.tributary.testkit.foreign.NetworkNamespace;
import dev.tributary.whipwhep.WhipWhep;
import dev.tributary.whipwhep.spi.Grant;
import dev.tributary.whipwhep.spi.Right;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Chromium in a network that lets no UDP out, as many a company's: it publishes and plays over ICE-TCP (RFC 6544), by IPv4
 * and by IPv6, and nothing but our TCP port is needed.
 */
@Timeout(120)
class BehindAFirewallTest {
    private static final String FOLDER = "dev/tributary/examples/browser";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final NetworkNamespace office = NetworkNamespace.create("office");
    private final NetworkCable cable = office.connectToHost();

    @BeforeEach
    void chromiumIsInstalled() {
        Installed.assume(Chromium.isInstalled(), "Chromium and its driver", "apt-get install chromium chromium-driver");
        cable.routeEverything(1);
        office.blockUdp();
    }

    @AfterEach
    void remove() {
        office.close();
    }

    @Test
    void chromiumPublishesAndPlaysOverTcp() {
        show(cable.nearAddress(), cable.farAddress());
    }

    @Test
    void chromiumPublishesAndPlaysOverTcpByIpv6Alone() {
        cable.removeIpv4();

        show(cable.nearAddress6(), cable.farAddress6());
    }

    private void show(String browsersAddress, String ourAddress) {
        String host = ourAddress.indexOf(':') < 0 ? ourAddress : "[" + ourAddress + "]";
        try (Sfu sfu = Sfu.builder().udpPort(0).tcpPort(0).announce(ourAddress).build();
                WhipWhep live = WhipWhep.builder(sfu.sessions())
                        .access(request ->
                                CompletableFuture.completedFuture(Grant.of("host", "", Right.PLAY, Right.PUBLISH_MAIN)))
                        .prefix("/live")
                        .build();
                HttpServer server = HttpServer.bind(0)
                        .host(ourAddress)
                        .mount(
                                "/",
                                Mounts.NONE
                                        .mount("/live", live)
                                        .mount(
                                                "/",
                                                Resources.from(BehindAFirewallTest.class, FOLDER)
                                                        .under("/")))
                        .start();
                Chromium chromium = Chromium.startIn(office, browsersAddress)) {
            String origin = "http://" + host + ":" + server.port();
            String room = origin + "/live/show";
            chromium.open(origin + "/firewall.html");

            assertThat(chromium.evaluate("far.publish('" + room + "/whip')").asString())
                    .isEqualTo("true");
            assertThat(chromium.evaluate("far.play('" + room + "/whep')").asString())
                    .isEqualTo("true");

            chromium.await("thirty pictures", "far.frames()", frames -> frames.asInt() >= 30, PATIENCE);
            String path = chromium.evaluate("far.path()").asString();
            int port = sfu.streamAddresses().get(0).getPort();
            assertThat(path).startsWith("tcp tcp ").endsWith(" " + port);
        }
    }
}
