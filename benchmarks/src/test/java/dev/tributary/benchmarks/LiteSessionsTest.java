// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The measurement of many sessions, with few of them for a moment. */
class LiteSessionsTest {
    @Test
    void everySessionConnectsAndEveryCheckIsAnswered() throws IOException {
        ByteArrayOutputStream report = new ByteArrayOutputStream();

        LiteSessions.run(
                new PrintStream(report, true, StandardCharsets.UTF_8),
                50,
                List.of(TimeUnit.MILLISECONDS.toNanos(200)),
                TimeUnit.MILLISECONDS.toNanos(400));

        assertThat(report.toString(StandardCharsets.UTF_8))
                .contains("50 connected")
                .containsPattern("checks every 0[.,]2 s")
                .matches("(?s).*answered (\\d+) of \\1,.*");
    }
}
