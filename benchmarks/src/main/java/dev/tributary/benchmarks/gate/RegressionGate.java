// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.gate;

import dev.tributary.benchmarks.sidebyside.Contender;
import dev.tributary.benchmarks.sidebyside.SideBySide;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The command {@code gate}: measures what {@link #BYTES} and {@link #RATIOS} name and compares it with
 * {@code baselines.json}. {@code gate --write <file>} writes the figures as new baselines, to be looked at and checked in.
 */
public final class RegressionGate {
    /** More bytes than the baseline times this, and {@link #BYTES_SLACK} more, is a regression. */
    static final double BYTES_GROWTH = 1.10;

    /** What one measurement differs from another by chance, in bytes. */
    static final double BYTES_SLACK = 64;

    /** Less of a lead over the other library than this share of the baseline is a regression: shared machines are noisy. */
    static final double RATIO_SHARE = 0.5;

    private static final String BASELINES = "baselines.json";
    private static final String OURS = "ours";
    private static final String ALLOCATION = "gc.alloc.rate.norm";
    private static final TimeValue MOMENT = TimeValue.milliseconds(250);
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private static final List<Measure> BYTES = List.of(
            new Measure("SdpBenchmark.parse", Map.of()),
            new Measure("SdpBenchmark.write", Map.of()),
            new Measure(
                    "SrtpBenchmark.protect",
                    Map.of(
                            "profile",
                            "AEAD_AES_128_GCM",
                            "payloadBytes",
                            "1200",
                            "sessions",
                            "1",
                            "accelerated",
                            "true")),
            new Measure(
                    "SrtpBenchmark.protect",
                    Map.of(
                            "profile",
                            "AES128_CM_HMAC_SHA1_80",
                            "payloadBytes",
                            "1200",
                            "sessions",
                            "1",
                            "accelerated",
                            "true")),
            new Measure("StunBenchmark.answerCheck", Map.of()),
            new Measure("RtpBenchmark.readAndRenumberRtp", Map.of()),
            new Measure("RtpBenchmark.readRtcp", Map.of()),
            new Measure("ForwardingBenchmark.forwardPicture", Map.of("subscribers", "100", "protection", "NONE")),
            new Measure("DataChannelBenchmark.deliverMessage", Map.of("messageBytes", "100", "interleaving", "true")),
            new Measure("ControlBenchmark.muteTrack", Map.of()),
            new Measure("SignatureBenchmark.sign", Map.of("scheme", "CAVAGE")));

    private static final List<SideBySide> RATIOS = List.of(
            against("sdp parse", "SdpBenchmark.parse", "jain-sip", "JainSipBenchmark.parse"),
            against("check answered", "StunBenchmark.answerCheck", "ice4j", "Ice4jBenchmark.answerCheck"));

    private final PrintStream out;

    /** A gate that tells what it measures. */
    public RegressionGate(PrintStream out) {
        this.out = out;
    }

    private static SideBySide against(String operation, String ours, String library, String theirs) {
        return SideBySide.of("gate", operation)
                .operation(operation, List.of(Contender.jmh(OURS, ours), Contender.jmh(library, theirs)));
    }

    /** A benchmark with its parameters. */
    private record Measure(String benchmark, Map<String, String> parameters) {
        String name() {
            String values =
                    String.join(",", parameters.values().stream().sorted().toList());
            return values.isEmpty() ? benchmark : benchmark + "(" + values + ")";
        }
    }

    /**
     * What was measured, or is expected.
     *
     * @param bytes allocated for one operation, by benchmark
     * @param ratios how many times as long as ours the other library takes, by operation and library
     */
    public record Figures(Map<String, Double> bytes, Map<String, Double> ratios) {}

    /** Runs the command; the exit code is 0 when nothing got worse. */
    public int run(List<String> arguments) throws IOException {
        Figures found = measure();
        if (arguments.size() == 2 && arguments.get(0).equals("--write")) {
            Files.writeString(Path.of(arguments.get(1)), JSON.writeValueAsString(found) + "\n");
            return 0;
        }
        List<String> worse = compare(baselines(), found);
        worse.forEach(out::println);
        out.println(worse.isEmpty() ? "Nothing got worse." : worse.size() + " figures got worse.");
        return worse.isEmpty() ? 0 : 1;
    }

    /** Measures everything; about a minute. */
    public Figures measure() {
        Map<String, Double> bytes = new LinkedHashMap<>();
        for (Measure measure : BYTES) {
            // Parts of a byte are what a timer or a thread of the machine allocated meanwhile.
            double whole = Math.rint(bytesOf(measure));
            bytes.put(measure.name(), whole);
            out.printf(Locale.ROOT, "%s: %,.0f bytes%n", measure.name(), whole);
        }
        Map<String, Double> ratios = new LinkedHashMap<>();
        for (SideBySide comparison : RATIOS) {
            comparison.run(1, out::println).rows().stream()
                    .filter(row -> !row.contender().equals(OURS))
                    .forEach(row -> ratios.put(
                            row.operation() + ", " + row.contender(),
                            row.ratio().median()));
        }
        return new Figures(bytes, ratios);
    }

    private static double bytesOf(Measure measure) {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("\\." + Pattern.quote(measure.benchmark()) + "$")
                .forks(0)
                .warmupIterations(3)
                .warmupTime(MOMENT)
                .measurementIterations(2)
                .measurementTime(MOMENT)
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        measure.parameters().forEach(options::param);
        try {
            RunResult result = new Runner(options.build()).run().iterator().next();
            return Objects.requireNonNull(result.getSecondaryResults().get(ALLOCATION), "JMH did not count bytes")
                    .getScore();
        } catch (RunnerException e) {
            throw new IllegalStateException("cannot run " + measure.name(), e);
        }
    }

    /** What is checked in. */
    public static Figures baselines() {
        try (InputStream in = RegressionGate.class.getResourceAsStream(BASELINES)) {
            if (in == null) {
                throw new IllegalStateException(BASELINES + " is missing from the jar");
            }
            return JSON.readValue(in, Figures.class);
        } catch (IOException e) {
            throw new UncheckedIOException(BASELINES + " cannot be read", e);
        }
    }

    /** Says in words what got worse; nothing when nothing did. */
    public static List<String> compare(Figures baselines, Figures found) {
        List<String> worse = new ArrayList<>();
        baselines.bytes().forEach((name, expected) -> {
            Double bytes = found.bytes().get(name);
            if (bytes == null) {
                worse.add(name + " is in the baselines and was not measured");
            } else if (bytes > expected * BYTES_GROWTH + BYTES_SLACK) {
                worse.add(String.format(
                        Locale.ROOT, "%s allocates %,.0f bytes, and did with %,.0f", name, bytes, expected));
            }
        });
        found.bytes().keySet().stream()
                .filter(name -> !baselines.bytes().containsKey(name))
                .forEach(name -> worse.add(name + " has no baseline: write one"));
        baselines.ratios().forEach((name, expected) -> {
            Double ratio = found.ratios().get(name);
            if (ratio == null) {
                worse.add(name + " is in the baselines and was not measured");
            } else if (ratio < expected * RATIO_SHARE) {
                worse.add(String.format(
                        Locale.ROOT,
                        "%s takes %.1f times as long as ours, and took %.1f times",
                        name,
                        ratio,
                        expected));
            }
        });
        return worse;
    }
}
