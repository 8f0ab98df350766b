// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TurnCredentialsTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000L);

    @Test
    void makesWhatASharedSecretServerComputes() {
        TurnCredentials credentials = TurnCredentials.ephemeral("north", "guest", NOW, Duration.ofHours(1));

        assertThat(credentials.username()).isEqualTo("1700003600:guest");
        // echo -n 1700003600:guest | openssl dgst -sha1 -hmac north -binary | base64
        assertThat(credentials.password()).isEqualTo("f6APOwAPtvnfK0Fcg7xo8pkVaqo=");
    }

    @Test
    void refusesAnEmptySecretAndNeverPrintsThePassword() {
        assertThatThrownBy(() -> TurnCredentials.ephemeral("", "guest", NOW, Duration.ofHours(1)))
                .hasMessageContaining("empty");
        assertThat(new TurnCredentials("user", "secret").toString()).doesNotContain("secret");
    }
}
