// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class MountsTest {
    private static HttpHandler named(String name) {
        return request -> CompletableFuture.completedFuture(HttpResponse.of(200, "text/plain", name + request.path()));
    }

    private static String ask(HttpHandler handler, String path) {
        HttpResponse response = handler.handle(new HttpRequest(
                        "GET", path, "", HttpHeaders.EMPTY, new byte[0], new InetSocketAddress("127.0.0.1", 1)))
                .toCompletableFuture()
                .join();
        return response.status() == 200
                ? new String(((HttpBody.Bytes) response.body()).bytes(), java.nio.charset.StandardCharsets.UTF_8)
                : "" + response.status();
    }

    @Test
    void prefersTheLongestPrefixWhateverTheOrderAndKeepsThePathWhole() {
        Mounts mounts = Mounts.NONE
                .mount("/", named("root:"))
                .mount("/live/admin", named("admin:"))
                .mount("/live", named("live:"));

        assertThat(ask(mounts, "/live/a/whip")).isEqualTo("live:/live/a/whip");
        assertThat(ask(mounts, "/live/admin/x")).isEqualTo("admin:/live/admin/x");
        assertThat(ask(mounts, "/live")).isEqualTo("live:/live");
        assertThat(ask(mounts, "/lively")).isEqualTo("root:/lively");
        assertThat(ask(mounts, "/")).isEqualTo("root:/");
    }

    @Test
    void answers404WhereNothingIsMounted() {
        assertThat(ask(Mounts.NONE.mount("/live", named("live:")), "/other")).isEqualTo("404");
        assertThat(ask(Mounts.NONE, "/")).isEqualTo("404");
    }

    @Test
    void refusesAPrefixTwiceOrWithoutASlash() {
        Mounts mounts = Mounts.NONE.mount("/a", named("a"));

        assertThatThrownBy(() -> mounts.mount("/a", named("b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/a");
        assertThatThrownBy(() -> mounts.mount("b", named("b"))).isInstanceOf(IllegalArgumentException.class);
    }
}
