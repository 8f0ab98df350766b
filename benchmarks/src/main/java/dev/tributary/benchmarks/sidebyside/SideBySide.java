// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.sidebyside;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A comparison: some operations, each done by several contenders of whom the first is ours. Immutable.
 *
 * @param name what the command calls it
 * @param title what people read above its tables and graphs
 * @param operations contenders by operation, in the order to show
 */
public record SideBySide(String name, String title, Map<String, List<Contender>> operations) {
    /** Slices that each contender gets when nothing else is said: there, back, there, back. */
    public static final int ROUNDS = 4;

    public SideBySide {
        operations = new LinkedHashMap<>(operations);
        operations.forEach((operation, contenders) -> {
            if (contenders.isEmpty()) {
                throw new IllegalArgumentException(operation + " has no contender");
            }
        });
    }

    /** A comparison without operations. */
    public static SideBySide of(String name, String title) {
        return new SideBySide(name, title, Map.of());
    }

    /** The same with one more operation. The first contender is the one that the others are compared with. */
    public SideBySide operation(String operation, List<Contender> contenders) {
        Map<String, List<Contender>> more = new LinkedHashMap<>(operations);
        more.put(operation, List.copyOf(contenders));
        return new SideBySide(name, title, more);
    }

    /**
     * Measures. Operations follow each other; within one, contenders take turns, every other round in reverse order.
     *
     * @param rounds slices for each contender; at least 1
     * @param progress told in words what was found, slice by slice
     */
    public Comparison run(int rounds, Consumer<String> progress) {
        List<Comparison.Row> rows = new ArrayList<>();
        operations.forEach((operation, contenders) -> rows.addAll(run(operation, contenders, rounds, progress)));
        return new Comparison(name, title, rows);
    }

    private List<Comparison.Row> run(
            String operation, List<Contender> contenders, int rounds, Consumer<String> progress) {
        List<List<Sample>> samples = new ArrayList<>();
        contenders.forEach(contender -> samples.add(new ArrayList<>()));
        for (int round = 0; round < rounds; round++) {
            for (int turn = 0; turn < contenders.size(); turn++) {
                int which = round % 2 == 0 ? turn : contenders.size() - 1 - turn;
                Contender contender = contenders.get(which);
                Sample sample = contender.measure();
                samples.get(which).add(sample);
                progress.accept(String.format(
                        Locale.ROOT,
                        "%s, %s, round %d of %d: %,.1f ns",
                        operation,
                        contender.name(),
                        round + 1,
                        rounds,
                        sample.nanos()));
            }
        }
        List<Comparison.Row> rows = new ArrayList<>();
        for (int i = 0; i < contenders.size(); i++) {
            rows.add(Comparison.Row.of(operation, contenders.get(i).name(), samples.get(i), samples.get(0)));
        }
        return rows;
    }
}
