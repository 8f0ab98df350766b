// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.sidebyside;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * What a comparison found.
 *
 * @param name what the command calls it
 * @param title what people read above it
 * @param rows by operation, ours first within each
 */
public record Comparison(String name, String title, List<Row> rows) {
    public Comparison {
        rows = List.copyOf(rows);
    }

    /**
     * One contender at one operation. Middle, lowest and highest of its slices.
     *
     * @param nanos time for one operation
     * @param bytes allocated for one operation; not a number where the contender does not tell
     * @param ratio how many times as long as ours it took, slice against the slice of the same round
     */
    public record Row(String operation, String contender, Spread nanos, double bytes, Spread ratio) {
        /** One contender's slices against ours, round by round. */
        public static Row of(String operation, String contender, List<Sample> samples, List<Sample> ours) {
            List<Double> ratios = new ArrayList<>();
            for (int i = 0; i < samples.size(); i++) {
                ratios.add(samples.get(i).nanos() / ours.get(i).nanos());
            }
            return new Row(
                    operation,
                    contender,
                    Spread.of(samples.stream().mapToDouble(Sample::nanos)),
                    Spread.of(samples.stream().mapToDouble(Sample::bytes)).median(),
                    Spread.of(ratios.stream().mapToDouble(Double::doubleValue)));
        }
    }

    /** The middle of some figures, and how far they lie apart. */
    public record Spread(double median, double lowest, double highest) {
        /** Of at least one figure. */
        public static Spread of(DoubleStream figures) {
            double[] sorted = figures.sorted().toArray();
            int half = sorted.length / 2;
            double median = sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
            return new Spread(median, sorted[0], sorted[sorted.length - 1]);
        }
    }

    /** A table in Markdown, as {@code docs/performance.md} shows it. */
    public String markdown() {
        StringBuilder table = new StringBuilder(
                "| operation | contender | ns, middle (lowest to highest) | bytes | time against ours |\n|---|---|---:|---:|---:|\n");
        for (Row row : rows) {
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s (%s to %s) | %s | %.2f (%.2f to %.2f) |\n",
                    row.operation(),
                    row.contender(),
                    figure(row.nanos().median()),
                    figure(row.nanos().lowest()),
                    figure(row.nanos().highest()),
                    Double.isNaN(row.bytes()) ? "–" : String.format(Locale.ROOT, "%,.0f", row.bytes()),
                    row.ratio().median(),
                    row.ratio().lowest(),
                    row.ratio().highest()));
        }
        return table.toString();
    }

    /** For programs: everything, as maps and lists that a JSON writer takes. */
    public Map<String, Object> toJson() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("name", name);
        all.put("title", title);
        all.put("java", Runtime.version().toString());
        all.put("processors", Runtime.getRuntime().availableProcessors());
        all.put("rows", rows);
        return all;
    }

    /** Operations in the order shown, with their rows. */
    Map<String, List<Row>> byOperation() {
        Map<String, List<Row>> groups = new LinkedHashMap<>();
        rows.forEach(row -> groups.computeIfAbsent(row.operation(), key -> new ArrayList<>())
                .add(row));
        return groups;
    }

    static String figure(double nanos) {
        return String.format(Locale.ROOT, nanos < 100 ? "%,.1f" : "%,.0f", nanos);
    }
}
