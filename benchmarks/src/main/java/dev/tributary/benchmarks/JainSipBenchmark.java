// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.sdp.Attribute;
import javax.sdp.MediaDescription;
import javax.sdp.SdpException;
import javax.sdp.SdpFactory;
import javax.sdp.SessionDescription;
import org.jspecify.annotations.Nullable;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * The offer of {@link SdpBenchmark} read and written by jain-sip. It reads each line into an object of its type, cuts an
 * attribute into name and value, and interprets no attribute.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class JainSipBenchmark {
    private final SdpFactory factory = SdpFactory.getInstance();
    private String text = "";
    private @Nullable SessionDescription parsed;

    /** Reads the offer once. */
    @Setup
    public void read() throws IOException, SdpException {
        text = Offers.chromium();
        SessionDescription description = factory.createSessionDescription(text);
        if (attributes(description.getAttributes(false)).isEmpty()
                || sections(description).size() != 4) {
            throw new IllegalStateException("The offer was not read");
        }
        parsed = description;
    }

    /** Text to model. */
    @Benchmark
    public SessionDescription parse() throws SdpException {
        return factory.createSessionDescription(text);
    }

    /** Text to model, then name and value of every attribute. */
    @Benchmark
    public SessionDescription parseAndVisit(Blackhole seen) throws SdpException {
        SessionDescription description = factory.createSessionDescription(text);
        visit(attributes(description.getAttributes(false)), seen);
        for (MediaDescription section : sections(description)) {
            visit(attributes(section.getAttributes(false)), seen);
        }
        return description;
    }

    private static void visit(List<Attribute> attributes, Blackhole seen) throws SdpException {
        for (Attribute attribute : attributes) {
            seen.consume(attribute.getName());
            seen.consume(attribute.getValue());
        }
    }

    /** Model to text. */
    @Benchmark
    public String write() {
        return Objects.requireNonNull(parsed).toString();
    }

    // The library is older than generics.
    @SuppressWarnings("unchecked")
    private static List<Attribute> attributes(List<?> raw) {
        return (List<Attribute>) raw;
    }

    @SuppressWarnings("unchecked")
    private static List<MediaDescription> sections(SessionDescription description) throws SdpException {
        return (List<MediaDescription>) (List<?>) description.getMediaDescriptions(false);
    }
}
