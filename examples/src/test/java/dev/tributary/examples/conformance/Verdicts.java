// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** Writes what a run found, line by line, to {@code target/conformance-<test>.md}, for the pages of differences. */
final class Verdicts implements TestWatcher, AfterAllCallback {
    private record Verdict(String line, String level, String result, String note) {}

    private final List<Verdict> verdicts = new ArrayList<>();

    @Override
    public void testSuccessful(ExtensionContext context) {
        add(context, "holds", "");
    }

    @Override
    public void testAborted(ExtensionContext context, Throwable cause) {
        add(context, "open", cause.getMessage());
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        add(context, "fails", cause.getMessage());
    }

    @Override
    public void testDisabled(ExtensionContext context, Optional<String> reason) {
        add(context, "open", reason.orElse(""));
    }

    private void add(ExtensionContext context, String result, String note) {
        Line line = context.getRequiredTestMethod().getAnnotation(Line.class);
        String oneLine = String.valueOf(note).strip().replaceAll("\\s+", " ");
        verdicts.add(new Verdict(
                line.value(),
                line.level().name(),
                result,
                oneLine.length() > 160 ? oneLine.substring(0, 160) + "…" : oneLine));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        StringBuilder page = new StringBuilder("| line | level | result | note |\n|---|---|---|---|\n");
        verdicts.stream()
                .sorted(Comparator.comparing((Verdict verdict) -> verdict.line().replaceAll("[0-9]", ""))
                        .thenComparingInt(
                                verdict -> Integer.parseInt(verdict.line().replaceAll("[^0-9]", ""))))
                .forEach(verdict -> page.append("| %s | %s | %s | %s |%n"
                        .formatted(verdict.line(), verdict.level(), verdict.result(), verdict.note())));
        Path target = Path.of(
                System.getProperty("tributary.root", ".."),
                "examples",
                "target",
                "conformance-" + context.getRequiredTestClass().getSimpleName() + ".md");
        try {
            Files.createDirectories(target.getParent());
            Files.writeString(target, page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
