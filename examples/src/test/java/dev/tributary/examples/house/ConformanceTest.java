// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every test that a conformance page names must exist; a page that names a test of the past is a lie. */
class ConformanceTest {
    private static final Path ROOT = Path.of(System.getProperty("tributary.root", ".."));
    private static final Pattern TEST_NAME = Pattern.compile("`(?:[a-z-]+:)?([A-Z]\\w*Test)#(\\w+)`");

    @Test
    void theTestsThatConformancePagesNameExist() throws IOException {
        Map<String, String> tests = new HashMap<>();
        for (Path file : below(ROOT, "Test.java")) {
            tests.merge(file.getFileName().toString().replace(".java", ""), Files.readString(file), (a, b) -> a + b);
        }
        List<String> missing = new ArrayList<>();
        List<Path> pages = new ArrayList<>(below(ROOT.resolve("docs"), ".md"));
        for (Path page : pages) {
            Matcher named = TEST_NAME.matcher(Files.readString(page));
            while (named.find()) {
                String source = tests.getOrDefault(named.group(1), "");
                if (!Pattern.compile("\\b" + named.group(2) + "\\(")
                        .matcher(source)
                        .find()) {
                    missing.add(page.getFileName() + ": " + named.group());
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    private static List<Path> below(Path folder, String ending) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .filter(file -> !file.toString().contains("/target/"))
                    .toList();
        }
    }
}
