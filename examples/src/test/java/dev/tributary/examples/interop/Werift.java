// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.interop;

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

/** Scripts over werift, a WebRTC stack in TypeScript, which npm brings into the build folder at one exact version. */
final class Werift {
    private static final String VERSION = "0.25.2";
    private static final Path FOLDER = Path.of("target", "werift-" + VERSION).toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private Werift() {}

    static ForeignProgram start(String script) {
        String node = Installed.command("node", "apt-get install nodejs").toString();
        String npm = Installed.command("npm", "apt-get install npm").toString();
        try {
            install(npm);
            Path file = FOLDER.resolve(script);
            try (InputStream source = Werift.class.getResourceAsStream(script)) {
                Files.copy(source, file, StandardCopyOption.REPLACE_EXISTING);
            }
            return ForeignProgram.start("werift", List.of(node, file.toString()), FOLDER, Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static synchronized void install(String npm) throws IOException {
        if (Files.isDirectory(FOLDER.resolve("node_modules").resolve("werift"))) {
            return;
        }
        Files.createDirectories(FOLDER);
        List<String> command =
                List.of(npm, "install", "--prefix", FOLDER.toString(), "--no-save", "--no-audit", "werift@" + VERSION);
        try (ForeignProgram install = ForeignProgram.start("npm", command, FOLDER, Map.of())) {
            boolean done = install.awaitEnd(PATIENCE) == 0;
            Installed.assume(
                    done, "werift " + VERSION, "npm install werift@" + VERSION + " (says " + install.lines() + ")");
        }
    }
}
