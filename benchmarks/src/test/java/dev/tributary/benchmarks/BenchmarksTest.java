// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs every benchmark for a moment, so that none rots. The figures mean nothing. */
class BenchmarksTest {
    @Test
    void everyBenchmarkRunsWithEveryParameter(@TempDir Path folder) throws RunnerException {
        var options = new OptionsBuilder()
                .include("dev\\.tributary\\.benchmarks\\..*")
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(20))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .output(folder.resolve("output").toString())
                .build();

        Collection<RunResult> results = new Runner(options).run();

        assertThat(results)
                .extracting(BenchmarksTest::benchmark)
                .containsOnly(
                        "ControlBenchmark.carryOfferAndAnswer",
                        "ControlBenchmark.muteTrack",
                        "DataChannelBenchmark.deliverMessage",
                        "ForwardingBenchmark.forwardPicture",
                        "Ice4jBenchmark.answerCheck",
                        "JainSipBenchmark.parse",
                        "JainSipBenchmark.parseAndVisit",
                        "JainSipBenchmark.write",
                        "JitsiSrtpBenchmark.protect",
                        "JitsiSrtpBenchmark.unprotect",
                        "RtpBenchmark.readAndRenumberRtp",
                        "RtpBenchmark.readRtcp",
                        "SdpBenchmark.answer",
                        "SdpBenchmark.interpret",
                        "SdpBenchmark.parse",
                        "SdpBenchmark.parseAndVisit",
                        "SdpBenchmark.write",
                        "SignatureBenchmark.sign",
                        "SignatureBenchmark.verify",
                        "SrtpBenchmark.protect",
                        "SrtpBenchmark.unprotect",
                        "StunBenchmark.answerCheck",
                        "StunBenchmark.codec",
                        "WhipBenchmark.openAndEnd",
                        "WhipBenchmark.openTrickleAndEnd");
        assertThat(results)
                .allSatisfy(result ->
                        assertThat(result.getPrimaryResult().getScore()).isPositive());
    }

    private static String benchmark(RunResult result) {
        return result.getParams()
                .getBenchmark()
                .substring(BenchmarksTest.class.getPackageName().length() + 1);
    }
}
