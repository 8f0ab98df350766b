// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import dev.tributary.benchmarks.sidebyside.Contender;
import dev.tributary.benchmarks.sidebyside.SideBySide;
import dev.tributary.testkit.foreign.Pion;
import java.util.List;

/** A check of ICE read, verified and answered: ours, ice4j, Pion. */
final class StunComparison {
    private StunComparison() {}

    static SideBySide make() {
        String pion = Pion.build(StunComparison.class, "stun.go").toString();
        return SideBySide.of("stun", "A binding request of ICE verified and answered")
                .operation(
                        "check answered",
                        List.of(
                                Contender.jmh("Tributary", "StunBenchmark.codec"),
                                Contender.jmh("ice4j", "Ice4jBenchmark.answerCheck"),
                                Contender.program("Pion", List.of(pion))));
    }
}
