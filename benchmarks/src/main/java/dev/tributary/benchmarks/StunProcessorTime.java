// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import com.sun.management.ThreadMXBean;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * The operations of {@link StunBenchmark} and {@link Ice4jBenchmark} measured as processor time of their thread, in turns: for
 * machines that are not idle, where JMH's clock on the wall counts what others do. What ice4j's garbage costs the collector's
 * threads is not in it.
 */
final class StunProcessorTime {
    private static final int ROUNDS = 8;
    private static final int CHECKS = 100_000;

    private StunProcessorTime() {}

    private interface Operation {
        Object answerCheck() throws Exception;
    }

    private record Contender(String name, Operation operation, List<Double> micros) {
        Contender(String name, Operation operation) {
            this(name, operation, new ArrayList<>());
        }
    }

    /** Measures, and prints the middle, the lowest and the highest of the rounds. */
    static void run(PrintStream report) throws Exception {
        StunBenchmark ours = new StunBenchmark();
        ours.write();
        Ice4jBenchmark ice4j = new Ice4jBenchmark();
        ice4j.write();
        List<Contender> contenders = List.of(
                new Contender("Tributary, the codec", ours::codec),
                new Contender("Tributary, the whole agent", ours::answerCheck),
                new Contender("ice4j, the codec", ice4j::answerCheck));
        for (Contender contender : contenders) {
            measure(contender.operation); // warm
        }
        List<Contender> turns = new ArrayList<>(contenders);
        for (int round = 0; round < ROUNDS; round++) {
            for (Contender contender : turns) {
                contender.micros.add(measure(contender.operation));
            }
            Collections.reverse(turns);
        }
        ice4j.close();
        double first = middle(contenders.get(0).micros);
        for (Contender contender : contenders) {
            report.printf(
                    Locale.ROOT,
                    "%s: %.2f us of processor time a check (%.2f to %.2f), %.1f times the first%n",
                    contender.name,
                    middle(contender.micros),
                    Collections.min(contender.micros),
                    Collections.max(contender.micros),
                    middle(contender.micros) / first);
        }
    }

    private static double measure(Operation operation) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < CHECKS; i++) {
            if (operation.answerCheck() == null) {
                throw new IllegalStateException("Not answered");
            }
        }
        return (threads.getCurrentThreadCpuTime() - before) / 1e3 / CHECKS;
    }

    private static double middle(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
    }
}
