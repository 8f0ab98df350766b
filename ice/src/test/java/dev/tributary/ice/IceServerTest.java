// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What clients are told about STUN and TURN servers. */
class IceServerTest {
    private static final List<String> TURN = List.of("turn:turn.example:3478?transport=udp", "turns:turn.example");

    @Test
    void makesTheCredentialThatASharedSecretServerComputes() {
        IceServer server =
                IceServer.ephemeral(TURN, "north", "guest", Instant.ofEpochSecond(1_700_000_000L), Duration.ofHours(1));

        assertThat(server.username()).isEqualTo("1700003600:guest");
        // echo -n 1700003600:guest | openssl dgst -sha1 -hmac north -binary | base64
        assertThat(server.credential()).isEqualTo("f6APOwAPtvnfK0Fcg7xo8pkVaqo=");
    }

    @Test
    void refusesWhatNoClientCouldUse() {
        assertThatThrownBy(() -> IceServer.stun("http://stun.example")).hasMessageContaining("Not a STUN or TURN URI");
        assertThatThrownBy(() -> new IceServer(TURN, null, null)).hasMessageContaining("needs a username");
        assertThatThrownBy(() -> new IceServer(List.of(), null, null)).hasMessageContaining("at least one URL");
    }

    @Test
    void neverPrintsACredential() {
        assertThat(IceServer.turn(TURN, "user", "secret").toString()).doesNotContain("secret");
    }
}
