// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import dev.tributary.benchmarks.sidebyside.SideBySideCommand;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.openjdk.jmh.Main;

/**
 * The command of the runnable jar. {@code side-by-side <name>} compares with other people's libraries; {@code handshakes}
 * measures what DTLS costs a server; anything else goes to JMH, with the garbage collector's profiler always on ({@code -h}
 * lists its options).
 */
public final class Benchmarks {
    private static final List<String> ALWAYS = List.of("-prof", "gc");
    private static final String SIDE_BY_SIDE = "side-by-side";
    private static final String HANDSHAKES = "handshakes";

    private Benchmarks() {}

    /** Runs what the arguments name, all JMH benchmarks when they name nothing. */
    public static void main(String[] arguments) throws Exception {
        List<String> words = Arrays.asList(arguments);
        if (!words.isEmpty() && words.get(0).equals(SIDE_BY_SIDE)) {
            Path folder = Path.of("target", SIDE_BY_SIDE);
            System.exit(
                    new SideBySideCommand(Comparisons.all(), System.out, folder).run(words.subList(1, words.size())));
        }
        if (!words.isEmpty() && words.get(0).equals(HANDSHAKES)) {
            Handshakes.run(words.subList(1, words.size()), System.out);
            return;
        }
        List<String> all = new ArrayList<>(words);
        all.addAll(ALWAYS);
        Main.main(all.toArray(String[]::new));
    }
}
