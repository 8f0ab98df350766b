// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.sidebyside;

import dev.tributary.testkit.foreign.ForeignProgram;
import java.time.Duration;
import java.util.List;

record ProgramContender(String name, List<String> command) implements Contender {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Override
    public Sample measure() {
        try (ForeignProgram program = ForeignProgram.start(name, command)) {
            String[] result = program.awaitLine("RESULT ", PATIENCE).split(" ");
            return new Sample(
                    Double.parseDouble(result[0]), result.length > 1 ? Double.parseDouble(result[1]) : Double.NaN);
        }
    }
}
