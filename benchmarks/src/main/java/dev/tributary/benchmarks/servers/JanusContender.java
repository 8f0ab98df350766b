// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.servers;

import dev.tributary.benchmarks.load.LoadOptions;
import dev.tributary.benchmarks.load.LoadResult;
import dev.tributary.benchmarks.load.LoadRun;
import dev.tributary.benchmarks.load.LoadSecond;
import dev.tributary.testkit.foreign.ForeignProgram;
import dev.tributary.testkit.foreign.Installed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Debian's Janus with its videoroom and nothing else, on loopback, with two event loops: the fastest way to run it. */
final class JanusContender implements ServerUnderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Path PARTS = Path.of("/usr/lib/x86_64-linux-gnu/janus");
    private static final String GENERAL = """
            general: {
              configs_folder = "%1$s"
              plugins_folder = "%1$s/plugins"
              transports_folder = "%1$s/transports"
              events_folder = "%1$s/none"
              loggers_folder = "%1$s/none"
              debug_level = 4
              event_loops = 2
            }
            nat: {
              ice_lite = true
              ice_enforce_list = "127.0.0.1"
              ice_ignore_list = "none"
            }
            """;
    private static final String HTTP = """
            general: { json = "compact", base_path = "/janus", http = true, port = %d, interface = "lo", https = false }
            admin: { admin_http = false, admin_https = false }
            """;
    private static final String ROOM = """
            room-%d: { description = "load", publishers = 10, bitrate = 0, audiocodec = "opus", videocodec = "%s" }
            """;

    private final Path janus;
    private final String codec;

    /**
     * A contender.
     *
     * @param codec of the pictures
     * @throws org.opentest4j.TestAbortedException when Janus is not installed
     */
    JanusContender(String codec) {
        this.janus = Installed.command("janus", "apt-get install janus");
        this.codec = codec;
    }

    @Override
    public String name() {
        return "Janus";
    }

    @Override
    public Running start(int rooms) {
        try {
            Path folder = Files.createTempDirectory("janus");
            int port = freePort();
            // Only what is linked here is loaded.
            Files.createDirectory(folder.resolve("none"));
            link(folder, "plugins", "libjanus_videoroom.so");
            link(folder, "transports", "libjanus_http.so");
            Path general = Files.writeString(folder.resolve("janus.jcfg"), String.format(Locale.ROOT, GENERAL, folder));
            Files.writeString(folder.resolve("janus.transport.http.jcfg"), String.format(Locale.ROOT, HTTP, port));
            StringBuilder all = new StringBuilder("general: { }\n");
            for (int room = 1; room <= rooms; room++) {
                all.append(String.format(Locale.ROOT, ROOM, room, codec.toLowerCase(Locale.ROOT)));
            }
            Files.writeString(folder.resolve("janus.plugin.videoroom.jcfg"), all);
            ForeignProgram program = ForeignProgram.start(
                    "Janus", List.of(janus.toString(), "-F", folder.toString(), "-C", general.toString()));
            program.awaitLine(line -> line.contains("HTTP webserver started"), "that it is ready", PATIENCE);
            return new JanusRunning(program, URI.create("http://127.0.0.1:" + port + "/janus"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot set up Janus", e);
        }
    }

    private static void link(Path folder, String parts, String library) throws IOException {
        Files.createDirectory(folder.resolve(parts));
        Files.createSymbolicLink(
                folder.resolve(parts).resolve(library), PARTS.resolve(parts).resolve(library));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private record JanusRunning(ForeignProgram program, URI api) implements Running {
        @Override
        public LoadResult load(LoadOptions options, Consumer<LoadSecond> progress) {
            try (JanusClient client = new JanusClient(api)) {
                return LoadRun.run(options.at("janus", "janus", program.pid()), client::signalling, progress);
            }
        }

        @Override
        public void close() {
            program.close();
        }
    }
}
