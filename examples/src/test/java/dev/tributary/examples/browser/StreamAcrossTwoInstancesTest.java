// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.examples.Demo;
import dev.tributary.testkit.foreign.Installed;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The main job, end to end, as a person sees it: one live stream, two instances, a guest who joins while it runs. Real
 * browsers, real protocols at every step; the two instances share nothing but the loopback interface.
 */
@Timeout(180)
class StreamAcrossTwoInstancesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String STAGE = "document.querySelector('tributary-stage')";
    private static final String TILES = STAGE + ".shadowRoot.querySelectorAll('[part~=tile]')";
    private static final String BADGES =
            "[..." + STAGE + ".shadowRoot.querySelectorAll('[part=badge]')]" + ".map((badge) => badge.textContent)";
    private static final String FRAMES =
            "(" + STAGE + ".session?.pc ? " + STAGE + ".session.pc.getStats().then((stats) =>"
                    + " [...stats.values()].filter((s) => s.type === 'inbound-rtp' && s.kind === 'video')"
                    + ".reduce((sum, s) => sum + (s.framesDecoded ?? 0), 0)) : 0)";

    @Test
    void streamCrossesTwoInstancesAndChangesWhileItRunsInChromium() throws IOException {
        Installed.assume(Chromium.isInstalled(), "Chromium and its driver", "apt-get install chromium chromium-driver");
        run(Chromium::start);
    }

    @Test
    void streamCrossesTwoInstancesAndChangesWhileItRunsInFirefox() throws IOException {
        Installed.assume(Firefox.isInstalled(), "Firefox", "apt-get install firefox-esr");
        run(Firefox::start);
    }

    private static void run(Supplier<Browser> start) throws IOException {
        try (Demo demo = Demo.onFreePorts();
                Browser onA = start.get();
                Browser onB = start.get()) {
            String a = demo.first().url().toString();
            String b = demo.second().url().toString();
            String room = "alice@" + demo.first().authority();

            hostGoesLive(onA, a);
            viewerWatchesFromTheOtherInstance(onB, b, room);
            tenViewersAreOneCopy(demo, onB, room);
            guestIsInvitedAndJoins(onA, onB, demo);
            muteShowsOnBothInstances(onA, onB);
            hostDecidesWhoIsOnTheProgramme(onA, onB);
            guestLeaves(onA, onB);
            hostEnds(demo, onA, onB);
        }
    }

    private static void hostGoesLive(Browser onA, String a) {
        onA.open(a + "/stage?as=alice");
        onA.click("#publish");
        onA.awaitTrue(
                "the host publishes",
                "document.querySelector('#message').textContent.startsWith('You are live')",
                PATIENCE);
        onA.await("the host sees the programme", FRAMES, frames -> frames.asInt() > 5, PATIENCE);
    }

    private static void viewerWatchesFromTheOtherInstance(Browser onB, String b, String room) {
        onB.open(b + "/");
        onB.awaitTrue(
                "the other instance lists the live stream",
                "document.querySelectorAll('#lives a').length === 1",
                PATIENCE);
        onB.open(b + "/watch?room=" + room);
        int before = onB.await("frames decode on the other instance", FRAMES, f -> f.asInt() > 5, PATIENCE)
                .asInt();
        onB.await("frames keep growing", FRAMES, frames -> frames.asInt() > before + 10, PATIENCE);
    }

    private static void tenViewersAreOneCopy(Demo demo, Browser onB, String room) {
        onB.evaluate("import('/tributary/tributary.js').then(({ WatchSession }) => Promise.all("
                + "globalThis.crowd = Array.from({ length: 9 }, () =>"
                + " new WatchSession('/live/' + encodeURIComponent(" + Browser.quoted(room) + ") + '/whep').start())))"
                + ".then(async (crowd) => { globalThis.crowd = crowd; return crowd.length; })");
        onB.awaitTrue(
                "nine more viewers are connected",
                "globalThis.crowd.every?.((session) => session.state === 'connected')",
                PATIENCE);

        assertThat(demo.second().sessions("WHEP", "viewer")).isEqualTo(10);
        assertThat(demo.first().sessions("WHEP", "pipe")).isEqualTo(1);
        assertThat(demo.first().sessions("WHIP", "pipe")).isZero();

        onB.evaluate("Promise.all(globalThis.crowd.slice(2).map((session) => session.close())).then(() => true)");
    }

    private static void guestIsInvitedAndJoins(Browser onA, Browser onB, Demo demo) {
        String guest = "bob@" + demo.second().authority();
        onA.evaluate("(document.querySelector('#guest').value = " + Browser.quoted(guest)
                + ", document.querySelector('#invite').requestSubmit(), true)");
        onB.evaluate("(globalThis.frame = document.createElement('iframe'), frame.src = '/stage?as=bob',"
                + " frame.allow = 'camera; microphone', document.body.append(frame), true)");
        onB.awaitTrue(
                "the invitation arrives", "!!frame.contentDocument?.querySelector('#invitations button')", PATIENCE);
        onB.evaluate("(frame.contentDocument.querySelector('#invitations button').click(), true)");
        onB.awaitTrue(
                "the guest is at the stage",
                "frame.contentDocument?.querySelector('#publish')?.textContent === 'Join the stage'"
                        + " && frame.contentDocument.querySelector('tributary-stage').session?.state === 'connected'",
                PATIENCE);
        watchFor(onA, "tile", TILES + ".length === 2");
        watchFor(onB, "tile", TILES + ".length === 2");
        long clicked = onB.evaluate("(frame.contentDocument.querySelector('#publish').click(), Date.now())")
                .asLong();
        assertThat(seenAfter(onA, "tile", clicked)).as("guest's tile on A, ms").isLessThan(2000);
        assertThat(seenAfter(onB, "tile", clicked)).as("guest's tile on B, ms").isLessThan(2000);

        for (Browser page : new Browser[] {onA, onB}) {
            page.awaitTrue(
                    "the guest's tile has a label and a purpose",
                    "[..." + TILES + "].some((tile) => tile.dataset.purpose === 'guest'"
                            + " && tile.textContent.includes('bob'))",
                    PATIENCE);
            page.awaitTrue(
                    "the guest's picture plays",
                    "[..." + TILES + "].filter((tile) => tile.dataset.purpose === 'guest')"
                            + ".every((tile) => tile.querySelector('video').videoWidth > 0)",
                    PATIENCE);
        }
        assertThat(demo.first().sessions("WHIP", "pipe")).as("pushed guests").isEqualTo(1);
    }

    private static void muteShowsOnBothInstances(Browser onA, Browser onB) {
        int offers = offersSeen(onA);
        for (Browser page : new Browser[] {onA, onB}) {
            watchFor(page, "muted", BADGES + ".includes('Muted')");
        }
        long clicked = onB.evaluate("(frame.contentDocument.querySelector('#mute').click(), Date.now())")
                .asLong();
        assertThat(seenAfter(onA, "muted", clicked)).as("mute on A, ms").isLessThan(300);
        assertThat(seenAfter(onB, "muted", clicked)).as("mute on B, ms").isLessThan(300);

        onB.evaluate("(frame.contentDocument.querySelector('#mute').click(), true)");
        onB.evaluate("(frame.contentDocument.querySelector('#camera').click(), true)");
        for (Browser page : new Browser[] {onA, onB}) {
            page.awaitTrue("camera off shows", BADGES + ".includes('Camera off')", PATIENCE);
            page.awaitTrue("unmuting shows", "!" + BADGES + ".includes('Muted')", PATIENCE);
        }
        onB.evaluate("(frame.contentDocument.querySelector('#camera').click(), true)");
        assertThat(offersSeen(onA)).as("offers for a change of state").isEqualTo(offers);
    }

    private static void hostDecidesWhoIsOnTheProgramme(Browser onA, Browser onB) {
        onA.click("#guests button[data-enabled=true]");
        for (Browser page : new Browser[] {onA, onB}) {
            page.awaitTrue("off the programme shows", BADGES + ".includes('Off the programme')", PATIENCE);
        }
        String guestsTrack = "[..." + STAGE + ".session.tracks.values()].find((track) => track.purpose === 'guest').id";
        assertThat(onA.evaluate(STAGE + ".session.set(" + guestsTrack
                                + ", { muted: false }).then(() => 'allowed', (error) => error.code)")
                        .asString())
                .isEqualTo("forbidden");
        onA.click("#guests button[data-enabled=false]");
        onB.awaitTrue("back on the programme", "!" + BADGES + ".includes('Off the programme')", PATIENCE);
    }

    private static void guestLeaves(Browser onA, Browser onB) {
        onB.evaluate("(frame.contentDocument.querySelector('#leave').click(), true)");
        for (Browser page : new Browser[] {onA, onB}) {
            page.awaitTrue("the guest's tile goes", TILES + ".length === 1", PATIENCE);
        }
        int before = onB.evaluate(FRAMES).asInt();
        onB.await("the rest plays on", FRAMES, frames -> frames.asInt() > before + 10, PATIENCE);
    }

    private static void hostEnds(Demo demo, Browser onA, Browser onB) {
        onA.click("#leave");
        onB.awaitTrue(
                "the viewer is told", STAGE + ".shadowRoot.textContent.includes('The stream has ended')", PATIENCE);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (demo.first().sessions() + demo.second().sessions() > 0 && System.nanoTime() - end < 0) {
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
        }
        assertThat(demo.first().sessions()).as("sessions left on A").isZero();
        assertThat(demo.second().sessions()).as("sessions left on B").isZero();
        assertThat(demo.first().liveState("alice")).isEqualTo("ended");
        assertThat(demo.second().liveState("alice@" + demo.first().authority())).isEqualTo("ended");
    }

    /** Notes in the page itself when something becomes true: a test's own polling is too coarse a clock. */
    private static void watchFor(Browser page, String name, String condition) {
        page.evaluate("(globalThis.seen ??= {}, delete seen[" + Browser.quoted(name) + "], (function look() {"
                + " if (" + condition + ") seen[" + Browser.quoted(name) + "] = Date.now();"
                + " else setTimeout(look, 5); })(), true)");
    }

    private static long seenAfter(Browser page, String name, long since) {
        return page.await(name, "globalThis.seen[" + Browser.quoted(name) + "] ?? 0", at -> at.asLong() > 0, PATIENCE)
                        .asLong()
                - since;
    }

    private static int offersSeen(Browser page) {
        return page.evaluate(STAGE + ".session.offersAnswered").asInt();
    }
}
