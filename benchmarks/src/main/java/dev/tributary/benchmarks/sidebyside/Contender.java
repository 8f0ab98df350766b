// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.sidebyside;

import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Mode;

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
        return new JmhContender(name, benchmark, Mode.AverageTime, Map.of(), List.of());
    }

    /**
     * The same with parameters.
     *
     * @param parameters values of JMH parameters by name
     * @param jvmArguments what the virtual machine gets besides this one's own arguments
     */
    static Contender jmh(String name, String benchmark, Map<String, String> parameters, List<String> jvmArguments) {
        return new JmhContender(name, benchmark, Mode.AverageTime, parameters, jvmArguments);
    }

    /**
     * The same for an invocation of some microseconds, of which each is timed: the middle of those times is the result. Others
     * who use the machine hardly move it, whereas the average grows by what they take. A program does the same by batches.
     */
    static Contender sampled(String name, String benchmark, Map<String, String> parameters, List<String> jvmArguments) {
        return new JmhContender(name, benchmark, Mode.SampleTime, parameters, jvmArguments);
    }

    /**
     * A program in another language. It warms up, measures, and prints one line
     * {@code RESULT <nanoseconds per operation> [<bytes allocated per operation>]}.
     */
    static Contender program(String name, List<String> command) {
        return new ProgramContender(name, command);
    }
}
