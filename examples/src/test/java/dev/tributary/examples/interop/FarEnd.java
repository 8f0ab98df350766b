// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.interop;

import dev.tributary.testkit.foreign.ForeignProgram;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/** A session of somebody else's, which echoes on its data channels as the test kit's scenarios want it. */
interface FarEnd extends AutoCloseable {
    /** Its offer, with all candidates. */
    String offer();

    /** Takes the answer to its offer. */
    void accept(String answer);

    /** Its answer to an offer, with all candidates. */
    String answer(String offer);

    /** What it said last, for the message of a test that fails. */
    String says();

    @Override
    void close();

    /** One that is a process told in lines. */
    record Program(ForeignProgram process) implements FarEnd {
        private static final Duration PATIENCE = Duration.ofSeconds(30);

        @Override
        public String offer() {
            process.send("offer");
            return decoded(process.awaitLine("OFFER", PATIENCE));
        }

        @Override
        public void accept(String answer) {
            process.send("accept " + encoded(answer));
        }

        @Override
        public String answer(String offer) {
            process.send("answer " + encoded(offer));
            return decoded(process.awaitLine("ANSWER", PATIENCE));
        }

        @Override
        public String says() {
            List<String> lines = process.lines().stream()
                    .filter(line -> !line.startsWith("OFFER") && !line.startsWith("ANSWER"))
                    .toList();
            return lines.subList(Math.max(0, lines.size() - 20), lines.size()).toString();
        }

        @Override
        public void close() {
            process.close();
        }

        private static String encoded(String text) {
            return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        }

        private static String decoded(String text) {
            return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
        }
    }
}
