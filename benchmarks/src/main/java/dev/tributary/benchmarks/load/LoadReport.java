// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.load;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A run as one HTML page without any resource from elsewhere: figures first, then how they went over time. */
final class LoadReport {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 180;
    private static final int LEFT = 64;
    private static final int BOTTOM = 24;
    private static final double[] STEPS = {1, 1.2, 1.6, 2, 3, 4, 5, 6, 8};
    private static final String HEAD = """
            <!doctype html>
            <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>Load report</title>
            <style>
              :root { color-scheme: light dark; --ink: #1f2328; --quiet: #59636e; --paper: #fff; --line: #d1d9e0;
                      --one: #0969da; --two: #bc4c00; --three: #8250df; }
              @media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --quiet: #9198a1; --paper: #0d1117;
                      --line: #3d444d; --one: #4493f8; --two: #f0883e; --three: #ab7df8; } }
              body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
                     max-width: 760px; margin: 2rem auto; padding: 0 1rem; }
              h1 { font-size: 1.4rem; } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
              table { border-collapse: collapse; width: 100%; }
              th, td { text-align: left; padding: .3rem .5rem; border-bottom: 1px solid var(--line); }
              td { text-align: right; font-variant-numeric: tabular-nums; } th { font-weight: 400; }
              p { color: var(--quiet); } svg { width: 100%; height: auto; }
              svg text { fill: var(--quiet); font-size: 12px; } .grid { stroke: var(--line); }
              polyline { fill: none; stroke-width: 2; }
              .one { stroke: var(--one); } .two { stroke: var(--two); } .three { stroke: var(--three); }
              b.one { color: var(--one); } b.two { color: var(--two); } b.three { color: var(--three); }
            </style>
            """;

    private final StringBuilder page = new StringBuilder(HEAD);
    private final LoadResult result;

    private LoadReport(LoadResult result) {
        this.result = result;
    }

    /** A line of a graph. */
    private record Line(String name, String style, ToDoubleFunction<LoadSecond> figure) {}

    static String html(LoadResult result) {
        LoadReport report = new LoadReport(result);
        report.figures();
        report.graph(
                "One-way latency through the server, ms",
                new Line("middle", "one", LoadSecond::latencyMillisP50),
                new Line("99 %", "two", LoadSecond::latencyMillisP99),
                new Line("longest", "three", LoadSecond::latencyMillisMax));
        report.graph("Packets received in a second", new Line("packets", "one", LoadSecond::packetsPerSecond));
        report.graph(
                "Processors kept busy",
                new Line("server", "one", LoadSecond::serverCores),
                new Line("generator", "two", LoadSecond::ownCores));
        report.graph("Memory of the server, MiB", new Line("memory", "one", LoadSecond::serverMebibytes));
        return report.page.append("</html>\n").toString();
    }

    private void figures() {
        LoadOptions options = result.options();
        page.append(String.format(
                Locale.ROOT,
                "<h1>%s, %s, %s</h1>\n<p>%s and Opus, %.0f s measured after all had joined. %s</p>\n<table>\n",
                counted(result.subscribers(), "subscriber"),
                counted(options.rooms() * options.publishers(), "publisher"),
                counted(options.rooms(), "room"),
                escape(options.codec()),
                result.seconds(),
                escape(options.whep())));
        row("Packets received", "%,d (%,.0f a second)", result.received(), result.received() / result.seconds());
        row("Lost", "%,d (%.4f %%)", result.lost(), result.lossShare() * 100);
        row("Reordered, twice", "%,d, %,d", result.reordered(), result.replayed());
        row("Subscribers that did not join, that stalled", "%d, %d", result.failed(), result.stalled());
        LoadResult.Latency latency = result.latency();
        row(
                "Latency, ms: middle, 99 %, 99.9 %, longest",
                "%.2f, %.2f, %.2f, %.1f", latency.p50(), latency.p99(), latency.p999(), latency.max());
        row(
                "First packet after asking, ms: middle, longest",
                "%.0f, %.0f",
                result.firstPacket().p50(),
                result.firstPacket().max());
        row(
                "First key frame after asking, ms: middle, longest",
                "%.0f, %.0f",
                result.firstKeyFrame().p50(),
                result.firstKeyFrame().max());
        row("Key frames that the server asked for", "%,d", result.keyFramesAsked());
        row("Server: processor time for each packet, µs", "%.2f", result.serverMicrosPerPacket());
        row("Server: memory for each subscriber, KiB", "%.0f", result.serverKibibytesPerSubscriber());
        row(
                "Generator: processors kept busy, µs for each packet",
                "%.2f, %.2f",
                result.cost().ownCpuSeconds() / result.seconds(),
                result.ownMicrosPerPacket());
        page.append("</table>\n");
        if (!result.failure().isEmpty()) {
            page.append("<p>The last one that did not join: ")
                    .append(escape(result.failure()))
                    .append("</p>\n");
        }
    }

    private void row(String name, String format, Object... figures) {
        page.append("<tr><th>")
                .append(escape(name))
                .append("</th><td>")
                .append(String.format(Locale.ROOT, format, figures))
                .append("</td></tr>\n");
    }

    private void graph(String title, Line... lines) {
        List<LoadSecond> seconds = result.timeline();
        double highest = 0;
        for (Line line : lines) {
            highest = Math.max(
                    highest, seconds.stream().mapToDouble(line.figure()).max().orElse(0));
        }
        if (highest == 0) {
            return;
        }
        highest = round(highest);
        page.append("<h2>").append(escape(title)).append("</h2>\n<p>");
        for (Line line : lines) {
            page.append("<b class=\"")
                    .append(line.style())
                    .append("\">")
                    .append(escape(line.name()))
                    .append("</b> ");
        }
        page.append(String.format(
                Locale.ROOT,
                "</p>\n<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n",
                WIDTH,
                HEIGHT,
                escape(title)));
        for (int step = 0; step <= 2; step++) {
            double y = y(step * highest / 2, highest);
            page.append(String.format(
                    Locale.ROOT,
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                            + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
                    LEFT,
                    WIDTH,
                    y,
                    y,
                    LEFT - 6,
                    y + 4,
                    tick(step * highest / 2)));
        }
        for (Line line : lines) {
            page.append("<polyline class=\"").append(line.style()).append("\" points=\"");
            for (int i = 0; i < seconds.size(); i++) {
                double x = LEFT + (WIDTH - LEFT) * (i / Math.max(1.0, seconds.size() - 1.0));
                page.append(String.format(
                        Locale.ROOT, "%.1f,%.1f ", x, y(line.figure().applyAsDouble(seconds.get(i)), highest)));
            }
            page.append("\"/>\n");
        }
        page.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\">1 s</text><text x=\"%d\" y=\"%d\" text-anchor=\"end\">%d s</text>\n</svg>\n",
                LEFT,
                HEIGHT - 6,
                WIDTH,
                HEIGHT - 6,
                seconds.size()));
    }

    private static double y(double value, double highest) {
        return 8 + (HEIGHT - BOTTOM - 8) * (1 - value / highest);
    }

    /** The next round number, so that the axis has round ones: half of it is round too. */
    private static double round(double highest) {
        double unit = Math.pow(10, Math.floor(Math.log10(highest)));
        for (double step : STEPS) {
            if (highest <= step * unit) {
                return step * unit;
            }
        }
        return 10 * unit;
    }

    private static String tick(double value) {
        return new DecimalFormat("#,##0.####", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(value);
    }

    private static String counted(int count, String what) {
        return String.format(Locale.ROOT, "%,d %s%s", count, what, count == 1 ? "" : "s");
    }

    private static String escape(String words) {
        return words.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
