// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import java.util.Arrays;
import java.util.List;
import org.openjdk.jmh.Main;

/**
 * The command of the runnable jar: JMH's own, with the garbage collector's profiler always on. Every option of JMH works;
 * {@code -h} lists them.
 */
public final class Benchmarks {
    private static final List<String> ALWAYS = List.of("-prof", "gc");

    private Benchmarks() {}

    /** Runs the benchmarks that the arguments select, all of them when they select none. */
    public static void main(String[] arguments) throws Exception {
        String[] all = Arrays.copyOf(arguments, arguments.length + ALWAYS.size());
        for (int i = 0; i < ALWAYS.size(); i++) {
            all[arguments.length + i] = ALWAYS.get(i);
        }
        Main.main(all);
    }
}
