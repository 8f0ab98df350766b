// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.core.http.HttpServer;
import dev.tributary.whipwhep.WhipWhep;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class WhipEdgeTest {
    /** The figure itself needs a quiet machine, see docs/performance.md; here is a bound that no busy one misses. */
    @Test
    @Timeout(60)
    void opensAndEndsSessionsThroughTheEdge() throws Exception {
        WhipWhep live = StubMedia.server(WhipEdge.offer());
        try (HttpServer server =
                HttpServer.bind(0).host("127.0.0.1").mount("/live", live).start()) {
            WhipEdge edge = new WhipEdge(server.port(), WhipEdge.offer());
            edge.load(200, 1);

            WhipEdge.Result result = edge.load(200, 2);

            assertThat(result.requests()).isGreaterThan(700);
            assertThat(result.medianMillis()).isLessThan(200);
            assertThat(result.p99Millis()).isLessThan(2_000);
            assertThat(live.placesTaken()).isZero();
        }
    }
}
