// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.interop;

import dev.tributary.core.http.HttpServer;
import dev.tributary.examples.conformance.PionServer;
import dev.tributary.examples.peers.Publisher;
import dev.tributary.examples.peers.Viewer;
import dev.tributary.sfu.Sfu;
import dev.tributary.testkit.foreign.ForeignProgram;
import dev.tributary.testkit.foreign.Installed;
import dev.tributary.testkit.foreign.Pion;
import dev.tributary.testkit.foreign.Python;
import dev.tributary.whipwhep.Purpose;
import dev.tributary.whipwhep.WhipWhep;
import dev.tributary.whipwhep.spi.Access;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Other people's stacks publish and play through our WHIP and WHEP, with live media; aiortc does in {@link AiortcTest},
 * Chromium and Firefox in the tests of browsers. And our client plays and publishes through a server that stands on Pion.
 */
@Timeout(90)
class ForeignWhipWhepTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Sfu sfu;
    private HttpServer server;
    private URI whip;
    private URI whep;

    @BeforeEach
    void start() {
        sfu = Sfu.builder().udpPort(0).loops(1).build();
        WhipWhep live = WhipWhep.builder(sfu.sessions())
                .access(Access.allowEverybody())
                .prefix("/live")
                .build();
        server = HttpServer.bind(0).host("127.0.0.1").mount("/live", live).start();
        whip = URI.create("http://127.0.0.1:" + server.port() + "/live/room/whip");
        whep = URI.create("http://127.0.0.1:" + server.port() + "/live/room/whep");
    }

    @AfterEach
    void stop() {
        server.close();
        sfu.close();
    }

    private static void await(String what, BooleanSupplier fits) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!fits.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("Not within " + PATIENCE + ": " + what);
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    /** Both kinds of media have moved by more packets than a few. */
    private static boolean flows(String line) {
        String[] words = line.split(" ");
        return words.length == 3
                && words[0].equals("media")
                && Long.parseLong(words[1]) > 20
                && Long.parseLong(words[2]) > 20;
    }

    private void isSeen(ForeignProgram publisher) {
        publisher.awaitLine(ForeignWhipWhepTest::flows, "it sends", PATIENCE);
        try (Viewer viewer = Viewer.start(whep.toString(), "", false)) {
            viewer.await("media of it arrives", v -> v.packets() > 50, PATIENCE);
        }
    }

    private void sees(ForeignProgram player) {
        player.awaitLine(ForeignWhipWhepTest::flows, "media arrives there", PATIENCE);
    }

    private Publisher publisher() {
        return Publisher.start(whip.toString(), "", Purpose.MAIN, "Host");
    }

    @Nested
    class Gstreamer {
        @BeforeEach
        void isInstalled() {
            Installed.pythonModule("gi", "apt-get install python3-gst-1.0 gir1.2-gst-plugins-bad-1.0");
            Installed.command("gst-inspect-1.0", "apt-get install gstreamer1.0-tools gstreamer1.0-nice");
        }

        @Test
        void publishes() {
            try (ForeignProgram gstreamer = start("publish", whip)) {
                isSeen(gstreamer);
            }
        }

        @Test
        void plays() {
            try (Publisher host = publisher();
                    ForeignProgram gstreamer = start("play", whep)) {
                sees(gstreamer);
            }
        }

        private ForeignProgram start(String mode, URI url) {
            return Python.start(ForeignWhipWhepTest.class, "gstreamer_peer.py", Map.of(), mode, url.toString());
        }
    }

    @Nested
    class OfPion {
        @Test
        void publishes() {
            try (ForeignProgram pion = start("publish", whip)) {
                isSeen(pion);
            }
        }

        @Test
        void plays() {
            try (Publisher host = publisher();
                    ForeignProgram pion = start("play", whep)) {
                sees(pion);
            }
        }

        @Test
        void serverCarriesWhatOurClientsPublishAndPlay() {
            try (PionServer pion = PionServer.start();
                    Publisher host = Publisher.start(pion.whip("room").toString(), "", Purpose.MAIN, "Host")) {
                LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
                try (Viewer viewer = Viewer.start(pion.whep("room").toString(), "", true)) {
                    viewer.await("media through Pion", v -> v.packets() > 50, PATIENCE);
                }
            }
        }

        private ForeignProgram start(String mode, URI url) {
            String program =
                    Pion.build(ForeignWhipWhepTest.class, "pion_peer.go").toString();
            return ForeignProgram.start("Pion peer", List.of(program, mode, url.toString()));
        }
    }

    @Nested
    class Libwebrtc {
        @Test
        void publishes() {
            try (LibwebrtcPeer libwebrtc = LibwebrtcPeer.publish(whip);
                    Viewer viewer = Viewer.start(whep.toString(), "", false)) {
                viewer.await("media of it arrives", v -> v.packets() > 50, PATIENCE);
                viewer.await("sound as well as pictures", v -> v.sources() >= 2, PATIENCE);
            }
        }

        @Test
        void plays() {
            try (Publisher host = publisher();
                    LibwebrtcPeer libwebrtc = LibwebrtcPeer.play(whep)) {
                await("sound", () -> libwebrtc.packetsReceived("audio") > 20);
                await("pictures", () -> libwebrtc.packetsReceived("video") > 20);
            }
        }
    }
}
