// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.sidebyside;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

record JmhContender(String name, String benchmark, Mode mode, Map<String, String> parameters, List<String> jvmArguments)
        implements Contender {
    private static final TimeValue ITERATION = TimeValue.milliseconds(700);
    private static final int WARMUPS = 3;
    private static final int ITERATIONS = 4;
    private static final String ALLOCATION = "gc.alloc.rate.norm";

    static {
        // One measurement at a time is the caller's business; JMH's lock file would refuse where another user left one.
        System.setProperty("jmh.ignoreLock", "true");
    }

    @Override
    public Sample measure() {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("\\." + Pattern.quote(benchmark) + "$")
                .mode(mode)
                .timeUnit(TimeUnit.NANOSECONDS)
                .forks(1)
                .warmupIterations(WARMUPS)
                .warmupTime(ITERATION)
                .measurementIterations(ITERATIONS)
                .measurementTime(ITERATION)
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        // Even none would replace those that the benchmark itself asks for.
        if (!jvmArguments.isEmpty()) {
            options.jvmArgsAppend(jvmArguments.toArray(String[]::new));
        }
        parameters.forEach(options::param);
        try {
            Collection<RunResult> results = new Runner(options.build()).run();
            if (results.size() != 1) {
                throw new IllegalStateException(benchmark + " with " + parameters + " is " + results.size()
                        + " benchmarks: give every parameter a value");
            }
            RunResult result = results.iterator().next();
            Result<?> bytes = result.getSecondaryResults().get(ALLOCATION);
            return new Sample(nanos(result.getPrimaryResult()), bytes == null ? Double.NaN : bytes.getScore());
        } catch (RunnerException e) {
            throw new IllegalStateException("cannot run " + benchmark + " with " + parameters, e);
        }
    }

    /** Of sampled times the middle one: work of others on the machine lengthens some, but not most. */
    private double nanos(Result<?> result) {
        return mode == Mode.SampleTime ? result.getStatistics().getPercentile(50) : result.getScore();
    }
}
