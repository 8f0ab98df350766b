// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.testkit.foreign.Installed;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Shig's client on a stage of ours, together with our own. npm has one release of it, from before it could mute and leave;
 * those, and the dialect of version 1.0, are shown by a client of our own that talks as the later ones do.
 */
@Timeout(240)
class ShigClientTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static Chromium ours;

    private ClientServer server;

    @BeforeAll
    static void start() {
        Installed.assume(Chromium.isInstalled(), "Chromium and its driver", "apt-get install chromium chromium-driver");
        ours = Chromium.start();
    }

    @AfterAll
    static void stop() {
        if (ours != null) {
            ours.close();
        }
    }

    @BeforeEach
    void startServer() {
        server = new ClientServer();
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    private static String run(String statements) {
        String result = ours.evaluate("(async () => {" + statements + "})()").asString();
        assertThat(result).as(statements).doesNotStartWith("failed: ");
        return result;
    }

    private void openOurs(String room) {
        ours.open(server.page());
        ours.awaitTrue("the page is ready", "globalThis.ready", PATIENCE);
        ours.evaluate("(globalThis.room = '" + room + "')");
    }

    @Test
    void thePublishedComponentJoinsPublishesAndReceives() {
        assertThat(ShigPackage.script()).isRegularFile();
        openOurs("published");
        try (Chromium shig = Chromium.start()) {
            shig.open(server.page("shig.html"));
            shig.awaitTrue("the component is there", "!!customElements.get('shig-lobby')", PATIENCE);
            shig.evaluate("lobby({ room: 'published', token: 'alice' })");
            shig.awaitTrue("its camera is on and it joins", "pressed('Join')", PATIENCE);
            shig.awaitTrue(
                    "it is in the lobby",
                    "[...document.querySelectorAll('button')].some((b) => b.textContent.trim() === 'Start')",
                    PATIENCE);

            String tile = run("""
                    globalThis.node = stage({ whep: `/live/${room}/whep` });
                    await node.watch();
                    await until("its picture", () => tiles(node)[0]?.querySelector("video").videoWidth > 0);
                    await moreFrames(node.session);
                    return tiles(node)[0].dataset.purpose;
                    """);
            assertThat(tile).isEqualTo("guest");

            for (String guest : new String[] {"bob", "carol"}) {
                run("globalThis." + guest + " = await publish(room, '" + guest
                        + "', drawing(320, 180), { label: 'B b' }); return ''");
            }
            shig.awaitTrue("it shows both", "others().length === 2 && others().every((w) => w > 0)", PATIENCE);
            run("await bob.close(); return ''");
            shig.awaitTrue("one of them left", "others().length === 1", PATIENCE);
            run("globalThis.dave = await publish(room, 'dave', drawing(320, 180)); return ''");
            shig.awaitTrue("another one came", "others().length === 2 && others().every((w) => w > 0)", PATIENCE);
            assertThat(server.inLobbies()).isEqualTo(1);
        }
        run("await Promise.all([carol.close(), dave.close(), node.leave()]); return ''");
    }

    @ParameterizedTest
    @ValueSource(strings = {"y2024", "v1"})
    void bothDialectsJoinPublishReceiveMuteAndLeave(String dialect) {
        openOurs("dialect-" + dialect);
        String told = run("""
                const { ShigClient } = await import("/shig-dialects.js");
                const client = new ShigClient("%s", { room, token: "alice" });
                const told = [];
                await client.join(drawing(320, 180));
                told.push(`alone ${client.received().length}`);

                const node = stage({ whep: `/live/${room}/whep` });
                await node.watch();
                await until("its picture", () => tiles(node)[0]?.querySelector("video").videoWidth > 0);

                const bob = await publish(room, "bob", drawing(320, 180), { label: "Bob B" });
                await until("it receives Bob", async () => (await client.frames()) > 5);
                told.push(client.received().join());

                client.mute("0", true);
                await until("its mute shows", () => tiles(node).some(({ textContent }) => textContent.includes("Camera off")));
                bob.mute("video", true);
                await until("it hears of a mute", () => client.mutes.length > 0);
                told.push(client.mutes.join().replace(/^\\d+/, "mid"));

                const carol = await publish(room, "carol", drawing(320, 180));
                await until("an offer tells of both", () => client.received().length === 2);
                await bob.close();
                await until("one is gone", () => client.received().length === 1);

                await client.leave();
                await until("its tile goes", () => tiles(node).length === 1);
                const again = await client.call("POST", "whep", "").catch((error) => error.message);
                told.push(again.slice(0, 14));
                await Promise.all([carol.close(), node.leave()]);
                return told.join("|");
                """.formatted(dialect));
        assertThat(told).isEqualTo("alone 0|1 2 Bob_B|mid true|POST whep: 403");
        assertThat(server.inLobbies()).isZero();
    }
}
