// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.srtp.SrtpProfile;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ProfileOrderTest {
    @Test
    void measuresOnceAndDoesNotWaitForIt() {
        assertThat(ProfileOrder.known()).containsExactlyInAnyOrderElementsOf(ProfileOrder.USUAL);

        List<SrtpProfile> measured = SrtpProfile.fastestFirst();
        assertThat(measured)
                .containsExactlyInAnyOrderElementsOf(ProfileOrder.USUAL)
                .containsSubsequence(SrtpProfile.AEAD_AES_128_GCM, SrtpProfile.AEAD_AES_256_GCM);
        assertThat(SrtpProfile.fastestFirst()).isSameAs(measured);
        assertThat(ProfileOrder.known()).isSameAs(measured);
    }

    @Test
    void putsCounterModeFirstOnlyWhenItWinsClearly() {
        assertThat(ProfileOrder.decide(1_400, 1_000)).first().isEqualTo(SrtpProfile.AEAD_AES_128_GCM);
        assertThat(ProfileOrder.decide(1_401, 1_000)).first().isEqualTo(SrtpProfile.AES128_CM_HMAC_SHA1_80);
        assertThat(ProfileOrder.decide(1, Long.MAX_VALUE)).first().isEqualTo(SrtpProfile.AEAD_AES_128_GCM);
    }
}
