// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.load;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The command {@code load}: puts a load on a server, shows a table that grows by a line a second, leaves a report. */
public final class LoadCommand {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final int LINES_UNDER_A_HEADING = 20;

    private final PrintStream out;
    private int lines;

    /** A command that shows its progress somewhere. */
    public LoadCommand(PrintStream out) {
        this.out = out;
    }

    /**
     * Runs it.
     *
     * @return the exit code: 0 when everybody joined and nobody stalled
     */
    public int run(List<String> arguments) throws IOException {
        LoadOptions options;
        try {
            options = LoadOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            out.println(e.getMessage());
            out.println(LoadOptions.USAGE);
            return 2;
        }
        LoadResult result;
        try {
            result = LoadRun.run(options, this::show);
        } catch (IllegalStateException e) {
            out.println("No load: " + e.getMessage() + ". Does " + options.whip()
                    + " answer, and does it need another --token?");
            return 1;
        }
        write(result, options.report());
        out.println();
        out.println(summary(result));
        out.println("Written to " + options.report() + ".json and .html");
        return result.failed() == 0 && result.stalled() == 0 ? 0 : 1;
    }

    /** Writes a report as JSON and HTML. */
    static void write(LoadResult result, Path report) throws IOException {
        Path folder = report.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        JSON.writeValue(Path.of(report + ".json"), result);
        Files.writeString(Path.of(report + ".html"), LoadReport.html(result));
    }

    /** Shows a second of a run. */
    void show(LoadSecond second) {
        if (second.second() == 0) {
            out.printf(Locale.ROOT, "%,d of %,d subscribers have asked%n", second.joined(), second.toJoin());
            return;
        }
        if (lines++ % LINES_UNDER_A_HEADING == 0) {
            out.println(
                    "second  packets/s      lost stalled   p50 ms   p99 ms   max ms  server cores  own cores  server MiB");
        }
        out.printf(
                Locale.ROOT,
                "%6d %,10d %,9d %7d %8.2f %8.2f %8.1f %13.2f %10.2f %11.0f%n",
                second.second(),
                second.packetsPerSecond(),
                second.lost(),
                second.stalled(),
                second.latencyMillisP50(),
                second.latencyMillisP99(),
                second.latencyMillisMax(),
                second.serverCores(),
                second.ownCores(),
                second.serverMebibytes());
    }

    static String summary(LoadResult result) {
        return String.format(
                Locale.ROOT,
                "%,d subscribers (%d failed, %d stalled), %,d packets, %.4f %% lost, %,d twice. Latency %.2f / %.2f / %.2f /"
                        + " %.1f ms (p50, p99, p99.9, max). First packet %.0f ms, first key frame %.0f ms (p50). %s"
                        + " Generator %.2f µs for a packet.",
                result.subscribers(),
                result.failed(),
                result.stalled(),
                result.received(),
                result.lossShare() * 100,
                result.replayed(),
                result.latency().p50(),
                result.latency().p99(),
                result.latency().p999(),
                result.latency().max(),
                result.firstPacket().p50(),
                result.firstKeyFrame().p50(),
                serverCost(result),
                result.ownMicrosPerPacket());
    }

    private static String serverCost(LoadResult result) {
        if (result.options().pid() == 0) {
            return "The server's cost is read with --pid.";
        }
        return String.format(
                Locale.ROOT,
                "Server %.2f µs for a packet, %.0f KiB for a subscriber.",
                result.serverMicrosPerPacket(),
                result.serverKibibytesPerSubscriber());
    }
}
