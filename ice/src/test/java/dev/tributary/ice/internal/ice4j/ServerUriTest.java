// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.ice4j;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** URIs of RFC 7064 and RFC 7065. */
class ServerUriTest {
    @Test
    void takesThemApart() {
        assertThat(ServerUri.parse("stun:stun.example"))
                .isEqualTo(new ServerUri(false, false, false, "stun.example", 3478));
        assertThat(ServerUri.parse("turn:192.0.2.1:80?transport=tcp"))
                .isEqualTo(new ServerUri(true, false, true, "192.0.2.1", 80));
        assertThat(ServerUri.parse("turns:[2001:db8::1]"))
                .isEqualTo(new ServerUri(true, true, true, "2001:db8::1", 5349));
        assertThat(ServerUri.parse("turn:turn.example:65535?transport=udp"))
                .isEqualTo(new ServerUri(true, false, false, "turn.example", 65535));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://x",
                "turn:",
                "turn:x:0",
                "turn:x:65536",
                "turn:x:123456",
                "turn:x?transport=sctp",
                "turn:2001:db8::1"
            })
    void takesNothingElse(String text) {
        assertThat(ServerUri.parse(text)).isNull();
    }
}
