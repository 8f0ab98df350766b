// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import dev.tributary.benchmarks.fediverse.FediverseCommand;
import dev.tributary.benchmarks.fediverse.FediverseServer;
import dev.tributary.benchmarks.gate.RegressionGate;
import dev.tributary.benchmarks.load.LoadCommand;
import dev.tributary.benchmarks.servers.ServersCommand;
import dev.tributary.benchmarks.servers.TributaryServer;
import dev.tributary.benchmarks.sidebyside.SideBySideCommand;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.Main;

/**
 * The commands of the runnable jar, by name. Words that are no command go to JMH, with the garbage collector's profiler always
 * on ({@code -h} lists its options).
 *
 * <ul>
 *   <li>{@code side-by-side} compares with other people's libraries
 *   <li>{@code handshakes} measures what DTLS costs a server, {@code lite-sessions} what many ICE sessions on one port do,
 *       {@code stun-cpu} what one check does
 *   <li>{@code load} puts a load on a server, {@code servers} on whole servers in turn; {@code server} is ours, to be loaded
 *   <li>{@code fediverse} measures inbox, delivery and documents of an instance, beside Fedify
 *   <li>{@code edge} opens and ends sessions at a rate through the HTTP edge
 *   <li>{@code gate} compares figures with those that are checked in
 * </ul>
 */
public final class Benchmarks {
    private static final PrintStream OUT = System.out;
    private static final Path RESULTS = Path.of("target", "side-by-side");
    private static final Path TARGET = Path.of("target");
    private static final List<String> ALWAYS = List.of("-prof", "gc");
    private static final List<String> AS_JSON =
            List.of("-rf", "json", "-rff", TARGET.resolve("jmh.json").toString());
    private static final Map<String, Command> COMMANDS = Map.of(
            "side-by-side", words -> new SideBySideCommand(Comparisons.all(), OUT, RESULTS).run(words),
            "handshakes",
                    words -> {
                        Handshakes.run(words, OUT);
                        return 0;
                    },
            "lite-sessions",
                    words -> {
                        LiteSessions.command(words, OUT);
                        return 0;
                    },
            "stun-cpu",
                    words -> {
                        StunProcessorTime.run(OUT);
                        return 0;
                    },
            "fediverse", words -> new FediverseCommand(OUT).run(words),
            "fediverse-server",
                    words -> {
                        FediverseServer.run(words, OUT);
                        return 0;
                    },
            "gate", words -> new RegressionGate(OUT).run(words),
            "load", words -> new LoadCommand(OUT).run(words),
            "servers", words -> new ServersCommand(OUT, RESULTS).run(words),
            "server",
                    words -> {
                        TributaryServer.run(words, OUT);
                        return 0;
                    });
    private static final Map<String, Command> EDGE_COMMANDS =
            Map.of("edge", words -> WhipEdge.run(words, OUT), "edge-server", words -> WhipEdge.serve(OUT));

    private Benchmarks() {}

    /** Takes the words after its name, and returns the exit code. */
    private interface Command {
        int run(List<String> words) throws Exception;
    }

    private static @Nullable Command command(String name) {
        Command command = COMMANDS.get(name);
        return command == null ? EDGE_COMMANDS.get(name) : command;
    }

    /** Runs what the arguments name, all JMH benchmarks when they name nothing. */
    public static void main(String[] arguments) throws Exception {
        // Whoever wants the libraries' log puts a provider on the class path; nobody else wants to read that there is
        // none.
        System.setProperty("slf4j.internal.verbosity", System.getProperty("slf4j.internal.verbosity", "ERROR"));
        List<String> words = List.of(arguments);
        Command command = words.isEmpty() ? null : command(words.get(0));
        if (command != null) {
            System.exit(command.run(words.subList(1, words.size())));
        }
        List<String> all = new ArrayList<>(words);
        all.addAll(ALWAYS);
        if (!words.contains("-rff") && !words.contains("-rf")) {
            Files.createDirectories(TARGET);
            all.addAll(AS_JSON);
        }
        Main.main(all.toArray(String[]::new));
    }
}
