// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.sidebyside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SideBySideTest {
    private final List<String> turns = new ArrayList<>();

    @Test
    void contendersTakeTurnsThereAndBack() {
        SideBySide.of("x", "X")
                .operation("parse", List.of(contender("a", 1, 1), contender("b", 1, 1)))
                .run(2, progress -> {});
        assertThat(turns).containsExactly("a", "b", "b", "a");
    }

    @Test
    void ratiosAreTakenWithinARound() {
        Comparison found = SideBySide.of("x", "X")
                .operation("parse", List.of(contender("a", 10, 20, 40), contender("b", 30, 40, 160)))
                .run(3, progress -> {});
        Comparison.Row other = found.rows().get(1);
        assertThat(other.ratio()).isEqualTo(new Comparison.Spread(3, 2, 4));
        assertThat(other.nanos()).isEqualTo(new Comparison.Spread(40, 30, 160));
    }

    @Test
    void theMiddleOfAnEvenNumberIsBetweenTwo() {
        Comparison found = SideBySide.of("x", "X")
                .operation("parse", List.of(contender("a", 10, 20)))
                .run(2, progress -> {});
        assertThat(found.rows().get(0).nanos().median()).isCloseTo(15, within(1e-9));
    }

    @Test
    void leavesTableJsonAndGraph(@TempDir Path folder) throws IOException {
        var printed = new ByteArrayOutputStream();
        var out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        SideBySide comparison = SideBySide.of("sdp", "SDP <10 KB>")
                .operation("parse", List.of(contender("ours", 10), contender("theirs & co", 25)));
        var command = new SideBySideCommand(Map.of("sdp", () -> comparison), out, folder);

        assertThat(command.run(List.of("sdp", "1"))).isZero();

        String base = "sdp-jdk" + Runtime.version().feature();
        assertThat(folder.resolve(base + ".md"))
                .content()
                .contains("| parse | theirs & co | 25.0 (25.0 to 25.0) | – | 2.50 (2.50 to 2.50) |");
        assertThat(folder.resolve(base + ".json")).content().contains("\"median\" : 2.5");
        assertThat(Files.readString(folder.resolve(base + ".svg")))
                .contains("SDP &lt;10 KB>", "theirs &amp; co", "25.0 ns (2.50×)", "prefers-color-scheme: dark");
        assertThat(command.run(List.of("nothing"))).isEqualTo(2);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("Name one comparison: sdp");
    }

    @Test
    void readsWhatAProgramFound() {
        Sample sample = Contender.program("shell", List.of("sh", "-c", "echo warming up; echo RESULT 12.5 96"))
                .measure();
        assertThat(sample).isEqualTo(new Sample(12.5, 96));
    }

    private Contender contender(String name, double... nanos) {
        Queue<Double> slices = new ArrayDeque<>();
        for (double slice : nanos) {
            slices.add(slice);
        }
        return new Contender() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Sample measure() {
                turns.add(name);
                return new Sample(slices.remove(), Double.NaN);
            }
        };
    }
}
