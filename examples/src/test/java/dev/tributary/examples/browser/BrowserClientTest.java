// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.testkit.foreign.Installed;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What docs/browser-client.md promises, in Chromium: publishing, watching, coming back, and any plain server. The helpers
 * that the scripts use are in client.html.
 */
@Timeout(120)
class BrowserClientTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static ClientServer server;
    private static Chromium page;
    private static int rooms;

    private String room;

    @BeforeAll
    static void start() {
        Installed.assume(Chromium.isInstalled(), "Chromium and its driver", "apt-get install chromium chromium-driver");
        server = new ClientServer();
        page = Chromium.start();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            page.close();
            server.close();
        }
    }

    @BeforeEach
    void openPage() {
        room = "room" + ++rooms;
        page.open(server.page());
        page.awaitTrue("the page is ready", "globalThis.ready", PATIENCE);
        page.evaluate("(globalThis.room = '" + room + "')");
    }

    /** Runs statements in the page; what they return is JSON. */
    private static String run(String statements) {
        String result = page.evaluate("(async () => {" + statements + "})()").asString();
        assertThat(result).as(statements).doesNotStartWith("failed: ");
        return result;
    }

    // ---- publishing ----

    @Test
    void publishesThreeQualitiesOfWhichAViewerChoosesOne() {
        String widths = run("""
                const camera = await tributary.openDevices({ width: 1280, height: 720 });
                const publisher = await publish(room, "host", camera, { purpose: "main", simulcast: true });
                const viewer = await new tributary.WatchSession(`/live/${room}/whep`).start();
                const video = await until("a video", () => [...viewer.tracks.values()].find(({ kind }) => kind === "video"));
                const width = async () => [...(await viewer.pc.getStats()).values()].find((report) =>
                  report.type === "inbound-rtp" && report.kind === "video")?.frameWidth;
                const sent = async () => [...(await publisher.pc.getStats()).values()].filter((report) =>
                  report.type === "outbound-rtp" && report.rid && report.framesSent > 0).length;
                await until("three qualities are sent", async () => (await sent()) === 3, 30_000);
                const seen = [];
                for (const rid of ["l", "m", "l"]) {
                  await viewer.chooseLayer(video.id, { rid });
                  const expected = { l: 320, m: 640 }[rid];
                  await until(`the picture is ${expected} wide`, async () => (await width()) === expected);
                  seen.push(expected);
                }
                await Promise.all([publisher.close(), viewer.close()]);
                return seen.join();
                """);
        assertThat(widths).isEqualTo("320,640,320");
    }

    @Test
    void changesTheDeviceWithoutANewSession() {
        String result = run("""
                const publisher = await publish(room, "host", drawing(320, 180), { purpose: "main" });
                const viewer = await new tributary.WatchSession(`/live/${room}/whep`).start();
                await moreFrames(viewer);
                const url = publisher.http.url;
                const sdp = publisher.pc.localDescription.sdp;
                const old = publisher.published[0].track;
                await publisher.replace("video", drawing(480, 270).getTracks()[0]);
                await until("the other picture", async () => [...(await viewer.pc.getStats()).values()].some((report) =>
                  report.type === "inbound-rtp" && report.frameWidth === 480));
                const kept = publisher.http.url === url && publisher.pc.localDescription.sdp === sdp;
                const result = `${kept} ${old.readyState} ${viewer.offersAnswered}`;
                await Promise.all([publisher.close(), viewer.close()]);
                return result;
                """);
        assertThat(result)
                .as("same session, old device stopped, offers to the viewer")
                .isEqualTo("true ended 0");
    }

    @Test
    void takesTheNextDeviceWhenOneIsPulledOut() {
        String result = run("""
                const node = stage({ whip: `/live/${room}/whip`, token: "host", purpose: "main" });
                const publisher = await node.publish();
                const pulled = publisher.published.find(({ track }) => track.kind === "audio").track;
                pulled.dispatchEvent(new Event("ended"));
                const next = await until("another microphone", () => {
                  const { track } = publisher.published.find(({ track }) => track.kind === "audio");
                  return track !== pulled && track;
                });
                await until("connected", () => publisher.state === "connected");
                const result = `${next.readyState} ${publisher.state}`;
                await node.unpublish();
                return result;
                """);
        assertThat(result).isEqualTo("live connected");
    }

    @Test
    void sharesAScreenBesideTheCameraAndStopsAgain() {
        String result = run("""
                const publisher = await publish(room, "host", drawing(320, 180), { purpose: "main", label: "Alice" });
                const node = stage({ whep: `/live/${room}/whep` });
                await node.watch();
                await until("a tile", () => tiles(node).length === 1);
                const lines = [];
                for (let round = 0; round < 3; round++) {
                  await until("the control channel", () => publisher.control.isOpen);
                  await publisher.shareScreen(drawing(640, 360));
                  await until("the screen plays", () => tiles(node).some((tile) =>
                    tile.dataset.purpose === "screen" && tile.querySelector("video").videoWidth > 0));
                  lines.push(publisher.pc.localDescription.sdp.match(/^m=/gm).length);
                  await publisher.stopScreen();
                  await until("the screen is gone", () => tiles(node).length === 1);
                }
                await moreFrames(node.session);
                await Promise.all([publisher.close(), node.leave()]);
                return lines.join();
                """);
        assertThat(result.split(","))
                .as("m-lines, which do not grow without end")
                .hasSize(3);
        assertThat(Integer.parseInt(result.split(",")[2])).isLessThanOrEqualTo(5);
    }

    @Test
    void takesBackAnOfferThatTheServerRejects() {
        String result = run("""
                const publisher = await publish(room, "host", drawing(320, 180), { purpose: "main" });
                await until("the control channel", () => publisher.control.isOpen);
                const { channel } = publisher.control;
                const send = channel.send.bind(channel);
                channel.send = (text) => send(text.replace('"sdp":"v=0', '"sdp":"v=nonsense'));
                const refused = await publisher.shareScreen(drawing(64, 64)).catch((error) => error);
                channel.send = send;
                await until("stable", () => publisher.pc.signalingState === "stable");
                await publisher.shareScreen(drawing(64, 64));
                const result = `${refused.name} ${publisher.published.length}`;
                await publisher.close();
                return result;
                """);
        assertThat(result).isEqualTo("OfferRefused 2");
    }

    @Test
    void theBarPublishesMutesAndLeaves() {
        String result = run("""
                const node = stage({ whip: `/live/${room}/whip`, token: "host", label: "Alice", purpose: "main" });
                const press = (part) => node.shadowRoot.querySelector(`[part~=${part}]`).click();
                const shown = () => [...node.shadowRoot.querySelectorAll("[part=bar] button:not([hidden])")]
                  .map(({ textContent }) => textContent).join();
                const before = shown();
                press("join");
                await until("on stage", () => node.publishing?.state === "connected");
                const during = shown();
                press("mute");
                const pressed = node.shadowRoot.querySelector("[part~=mute]").getAttribute("aria-pressed");
                const isMuted = node.publishing.isMuted("audio");
                const { stream } = node.publishing;
                press("leave");
                await until("off stage", () => node.publishing === null);
                return [before, during, pressed, isMuted, stream.getTracks().every(({ readyState }) =>
                  readyState === "ended"), shown()].join("|");
                """);
        assertThat(result).isEqualTo("Join|Mute,Camera off,Share screen,Leave|true|true|true|Join");
    }

    // ---- watching ----

    @Test
    void textFromElsewhereIsNeverMarkup() {
        String result = run("""
                const label = "<img src=x onerror=alert(1)><script>alert(2)</script>";
                const publisher = await publish(room, "host", drawing(320, 180), { purpose: "main", label });
                const node = stage({ whep: `/live/${room}/whep` });
                await node.watch();
                await until("a label", () => tiles(node)[0]?.querySelector("[part=label]").textContent);
                const shown = tiles(node)[0].querySelector("[part=label]");
                const result = `${shown.textContent === label} ${shown.children.length}`;
                await Promise.all([publisher.close(), node.leave()]);
                return result;
                """);
        assertThat(result).as("the text as it is, without elements").isEqualTo("true 0");
    }

    @Test
    void isUsedWithTheKeyboardAndToldToScreenReaders() {
        String result = run("""
                const camera = drawing(320, 180);
                const publisher = await publish(room, "host", camera, { purpose: "main", label: "Alice" });
                const node = stage({ whep: `/live/${room}/whep` });
                await node.watch();
                await until("a tile", () => node.session.tracks.size === 1);
                const guest = await publish(room, "bob", drawing(160, 90), { label: "Bob" });
                await until("two tiles", () => tiles(node).length === 2);
                const announcer = node.shadowRoot.querySelector("[part=announcer]");
                await until("the newcomer is announced", () => announcer.textContent.includes("Bob joined"));
                guest.mute("video", true);
                await until("it is told", () => announcer.textContent.includes("Bob camera off"));

                const stops = () => tiles(node).filter(({ tabIndex }) => tabIndex === 0).length;
                const key = (name) => node.shadowRoot.activeElement.dispatchEvent(
                  new KeyboardEvent("keydown", { key: name, bubbles: true, composed: true, cancelable: true }));
                const focused = () => node.shadowRoot.activeElement.getAttribute("aria-label");
                const told = [stops()];
                tiles(node).find(({ tabIndex }) => tabIndex === 0).focus();
                told.push(focused());
                key("ArrowRight");
                told.push(focused(), stops());
                key("Enter");
                told.push(tiles(node)[1].getAttribute("part"));
                key("m");
                told.push(tiles(node)[1].querySelector("[part~=silence]").getAttribute("aria-pressed"));
                key("Escape");
                told.push(tiles(node)[1].getAttribute("part"));
                const unnamed = [...node.shadowRoot.querySelectorAll("button, input, select")].filter((control) =>
                  !control.getAttribute("aria-label") && !control.textContent);
                told.push(unnamed.length);
                await Promise.all([publisher.close(), guest.close(), node.leave()]);
                return told.join("|");
                """);
        assertThat(result).isEqualTo("1|Alice|Bob, Camera off|1|tile main pinned|true|tile|0");
    }

    @Test
    void setsVolumesAndShowsWhoSpeaks() {
        String result = run("""
                const publisher = await publish(room, "host", await tributary.openDevices(), { purpose: "main" });
                const node = stage({ whep: `/live/${room}/whep`, volume: "0.5" });
                await node.watch();
                const video = await until("it plays", () => tiles(node)[0]?.querySelector("video"));
                await until("the fake microphone beeps", () => tiles(node)[0].getAttribute("part").includes("speaking"));
                const slider = tiles(node)[0].querySelector("[part=volume]");
                slider.value = "0.5";
                slider.dispatchEvent(new Event("input"));
                const quarter = video.volume;
                node.volume = 1;
                const half = video.volume;
                tiles(node)[0].querySelector("[part~=silence]").click();
                const result = `${quarter} ${half} ${video.muted}`;
                publisher.mute("audio", true);
                await until("silence", () => !tiles(node)[0].getAttribute("part").includes("speaking"));
                await Promise.all([publisher.close(), node.leave()]);
                return result;
                """);
        assertThat(result).isEqualTo("0.25 0.5 true");
    }

    @Test
    void takesThePagesStyle() {
        String result = run("""
                const publisher = await publish(room, "host", drawing(320, 180), { purpose: "main", label: "Alice" });
                const node = stage({ whep: `/live/${room}/whep` });
                await node.watch();
                await until("a tile", () => tiles(node).length === 1);
                const grid = getComputedStyle(node.shadowRoot.querySelector("[part=grid]"));
                const label = getComputedStyle(tiles(node)[0].querySelector("[part=label]"));
                const result = `${grid.rowGap} ${label.textTransform}`;
                await Promise.all([publisher.close(), node.leave()]);
                return result;
                """);
        assertThat(result).isEqualTo("13px uppercase");
    }

    @Test
    void waitsForAPublisherAndShowsThem() {
        String result = run("""
                const node = stage({ whep: `/live/${room}/whep` });
                await node.watch();
                const notice = node.shadowRoot.querySelector("[part=notice]").textContent;
                const publisher = await publish(room, "host", drawing(320, 180), { purpose: "main" });
                await until("it plays by itself", () => tiles(node)[0]?.querySelector("video").videoWidth === 320);
                await Promise.all([publisher.close(), node.leave()]);
                return notice;
                """);
        assertThat(result).isEqualTo("Nobody is live yet. This page waits.");
    }

    @Test
    void asksForNoMoreThanIsShown() {
        String result = run("""
                const publisher = await publish(room, "host", drawing(320, 180), { purpose: "main" });
                const node = stage({ whep: `/live/${room}/whep` });
                node.style.inlineSize = "300px";
                await node.watch();
                await until("a tile", () => node.session.tracks.size === 1);
                const asked = [];
                const { control } = node.session;
                const ask = control.ask.bind(control);
                control.ask = (message) => (asked.push(message.op), ask(message));
                const spacer = document.createElement("div");
                spacer.style.blockSize = "5000px";
                document.body.prepend(spacer);
                const video = () => [...node.session.tracks.values()].find(({ kind }) => kind === "video");
                await until("out of sight is paused", () => video().paused);
                spacer.remove();
                await until("in sight goes on", () => !video().paused);
                await moreFrames(node.session);
                await Promise.all([publisher.close(), node.leave()]);
                return asked.join();
                """);
        assertThat(result).endsWith("pause,resume");
    }

    // ---- coming back ----

    @Test
    void findsANewPathWithinTheSameSession() {
        String result = run("""
                const publisher = await publish(room, "host", drawing(320, 180), { purpose: "main" });
                const viewer = await new tributary.WatchSession(`/live/${room}/whep`).start();
                await moreFrames(viewer);
                const results = [];
                for (const session of [viewer, publisher]) {
                  const { url, etag } = session.http;
                  const ufrag = /a=ice-ufrag:(.*)/.exec(session.pc.remoteDescription.sdp)[1];
                  await session.restart();
                  await moreFrames(viewer);
                  const now = /a=ice-ufrag:(.*)/.exec(session.pc.remoteDescription.sdp)[1];
                  results.push(session.http.url === url, session.http.etag !== etag, now !== ufrag);
                }
                const guest = await publish(room, "bob", drawing(160, 90));
                await until("offers go on afterwards", () => viewer.tracks.size === 2 && viewer.offersAnswered > 0);
                await Promise.all([publisher.close(), viewer.close(), guest.close()]);
                return results.join();
                """);
        assertThat(result).isEqualTo("true,true,true,true,true,true");
    }

    @Test
    void comesAgainWhenTheServerLosesTheSession() {
        String result = run("""
                const publisher = await publish(room, "host", drawing(320, 180), { purpose: "main" });
                const viewer = await new tributary.WatchSession(`/live/${room}/whep`).start();
                await moreFrames(viewer);
                const states = [];
                viewer.addEventListener("state", ({ detail }) => states.push(detail));
                const gone = viewer.http.url;
                await fetch(gone, { method: "DELETE" });
                await until("a new session", () => viewer.state === "connected" && viewer.http.url !== gone, 30_000);
                await moreFrames(viewer);
                await Promise.all([publisher.close(), viewer.close()]);
                return states.join();
                """);
        assertThat(result).isEqualTo("reconnecting,connected,closed");
    }

    @Test
    void resumesOnANewControlChannel() {
        String result = run("""
                const publisher = await publish(room, "host", drawing(320, 180), { purpose: "main" });
                const viewer = await new tributary.WatchSession(`/live/${room}/whep`).start();
                await until("greeted", () => viewer.tracks.size === 1);
                const old = viewer.control.channel;
                const { session } = viewer.control;
                old.close();
                await until("another channel", () => viewer.control.isOpen && viewer.control.channel !== old);
                publisher.mute("video", true);
                await until("news arrive on it", () => [...viewer.tracks.values()][0].muted);
                const result = `${viewer.control.session === session} ${viewer.state}`;
                await Promise.all([publisher.close(), viewer.close()]);
                return result;
                """);
        assertThat(result).isEqualTo("true connected");
    }

    @Test
    void saysGoodbyeWhenThePageGoes() {
        run("""
                const publisher = await publish(room, "host", drawing(320, 180), { purpose: "main" });
                const node = stage({ whep: `/live/${room}/whep` });
                await node.watch();
                await until("connected", () => node.session.state === "connected");
                return "";
                """);
        page.open("about:blank");
        long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
        while (server.sessions() > 0 && System.nanoTime() - end < 0) {
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
        }
        assertThat(server.sessions()).isZero();
    }

    // ---- plain servers ----

    @Test
    void worksAgainstAPlainServer() {
        String result = run("""
                const publisher = await new tributary.PublishSession(`/plain/${room}/whip`, drawing(320, 180),
                  { token: "host", purpose: "main" }).start();
                const node = stage({ whep: `/plain/${room}/whep` });
                await node.watch();
                await until("it plays", () => tiles(node)[0]?.querySelector("video").videoWidth === 320);
                const channels = `${node.session.control.channel} ${publisher.control.channel}`;
                const refused = await publisher.shareScreen(drawing(64, 64)).catch((error) => error.message);
                await Promise.all([publisher.close(), node.leave()]);
                return `${channels} ${tiles(node).length} ${refused}`;
                """);
        assertThat(result).isEqualTo("null null 0 This server does not take further tracks in a running session");
    }

    @Test
    void leavesTheDataChannelOutWhereAServerRefusesIt() {
        String result = run("""
                const publisher = await new tributary.PublishSession(`/picky/${room}/whip`, drawing(320, 180),
                  { token: "host", purpose: "main" }).start();
                const viewer = await new tributary.WatchSession(`/picky/${room}/whep`).start();
                await moreFrames(viewer);
                const offers = [publisher, viewer].map(({ pc }) => /^m=application/m.test(pc.localDescription.sdp));
                await Promise.all([publisher.close(), viewer.close()]);
                return offers.join();
                """);
        assertThat(result).isEqualTo("false,false");
    }

    @Test
    void answersACounterOffer() {
        String result = run("""
                const publisher = await publish(room, "host", drawing(320, 180), { purpose: "main" });
                class Choosy extends tributary.WatchSession {
                  prepare(pc, offers) {
                    super.prepare(pc, false);
                    if (offers) {
                      const { codecs } = RTCRtpReceiver.getCapabilities("video");
                      const video = pc.addTransceiver("video", { direction: "recvonly" });
                      video.setCodecPreferences(codecs.filter(({ mimeType }) => mimeType === "video/AV1"));
                    }
                  }
                }
                const viewer = await new Choosy(`/counter/${room}/whep`).start();
                await moreFrames(viewer);
                const first = /^a=rtpmap:\\d+ (\\w+)/m.exec(viewer.pc.remoteDescription.sdp)[1];
                const result = `${viewer.pc.remoteDescription.type} ${first} ${viewer.offersAnswered}`;
                await Promise.all([publisher.close(), viewer.close()]);
                return result;
                """);
        assertThat(result)
                .as("the server's description, its first codec, offers on the control channel")
                .isEqualTo("offer VP8 0");
    }
}
