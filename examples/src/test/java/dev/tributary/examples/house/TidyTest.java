// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** House rules that no compiler knows, read off the sources: file length, package maps, unfinished places. */
class TidyTest {
    private static final int HARD_STOP_LINES = 800;
    private static final Path ROOT = Path.of(System.getProperty("tributary.root", ".."));
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|X" + "XX)\\b");
    private static final Pattern PUBLIC_TYPE = Pattern.compile(
            "^public (final |abstract |sealed |non-sealed )*(class|interface|record|enum|@interface) ",
            Pattern.MULTILINE);

    @Test
    void noFileIsLongerThanTheHardStop() {
        assertThat(sources())
                .filteredOn(file -> lines(file).size() > HARD_STOP_LINES)
                .isEmpty();
    }

    @Test
    void everyPackageHasAMap() {
        assertThat(sources().stream()
                        .filter(TidyTest::isProduction)
                        .map(Path::getParent)
                        .distinct()
                        .filter(folder -> !folder.endsWith("java"))
                        .filter(folder -> !Files.exists(folder.resolve("package-info.java"))))
                .isEmpty();
    }

    @Test
    void nothingIsLeftUnfinished() {
        assertThat(sources())
                .filteredOn(file -> UNFINISHED.matcher(text(file)).find())
                .isEmpty();
    }

    @Test
    void everyExportedTypeSaysWhatItIs() {
        List<Path> silent = new ArrayList<>();
        for (Path file : sources()) {
            if (isProduction(file) && !file.toString().contains("/internal/")) {
                String text = text(file);
                var type = PUBLIC_TYPE.matcher(text);
                if (type.find() && !text.substring(0, type.start()).contains("/**")) {
                    silent.add(file);
                }
            }
        }
        assertThat(silent).isEmpty();
    }

    @Test
    void everyModuleOpensWithHowToUseIt() {
        try (Stream<Path> folders = Files.list(ROOT)) {
            assertThat(folders.filter(folder -> Files.exists(folder.resolve("pom.xml")))
                            .filter(folder -> Files.isDirectory(folder.resolve("src")))
                            .filter(folder -> !Files.exists(folder.resolve("README.md"))))
                    .isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isProduction(Path file) {
        return file.toString().contains("/src/main/java/");
    }

    private static List<Path> sources() {
        try (Stream<Path> files = Files.walk(ROOT)) {
            List<Path> found = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.toString().contains("/src/"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .toList();
            assertThat(found).as("Java sources below %s", ROOT).hasSizeGreaterThan(10);
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path file) {
        return text(file).lines().toList();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
