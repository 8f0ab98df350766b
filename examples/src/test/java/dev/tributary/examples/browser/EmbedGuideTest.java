// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.testkit.foreign.ForeignProgram;
import dev.tributary.testkit.foreign.Installed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples of docs/guides/embed.md, run as they stand there. */
@Timeout(240)
class EmbedGuideTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Path GUIDE = Path.of("..", "docs", "guides", "embed.md");
    private static final Path FOLDER = Path.of("target", "embed-guide").toAbsolutePath();
    private static final Pattern BLOCK = Pattern.compile("^```(\\w+)\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final List<String> PACKAGES =
            List.of("react@18.3.1", "react-dom@18.3.1", "vue@3.4.38", "esbuild@0.21.5");
    private static final String STAGE = "document.querySelector('tributary-stage')";
    private static final String PLAYS = STAGE + "?.shadowRoot?.querySelector('[part~=tile] video')?.videoWidth > 0";

    private record Block(String language, String text) {}

    private static List<Block> blocks() throws IOException {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(Files.readString(GUIDE));
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(1), matcher.group(2)));
        }
        return blocks;
    }

    @Test
    void everyExampleShowsTheStage() throws IOException {
        Installed.assume(Chromium.isInstalled(), "Chromium and its driver", "apt-get install chromium chromium-driver");
        List<Block> blocks = blocks();
        assertThat(blocks).extracting(Block::language).containsExactly("html", "html", "jsx", "js");
        try (ClientServer server = new ClientServer();
                Chromium host = Chromium.start();
                Chromium page = Chromium.start()) {
            host.open(server.page());
            host.awaitTrue("the page is ready", "globalThis.ready", PATIENCE);
            host.evaluate("publish('alice', 'host', drawing(320, 180), { purpose: 'main', label: 'Alice' })"
                    + ".then(() => true)");

            server.show("/server.html", blocks.get(0).text());
            page.open(server.page("server.html"));
            page.awaitTrue("a server-rendered page plays", PLAYS, PATIENCE);

            server.show("/onstage.html", blocks.get(1).text());
            page.open(server.page("onstage.html"));
            page.awaitTrue("it plays", PLAYS, PATIENCE);
            page.evaluate("(" + STAGE + ".shadowRoot.querySelector('[part~=join]').click(), true)");
            page.awaitTrue(
                    "who is on stage is told", "document.querySelector('#who').textContent === 'Alice, Bob'", PATIENCE);

            installPackages();
            for (int i = 2; i < blocks.size(); i++) {
                String script = bundle(i, blocks.get(i));
                server.show("/app.html", "<!doctype html><div id=app></div><script>" + script + "</script>");
                page.open(server.page("app.html"));
                page.awaitTrue(blocks.get(i).language() + " plays", PLAYS, PATIENCE);
                page.awaitTrue(
                        blocks.get(i).language() + " counts",
                        "document.querySelector('#people').textContent === '1 on stage'",
                        PATIENCE);
            }
        }
    }

    private static void installPackages() throws IOException {
        if (Files.isDirectory(FOLDER.resolve("node_modules").resolve("vue"))) {
            return;
        }
        Files.createDirectories(FOLDER);
        List<String> command = new ArrayList<>(List.of(
                Installed.command("npm", "apt-get install npm").toString(),
                "install",
                "--prefix",
                FOLDER.toString(),
                "--no-save",
                "--no-audit",
                "--no-fund"));
        command.addAll(PACKAGES);
        run("React and Vue", command);
    }

    private static String bundle(int index, Block block) throws IOException {
        Path source = FOLDER.resolve("example-" + index + "." + block.language());
        Path out = FOLDER.resolve("example-" + index + ".out.js");
        Files.writeString(source, block.text());
        run(
                "esbuild",
                List.of(
                        FOLDER.resolve("node_modules/.bin/esbuild").toString(),
                        source.toString(),
                        "--bundle",
                        "--format=iife",
                        "--jsx=automatic",
                        "--define:process.env.NODE_ENV=\"production\"",
                        "--external:/tributary/*",
                        "--log-level=error",
                        "--outfile=" + out));
        // A closing tag inside of a string would end the script that it stands in.
        return Files.readString(out).replace("</script", "<\\/script");
    }

    private static void run(String what, List<String> command) {
        try (ForeignProgram program = ForeignProgram.start(what, command, FOLDER, Map.of())) {
            boolean done = program.awaitEnd(Duration.ofMinutes(2)) == 0;
            Installed.assume(done, what, String.join(" ", command) + " (says " + program.lines() + ")");
        }
    }
}
