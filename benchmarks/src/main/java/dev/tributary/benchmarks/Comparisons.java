// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import dev.tributary.benchmarks.sidebyside.Contender;
import dev.tributary.benchmarks.sidebyside.SideBySide;
import dev.tributary.testkit.foreign.Pion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The comparisons with other people's libraries, by the name that the command takes. */
final class Comparisons {
    private Comparisons() {}

    static Map<String, Supplier<SideBySide>> all() {
        Map<String, Supplier<SideBySide>> all = new LinkedHashMap<>();
        all.put("stun", Comparisons::stun);
        return all;
    }

    private static SideBySide stun() {
        String pion = Pion.build(Comparisons.class, "stun.go").toString();
        return SideBySide.of("stun", "A binding request of ICE verified and answered")
                .operation(
                        "check answered",
                        List.of(
                                Contender.jmh("Tributary", "StunBenchmark.answerCheck"),
                                Contender.jmh("ice4j", "Ice4jBenchmark.answerCheck"),
                                Contender.program("Pion", List.of(pion))));
    }
}
