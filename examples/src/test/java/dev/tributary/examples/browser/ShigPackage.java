// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.browser;

import dev.tributary.testkit.foreign.ForeignProgram;
import dev.tributary.testkit.foreign.Installed;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The one release of Shig's client that npm has, as it was published, with the Angular that it asks for; esbuild puts the
 * files together. Nothing of it is in this repository.
 */
final class ShigPackage {
    private static final String VERSION = "0.0.2";
    private static final String ANGULAR = "17.3.12";
    private static final Path FOLDER = Path.of("target", "shig-core-" + VERSION).toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private ShigPackage() {}

    /** The bundle as one script; the test is skipped where npm cannot bring it. */
    static synchronized Path script() {
        Path script = FOLDER.resolve("lobby.js");
        if (Files.isRegularFile(script)) {
            return script;
        }
        String npm = Installed.command("npm", "apt-get install npm").toString();
        try {
            Files.createDirectories(FOLDER);
            run("@shigde/core " + VERSION, install(npm));
            try (InputStream main = ShigPackage.class.getResourceAsStream("shig-main.mjs")) {
                Files.copy(main, FOLDER.resolve("shig-main.mjs"), StandardCopyOption.REPLACE_EXISTING);
            }
            run(
                    "esbuild",
                    List.of(
                            FOLDER.resolve("node_modules/.bin/esbuild").toString(),
                            "shig-main.mjs",
                            "--bundle",
                            "--format=iife",
                            "--log-level=error",
                            "--outfile=lobby.js"));
            return script;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> install(String npm) {
        return List.of(
                npm,
                "install",
                "--prefix",
                FOLDER.toString(),
                "--no-save",
                "--no-audit",
                "--no-fund",
                "--legacy-peer-deps",
                "@shigde/core@" + VERSION,
                "@angular/common@" + ANGULAR,
                "@angular/core@" + ANGULAR,
                "@angular/animations@" + ANGULAR,
                "@angular/compiler@" + ANGULAR,
                "@angular/elements@" + ANGULAR,
                "@angular/forms@" + ANGULAR,
                "@angular/platform-browser@" + ANGULAR,
                "@angular/platform-browser-dynamic@" + ANGULAR,
                "@angular/router@" + ANGULAR,
                "dexie@3.2.4",
                "sdp-transform@2.14.1",
                "rxjs@7.8.1",
                "zone.js@0.14.4",
                "esbuild@0.21.5");
    }

    private static void run(String what, List<String> command) {
        try (ForeignProgram program = ForeignProgram.start(what, command, FOLDER, Map.of())) {
            boolean done = program.awaitEnd(PATIENCE) == 0;
            Installed.assume(done, what, String.join(" ", command) + " (says " + program.lines() + ")");
        }
    }
}
