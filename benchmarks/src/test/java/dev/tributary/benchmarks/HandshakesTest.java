// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class HandshakesTest {
    @Test
    @Timeout(60)
    void measuresBothThreadsOfTheServer() {
        try (Handshakes bench = new Handshakes()) {
            bench.round(3);

            assertThat(bench.serverNanos()).isPositive();
            assertThat(bench.serverBytes()).isPositive();
        }
    }
}
