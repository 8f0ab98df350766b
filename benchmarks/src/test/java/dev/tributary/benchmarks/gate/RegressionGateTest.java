// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class RegressionGateTest {
    private static final RegressionGate.Figures BEFORE =
            new RegressionGate.Figures(Map.of("parse", 1_000.0), Map.of("parse, theirs", 8.0));

    @Test
    void nothingGotWorse() {
        var out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);

        RegressionGate.Figures found = new RegressionGate(out).measure();

        assertThat(RegressionGate.compare(RegressionGate.baselines(), found))
                .as("bytes and ratios against baselines.json")
                .isEmpty();
    }

    @Test
    void refusesMoreBytesThanChanceExplains() {
        assertThat(RegressionGate.compare(BEFORE, figures(1_164.0, 8.0))).isEmpty();
        assertThat(RegressionGate.compare(BEFORE, figures(1_165.0, 8.0)))
                .containsExactly("parse allocates 1,165 bytes, and did with 1,000");
    }

    @Test
    void refusesALeadThatIsGone() {
        assertThat(RegressionGate.compare(BEFORE, figures(1_000.0, 4.0))).isEmpty();
        assertThat(RegressionGate.compare(BEFORE, figures(1_000.0, 3.9)))
                .containsExactly("parse, theirs takes 3.9 times as long as ours, and took 8.0 times");
    }

    @Test
    void refusesFiguresThatAreMissingOrNew() {
        assertThat(RegressionGate.compare(BEFORE, new RegressionGate.Figures(Map.of("write", 1.0), Map.of())))
                .containsExactly(
                        "parse is in the baselines and was not measured",
                        "write has no baseline: write one",
                        "parse, theirs is in the baselines and was not measured");
    }

    private static RegressionGate.Figures figures(double bytes, double ratio) {
        return new RegressionGate.Figures(Map.of("parse", bytes), Map.of("parse, theirs", ratio));
    }
}
