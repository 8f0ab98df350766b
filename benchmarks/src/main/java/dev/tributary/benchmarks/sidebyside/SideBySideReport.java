// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.sidebyside;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** A comparison as a table, JSON and a graph beside each other. */
public final class SideBySideReport {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private SideBySideReport() {}

    /**
     * Writes it, and shows the table.
     *
     * @param table in Markdown
     */
    public static void write(Comparison found, String table, Path folder, PrintStream out) throws IOException {
        String base = found.name() + "-jdk" + Runtime.version().feature();
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(base + ".md"), table);
        Files.writeString(folder.resolve(base + ".svg"), BarChart.of(found));
        JSON.writeValue(folder.resolve(base + ".json"), found.toJson());
        out.println();
        out.println(table);
        out.println("Written to " + folder.resolve(base) + ".{md,json,svg}");
    }
}
