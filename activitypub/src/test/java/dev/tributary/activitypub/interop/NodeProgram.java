// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.interop;

import dev.tributary.testkit.foreign.ForeignProgram;
import dev.tributary.testkit.foreign.Installed;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Our small programs over packages from npm, which are installed at exact versions into {@code target} when they are first
 * needed. A newer Node than the system's comes the same way. Where that does not work, tests are skipped, loudly.
 */
final class NodeProgram {
    private static final Map<String, String> PACKAGES = Map.of(
            "node", "22.22.0",
            "@fedify/fedify", "2.3.6",
            "@peertube/http-signature", "1.7.0",
            "@misskey-dev/node-http-message-signatures", "0.0.10");
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private NodeProgram() {}

    static ForeignProgram start(String script, String... arguments) {
        Path folder = Path.of("target", "npm").toAbsolutePath();
        try (InputStream source = NodeProgram.class.getResourceAsStream(script)) {
            Files.createDirectories(folder);
            Files.copy(source, folder.resolve(script), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        install(folder);
        List<String> command = new ArrayList<>();
        command.add(folder.resolve("node_modules/node/bin/node").toString());
        command.add(script);
        command.addAll(List.of(arguments));
        return ForeignProgram.start(script, command, folder, Map.of());
    }

    private static void install(Path folder) {
        if (PACKAGES.entrySet().stream().allMatch(one -> isThere(folder, one.getKey(), one.getValue()))
                && Files.isExecutable(folder.resolve("node_modules/node/bin/node"))) {
            return;
        }
        List<String> command = new ArrayList<>(List.of(
                Installed.command("npm", "apt-get install npm").toString(),
                "install",
                "--no-audit",
                "--no-fund",
                "--no-save",
                "--prefix",
                folder.toString()));
        PACKAGES.forEach((name, version) -> command.add(name + "@" + version));
        try (ForeignProgram npm = ForeignProgram.start("npm", command)) {
            int status = npm.awaitEnd(PATIENCE);
            Installed.assume(status == 0, PACKAGES + " from npm", String.join("\n", npm.lines()));
        }
        Installed.assume(
                Files.isExecutable(folder.resolve("node_modules/node/bin/node")), "Node 22", "a registry that has it");
    }

    private static boolean isThere(Path folder, String name, String version) {
        try {
            return Files.readString(folder.resolve("node_modules").resolve(name).resolve("package.json"))
                    .contains("\"version\": \"" + version + "\"");
        } catch (IOException e) {
            return false;
        }
    }
}
