// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.fediverse;

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

/** A small server of ours over Fedify, on a Node of the version that Fedify asks for; npm installs both into target. */
final class FedifyServer {
    private static final List<String> PACKAGES = List.of("@fedify/fedify@2.3.6", "node@22.22.0");
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private FedifyServer() {}

    static ForeignProgram start(int port) {
        Path folder = Path.of("target", "fedify").toAbsolutePath();
        try (InputStream script = FedifyServer.class.getResourceAsStream("fedify-server.mjs")) {
            Files.createDirectories(folder);
            if (script == null) {
                throw new IllegalStateException("no resource fedify-server.mjs");
            }
            Files.copy(script, folder.resolve("fedify-server.mjs"), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Path node = folder.resolve("node_modules/node/bin/node");
        if (!Files.isExecutable(node)) {
            install(folder);
        }
        return ForeignProgram.start(
                "Fedify",
                List.of(node.toString(), "fedify-server.mjs", String.valueOf(port)),
                folder,
                Map.of("NODE_ENV", "production"));
    }

    private static void install(Path folder) {
        String npm = Installed.command("npm", "apt-get install npm").toString();
        List<String> command = new java.util.ArrayList<>(
                List.of(npm, "install", "--no-audit", "--no-fund", "--prefix", folder.toString()));
        command.addAll(PACKAGES);
        try (ForeignProgram install = ForeignProgram.start("npm", command)) {
            int status = install.awaitEnd(PATIENCE);
            Installed.assume(status == 0, "Fedify from npm", String.join("\n", install.lines()));
        }
    }
}
