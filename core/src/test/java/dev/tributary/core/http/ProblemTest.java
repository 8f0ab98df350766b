// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ProblemTest {
    @Test
    void writesItsMembers() {
        Problem problem = new Problem(409, "https://tributary.dev/problems/busy", "Busy", "The room has a host.");

        assertThat(problem.toJson())
                .isEqualTo("{\"type\":\"https://tributary.dev/problems/busy\",\"title\":\"Busy\",\"status\":409,"
                        + "\"detail\":\"The room has a host.\"}");
        assertThat(problem.response().headers().first("Content-Type")).contains("application/problem+json");
        assertThat(problem.response().status()).isEqualTo(409);
    }

    @Test
    void leavesOutADetailThatSaysNothing() {
        assertThat(Problem.of(404, "").toJson())
                .isEqualTo("{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404}");
    }

    @Test
    void escapesWhatAPeerSaid() {
        assertThat(Problem.of(400, "</script>\"\\\n\u0000\u007f\ud800é").toJson())
                .contains("\\u003c/script>\\\"\\\\\\u000a\\u0000\\u007f\\ud800é");
    }

    @Property(tries = 300)
    void isReadBackAsItWasWritten(@ForAll String title, @ForAll String detail) {
        JsonNode json = JsonMapper.builder().build().readTree(new Problem(400, "about:blank", title, detail).toJson());

        assertThat(json.get("title").asString()).isEqualTo(title);
        assertThat(json.path("detail").asString("")).isEqualTo(detail);
    }
}
