// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundRequestTest {
    @ParameterizedTest
    @CsvSource({
        "https://TV.example/a, tv.example, /a",
        "https://tv.example:443, tv.example, /",
        "https://tv.example:8443/?x=%20, tv.example:8443, /?x=%20",
        "http://tv.example:80/a%2Fb#f, tv.example, /a%2Fb",
        "https://[2001:db8::1]:8443/, [2001:db8::1]:8443, /"
    })
    void tellsSignersWhatWillBeSent(String uri, String authority, String target) {
        OutboundRequest request = OutboundRequest.get(URI.create(uri));

        assertThat(request.authority()).isEqualTo(authority);
        assertThat(request.target()).isEqualTo(target);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/relative",
                "ftp://a.example/",
                "https:opaque",
                "https://user@a.example/",
                "https:///a",
                "mailto:a"
            })
    void refusesUrisThatItCannotSendTo(String uri) {
        assertThatThrownBy(() -> OutboundRequest.get(URI.create(uri))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void leavesFramingToTheClient() {
        OutboundRequest request = OutboundRequest.get(URI.create("https://a.example/"));

        assertThatThrownBy(() -> request.with("content-length", "1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("content-length");
        assertThatThrownBy(() -> request.with("Transfer-Encoding", "chunked"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> request.withLimits(Duration.ZERO, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesHeaderFieldsThatWouldSplitTheMessage() {
        for (String value : new String[] {"a\r\nX: b", "a\nb", "a\0b", "a\u007f"}) {
            assertThatThrownBy(() -> HttpHeaders.of("X", value)).isInstanceOf(IllegalArgumentException.class);
        }
        for (String name : new String[] {"", "X Y", "X:", "X\r\n", "é"}) {
            assertThatThrownBy(() -> HttpHeaders.of(name, "a")).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(HttpHeaders.of("X", "a\tb é").replace("x", "c").all("X")).containsExactly("c");
    }
}
