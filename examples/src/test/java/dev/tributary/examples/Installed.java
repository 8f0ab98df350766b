// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Skips a test that needs software of others, and says so aloud: a silent skip looks like a pass. */
public final class Installed {
    private static final Logger LOG = LoggerFactory.getLogger(Installed.class);

    private Installed() {}

    /**
     * Goes on only when something is there.
     *
     * @param what what the test needs
     * @param how the command that brings it
     */
    public static void assume(boolean isThere, String what, String how) {
        if (!isThere) {
            LOG.warn("SKIPPED: this test needs {}. To run it: {}", what, how);
        }
        assumeTrue(isThere, "needs " + what + ": " + how);
    }
}
