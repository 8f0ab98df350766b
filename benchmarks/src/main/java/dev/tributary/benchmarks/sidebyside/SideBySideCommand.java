// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.sidebyside;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The command {@code side-by-side <name> [rounds]}: runs a comparison and leaves a table, JSON and a graph beside each other
 * in {@code target/side-by-side}.
 */
public final class SideBySideCommand {
    private final Map<String, Supplier<SideBySide>> comparisons;
    private final PrintStream out;
    private final Path folder;

    /**
     * A command that knows some comparisons.
     *
     * @param comparisons by name; made only when asked for, since making one may compile other people's software
     * @param out where it tells how far it is
     * @param folder where it writes
     */
    public SideBySideCommand(Map<String, Supplier<SideBySide>> comparisons, PrintStream out, Path folder) {
        this.comparisons = comparisons;
        this.out = out;
        this.folder = folder;
    }

    /**
     * Runs it.
     *
     * @param arguments the name of a comparison, then perhaps the number of rounds
     * @return the exit code
     */
    public int run(List<String> arguments) throws IOException {
        Supplier<SideBySide> chosen = arguments.isEmpty() ? null : comparisons.get(arguments.get(0));
        if (chosen == null) {
            out.println("Name one comparison: " + String.join(", ", comparisons.keySet()));
            return 2;
        }
        int rounds = arguments.size() > 1 ? Integer.parseInt(arguments.get(1)) : SideBySide.ROUNDS;
        Comparison found = chosen.get().run(rounds, out::println);
        SideBySideReport.write(found, found.markdown(), folder, out);
        return 0;
    }
}
