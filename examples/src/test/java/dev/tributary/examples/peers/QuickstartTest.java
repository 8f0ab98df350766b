// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.examples.Quickstart;
import dev.tributary.whipwhep.Purpose;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code docs/quickstart.md} promises a newcomer. */
@Timeout(60)
class QuickstartTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Path ROOT = Path.of(System.getProperty("tributary.root", ".."));

    @Test
    void whoeverKnowsTheSecretPublishesAndEverybodyPlays() throws Exception {
        try (Quickstart quickstart = new Quickstart(0, 0, "hush")) {
            String url = "http://127.0.0.1:" + quickstart.port();

            assertThat(get(url + "/")).contains("<tributary-stage whep=\"/live/main/whep\">");
            assertThat(get(url + "/tributary/tributary.js")).contains("export");
            assertThatThrownBy(() -> Publisher.start(url + "/live/main/whip", "guessed", Purpose.MAIN, "Mallory"))
                    .hasStackTraceContaining("403");

            Publisher host = Publisher.start(url + "/live/main/whip", "hush", Purpose.MAIN, "Host");
            try (Viewer viewer = Viewer.start(url + "/live/main/whep", "", false)) {
                viewer.await("media arrives", v -> v.packets() > 20, PATIENCE);
            } finally {
                host.close();
            }
        }
    }

    @Test
    void thePageShowsTheCodeThatIsTested() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/quickstart.md"));
        String shown = page.substring(page.indexOf("```java\n") + "```java\n".length());
        shown = shown.substring(0, shown.indexOf("```\n"));

        assertThat(Files.readString(ROOT.resolve("examples/src/main/java/dev/tributary/examples/Quickstart.java")))
                .contains(shown.indent(4).replaceAll("(?m)^ +$", ""));
    }

    private static String get(String url) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
