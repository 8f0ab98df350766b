// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import dev.tributary.sdp.Capabilities;
import dev.tributary.sdp.CertificateFingerprint;
import dev.tributary.sdp.MediaDescription;
import dev.tributary.sdp.Negotiation;
import dev.tributary.sdp.SdpLine;
import dev.tributary.sdp.SdpSection;
import dev.tributary.sdp.SessionDescription;
import dev.tributary.sdp.TransportDescription;
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
import org.openjdk.jmh.infra.Blackhole;

/** Reading, writing, interpreting and answering a browser's offer of 10.6 KB. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class SdpBenchmark {
    private static final TransportDescription TRANSPORT = TransportDescription.of(
            "bench", "bench-password-of-24-chars", new CertificateFingerprint("sha-256", "AB:".repeat(31) + "AB"));

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

    /** Text to model, then name and value of every attribute as strings: what other parsers have made by then. */
    @Benchmark
    public SessionDescription parseAndVisit(Blackhole seen) {
        SessionDescription description = SessionDescription.parse(text);
        visit(description, seen);
        description.media().forEach(section -> visit(section, seen));
        return description;
    }

    private static void visit(SdpSection section, Blackhole seen) {
        for (SdpLine line : section.lines()) {
            seen.consume(line.attributeName());
            seen.consume(line.attributeValue());
        }
    }

    /** Every attribute that WebRTC uses, as values of its own type. */
    @Benchmark
    public void interpret(Blackhole seen) {
        seen.consume(parsed.bundle());
        for (MediaDescription section : parsed.media()) {
            seen.consume(section.mid());
            seen.consume(parsed.direction(section));
            seen.consume(parsed.transport(section));
            seen.consume(section.annotation());
            if (section.kind().isRtp()) {
                seen.consume(section.codecs());
                seen.consume(section.headerExtensions());
                seen.consume(section.msids());
                seen.consume(section.rids());
                seen.consume(section.simulcast());
                seen.consume(section.ssrcs());
                seen.consume(section.ssrcGroups());
            } else {
                seen.consume(section.sctpPort());
                seen.consume(section.maxMessageSizeBytes());
            }
        }
    }

    /** Model to text. */
    @Benchmark
    public String write() {
        return parsed.write();
    }

    /** A forwarder's answer to the offer, from the text of one to the text of the other. */
    @Benchmark
    public String answer() {
        Negotiation negotiation =
                Negotiation.builder(Capabilities.forwarding(), TRANSPORT, 1).build();
        negotiation.applyOffer(SessionDescription.parse(text));
        return negotiation.createAnswer().write();
    }
}
