// SPDX-License-Identifier: Apache-2.0
package dev.tributary.testkit;

import java.util.stream.LongStream;

/**
 * The seeds over which a randomised test runs.
 *
 * <p>Two options of the test's JVM choose them: {@code -Dtributary.seeds=2000} runs so many instead of the test's own
 * small number, and {@code -Dtributary.seed=17} runs exactly that one, to replay a failure.
 *
 * <pre>{@code
 * Seeds.forEach(20, seed -> everythingArrives(SimulatedNetwork.seeded(seed)));
 * }</pre>
 */
public final class Seeds {
    private static final String ONE = "tributary.seed";
    private static final String COUNT = "tributary.seeds";

    private Seeds() {}

    /**
     * The seeds to run: 1 to the default count, unless an option says otherwise.
     *
     * @param defaultCount how many to run without options
     * @throws IllegalArgumentException if an option is not a number
     */
    public static LongStream stream(int defaultCount) {
        String one = System.getProperty(ONE);
        if (one != null) {
            return LongStream.of(number(ONE, one));
        }
        String count = System.getProperty(COUNT);
        return LongStream.rangeClosed(1, count == null ? defaultCount : number(COUNT, count));
    }

    /**
     * Runs a scenario once for each seed.
     *
     * @param defaultCount how many to run without options
     * @throws AssertionError if the scenario fails; the message names the seed and the cause is the failure
     */
    public static void forEach(int defaultCount, Scenario scenario) {
        stream(defaultCount).forEach(seed -> {
            try {
                scenario.run(seed);
            } catch (Exception | AssertionError failure) {
                throw new AssertionError(
                        "Failed with seed " + seed + ", replay with " + replayOption(seed) + ": "
                                + failure.getMessage(),
                        failure);
            }
        });
    }

    static String replayOption(long seed) {
        return "-D" + ONE + "=" + seed;
    }

    private static long number(String option, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("-D" + option + " must be a number, got " + value, e);
        }
    }

    /** What is run for each seed. */
    @FunctionalInterface
    public interface Scenario {
        /**
         * Runs the scenario.
         *
         * @param seed the source of all its randomness
         * @throws Exception when it fails
         */
        void run(long seed) throws Exception;
    }
}
