// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The two forms in which the ciphers exist, so that a test runs on each. */
enum CipherForm {
    PORTABLE,
    ACCELERATED;

    /** Where this form's ciphers come from; skips the test where this JVM has none. */
    CipherSource source() {
        if (this == ACCELERATED && Acceleration.absence() != null) {
            assertThat(Boolean.getBoolean("tributary.srtp.opened"))
                    .as("The build opens the package, and yet: %s", Acceleration.absence())
                    .isFalse();
            assumeTrue(false, "needs --add-opens java.base/com.sun.crypto.provider=ALL-UNNAMED");
        }
        return new CipherSource(null, this == ACCELERATED, new Scratch());
    }
}
