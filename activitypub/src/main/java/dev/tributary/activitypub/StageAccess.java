// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

import java.time.Instant;

/**
 * What a guest gets to come on stage with: short-lived, bound to who asked and to the stage. It travels in the answer to
 * a signed request, never in an activity.
 *
 * @param whip endpoint to publish to
 * @param whep endpoint to play from; may be empty
 * @param token the bearer token for both
 * @param expiresAt when the token ends
 * @since 0.1
 */
public record StageAccess(String whip, String whep, String token, Instant expiresAt) {
    /** Without the token, which is a secret. */
    @Override
    public String toString() {
        return "StageAccess[whip=" + whip + ", whep=" + whep + ", expiresAt=" + expiresAt + "]";
    }
}
