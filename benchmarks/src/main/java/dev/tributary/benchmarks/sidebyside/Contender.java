// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.sidebyside;

import java.util.List;
import java.util.Map;

/** One way to do an operation. */
public interface Contender {
    /** What tables and graphs call it. */
    String name();

    /** Does the operation for about three seconds, warm, and tells its cost. */
    Sample measure();

    /**
     * A JMH benchmark of this module, in a virtual machine of its own for each slice.
     *
     * @param benchmark class and method, as in {@code SdpBenchmark.parse}
     */
    static Contender jmh(String name, String benchmark) {
        return new JmhContender(name, benchmark, Map.of(), List.of());
    }

    /**
     * The same with parameters.
     *
     * @param parameters values of JMH parameters by name
     * @param jvmArguments what the virtual machine gets besides this one's own arguments
     */
    static Contender jmh(String name, String benchmark, Map<String, String> parameters, List<String> jvmArguments) {
        return new JmhContender(name, benchmark, parameters, jvmArguments);
    }

    /**
     * A program in another language. It warms up, measures, and prints one line
     * {@code RESULT <nanoseconds per operation> [<bytes allocated per operation>]}.
     */
    static Contender program(String name, List<String> command) {
        return new ProgramContender(name, command);
    }
}
