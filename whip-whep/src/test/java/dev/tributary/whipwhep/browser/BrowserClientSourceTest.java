// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.testkit.foreign.ForeignProgram;
import dev.tributary.testkit.foreign.Installed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The text of the browser client: its types hold, and nothing in it makes markup of text. */
class BrowserClientSourceTest {
    private static final String VERSION = "5.9.3";
    private static final Path FOLDER =
            Path.of("target", "typescript-" + VERSION).toAbsolutePath();
    private static final Path SOURCES =
            Path.of("src/main/resources/META-INF/resources/tributary").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Test
    void typesHoldByTheStrictRulesOfTypeScript() throws IOException {
        String npm = Installed.command("npm", "apt-get install npm").toString();
        Path compiler = install(npm);
        Path project = FOLDER.resolve("tsconfig.json");
        Files.writeString(project, """
                {
                  "compilerOptions": {
                    "strict": true, "allowJs": true, "checkJs": true, "noEmit": true, "noUnusedLocals": true,
                    "target": "ES2022", "module": "ES2022", "moduleResolution": "bundler",
                    "lib": ["ES2023", "DOM", "DOM.Iterable"], "types": []
                  },
                  "include": ["%s/*.js"]
                }
                """.formatted(SOURCES));

        try (ForeignProgram check =
                ForeignProgram.start("tsc", List.of(compiler.toString(), "-p", project.toString()), FOLDER, Map.of())) {
            int errors = check.awaitEnd(PATIENCE);
            assertThat(check.lines()).as("what tsc says").isEmpty();
            assertThat(errors).isZero();
        }
    }

    private static Path install(String npm) throws IOException {
        Path compiler = FOLDER.resolve("node_modules/.bin/tsc");
        if (!Files.isExecutable(compiler)) {
            Files.createDirectories(FOLDER);
            List<String> command = List.of(
                    npm, "install", "--prefix", FOLDER.toString(), "--no-save", "--no-audit", "typescript@" + VERSION);
            try (ForeignProgram install = ForeignProgram.start("npm", command, FOLDER, Map.of())) {
                boolean done = install.awaitEnd(PATIENCE) == 0;
                Installed.assume(done, "TypeScript " + VERSION, "npm install typescript@" + VERSION);
            }
        }
        return compiler;
    }

    @Test
    void makesNoMarkupOfText() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            assertThat(files.toList())
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(Files.readString(file))
                            .as(file.getFileName().toString())
                            .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("));
        }
    }
}
