// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.servers;

import dev.tributary.benchmarks.load.LoadOptions;
import dev.tributary.benchmarks.load.LoadResult;
import dev.tributary.benchmarks.load.LoadRun;
import dev.tributary.benchmarks.load.LoadSecond;
import dev.tributary.testkit.foreign.ForeignProgram;
import dev.tributary.testkit.foreign.Pion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * A server with WHIP and WHEP that says {@code READY <port>} when it is up.
 *
 * @param command starts it
 */
record HttpContender(String name, List<String> command) implements ServerUnderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Ours, in a virtual machine of its own with a heap of fixed size, as an operator would run it. */
    static HttpContender tributary() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new HttpContender(
                "Tributary",
                List.of(
                        java,
                        "-Xms256m",
                        "-Xmx256m",
                        // So that memory grows by what a subscriber takes, and not by heap that is touched first.
                        "-XX:+AlwaysPreTouch",
                        "--add-opens=java.base/com.sun.crypto.provider=ALL-UNNAMED",
                        "--add-opens=java.base/sun.security.provider=ALL-UNNAMED",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.tributary.benchmarks.Benchmarks",
                        "server"));
    }

    /** A small SFU over Debian's Pion. */
    static HttpContender pion() {
        return new HttpContender(
                "Pion", List.of(Pion.build(HttpContender.class, "pion-sfu.go").toString()));
    }

    @Override
    public Running start(int rooms) {
        ForeignProgram program = ForeignProgram.start(name, command);
        String base = "http://127.0.0.1:" + program.awaitLine("READY", PATIENCE) + "/room{room}/";
        return new Running() {
            @Override
            public LoadResult load(LoadOptions options, Consumer<LoadSecond> progress) {
                return LoadRun.run(options.at(base + "whip", base + "whep", program.pid()), progress);
            }

            @Override
            public void close() {
                program.close();
            }
        };
    }
}
