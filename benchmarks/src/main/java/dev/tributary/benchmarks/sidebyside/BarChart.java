// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.sidebyside;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A comparison as an SVG picture: a bar for each contender, its spread as a line over the bar's end. It reads in light and
 * dark and needs nothing from elsewhere. Each operation has a scale of its own, since operations differ by orders.
 */
final class BarChart {
    private static final int WIDTH = 760;
    private static final int LABELS = 250;
    private static final int FIGURES = 150;
    private static final int BAR = 18;
    private static final int STEP = 26;
    private static final int HEADING = 34;
    private static final int TITLE = 40;
    private static final String STYLE = """
            <style>
              svg { background: #ffffff; font: 13px system-ui, sans-serif; }
              text { fill: #1f2328; } .quiet { fill: #59636e; }
              .ours { fill: #0969da; } .other { fill: #afb8c1; } .spread { stroke: #1f2328; stroke-width: 1.5; }
              @media (prefers-color-scheme: dark) {
                svg { background: #0d1117; } text { fill: #e6edf3; } .quiet { fill: #9198a1; }
                .ours { fill: #4493f8; } .other { fill: #59636e; } .spread { stroke: #e6edf3; }
              }
            </style>
            """;

    private BarChart() {}

    static String of(Comparison comparison) {
        Map<String, List<Comparison.Row>> groups = comparison.byOperation();
        int height = TITLE + groups.size() * HEADING + comparison.rows().size() * STEP + 10;
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n",
                WIDTH,
                height,
                escape(comparison.title())));
        svg.append(STYLE);
        text(svg, 12, 24, "font-weight=\"600\" font-size=\"15\"", comparison.title());
        int y = TITLE;
        for (Map.Entry<String, List<Comparison.Row>> group : groups.entrySet()) {
            text(svg, 12, y + 20, "class=\"quiet\"", group.getKey());
            y += HEADING;
            double longest = group.getValue().stream()
                    .mapToDouble(row -> row.nanos().highest())
                    .max()
                    .orElse(1);
            boolean isOurs = true;
            for (Comparison.Row row : group.getValue()) {
                bar(svg, y, row, longest, isOurs);
                isOurs = false;
                y += STEP;
            }
        }
        return svg.append("</svg>\n").toString();
    }

    private static void bar(StringBuilder svg, int y, Comparison.Row row, double longest, boolean isOurs) {
        double scale = (WIDTH - LABELS - FIGURES) / longest;
        text(svg, LABELS - 8, y + 13, "text-anchor=\"end\"", row.contender());
        svg.append(String.format(
                Locale.ROOT,
                "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>\n",
                isOurs ? "ours" : "other",
                LABELS,
                y,
                Math.max(1, row.nanos().median() * scale),
                BAR));
        svg.append(String.format(
                Locale.ROOT,
                "<line class=\"spread\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>\n",
                LABELS + row.nanos().lowest() * scale,
                LABELS + row.nanos().highest() * scale,
                y + BAR / 2,
                y + BAR / 2));
        String figure = Comparison.figure(row.nanos().median()) + " ns";
        text(
                svg,
                (int) (LABELS + row.nanos().highest() * scale) + 8,
                y + 13,
                "",
                isOurs
                        ? figure
                        : figure
                                + String.format(
                                        Locale.ROOT, " (%.2f×)", row.ratio().median()));
    }

    private static void text(StringBuilder svg, int x, int y, String attributes, String words) {
        svg.append(
                String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\" %s>%s</text>\n", x, y, attributes, escape(words)));
    }

    private static String escape(String words) {
        return words.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
