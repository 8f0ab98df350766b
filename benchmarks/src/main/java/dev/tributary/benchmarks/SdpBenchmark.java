// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import dev.tributary.sdp.SessionDescription;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Reading and writing a browser's offer of 10.6 KB. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class SdpBenchmark {
    private String text = "";
    private SessionDescription parsed = SessionDescription.parse("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n");

    /** Reads the offer once. */
    @Setup
    public void read() throws IOException {
        text = Offers.chromium();
        parsed = SessionDescription.parse(text);
        if (!parsed.write().equals(text)) {
            throw new IllegalStateException("The offer is not written as it was read");
        }
    }

    /** Text to model. */
    @Benchmark
    public SessionDescription parse() {
        return SessionDescription.parse(text);
    }

    /** Model to text. */
    @Benchmark
    public String write() {
        return parsed.write();
    }
}
