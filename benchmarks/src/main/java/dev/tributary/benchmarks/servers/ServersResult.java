// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.servers;

import dev.tributary.benchmarks.load.LoadResult;
import dev.tributary.benchmarks.sidebyside.Comparison;
import dev.tributary.benchmarks.sidebyside.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What whole servers did under the same loads. */
final class ServersResult {
    private final Map<String, Map<String, List<LoadResult>>> byScenario = new LinkedHashMap<>();

    void add(String scenario, String server, LoadResult result) {
        byScenario
                .computeIfAbsent(scenario, key -> new LinkedHashMap<>())
                .computeIfAbsent(server, key -> new ArrayList<>())
                .add(result);
    }

    /** Processor time of the server for each packet forwarded, as a comparison. */
    Comparison comparison() {
        List<Comparison.Row> rows = new ArrayList<>();
        byScenario.forEach((scenario, servers) -> {
            List<Sample> ours = samples(servers.values().iterator().next());
            servers.forEach(
                    (server, results) -> rows.add(Comparison.Row.of(title(scenario), server, samples(results), ours)));
        });
        return new Comparison("servers", "Server's processor time for each packet forwarded", rows);
    }

    private static List<Sample> samples(List<LoadResult> results) {
        return results.stream()
                .map(result -> new Sample(result.serverMicrosPerPacket() * 1_000, Double.NaN))
                .toList();
    }

    private static String title(String scenario) {
        String[] parts = scenario.split("x");
        return parts.length == 1
                ? "1 publisher to " + scenario
                : parts[0] + " rooms of 1 publisher and " + parts[1] + " subscribers";
    }

    /** A table of everything else; figures are the middle of the rounds. */
    String markdown() {
        StringBuilder table =
                new StringBuilder("| load | server | µs for a packet | against ours | latency ms, p50 / p99 / p99.9"
                        + " | first packet / key frame ms | KiB for a subscriber | lost % | not joined |\n"
                        + "|---|---|---:|---:|---:|---:|---:|---:|---:|\n");
        List<Comparison.Row> costs = comparison().rows();
        int row = 0;
        for (Map.Entry<String, Map<String, List<LoadResult>>> scenario : byScenario.entrySet()) {
            for (Map.Entry<String, List<LoadResult>> server :
                    scenario.getValue().entrySet()) {
                List<LoadResult> results = server.getValue();
                Comparison.Row cost = costs.get(row++);
                table.append(String.format(
                        Locale.ROOT,
                        "| %s | %s | %.2f (%.2f to %.2f) | %.2f (%.2f to %.2f) | %.1f / %.1f / %.1f | %.0f / %.0f | %.0f"
                                + " | %.4f | %.0f |\n",
                        title(scenario.getKey()),
                        server.getKey(),
                        cost.nanos().median() / 1_000,
                        cost.nanos().lowest() / 1_000,
                        cost.nanos().highest() / 1_000,
                        cost.ratio().median(),
                        cost.ratio().lowest(),
                        cost.ratio().highest(),
                        middle(results, result -> result.latency().p50()),
                        middle(results, result -> result.latency().p99()),
                        middle(results, result -> result.latency().p999()),
                        middle(results, result -> result.firstPacket().p50()),
                        middle(results, result -> result.firstKeyFrame().p50()),
                        middle(results, LoadResult::serverKibibytesPerSubscriber),
                        middle(results, result -> result.lossShare() * 100),
                        middle(results, LoadResult::failed)));
            }
        }
        return table.toString();
    }

    private static double middle(List<LoadResult> results, ToDoubleFunction<LoadResult> figure) {
        return Comparison.Spread.of(results.stream().mapToDouble(figure)).median();
    }
}
