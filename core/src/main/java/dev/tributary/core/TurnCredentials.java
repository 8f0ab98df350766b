// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A user name and a password for a TURN server (RFC 8656). Immutable. The password never appears in {@link #toString}.
 *
 * @param username the user name
 * @param password the password
 */
public record TurnCredentials(String username, String password) {
    /**
     * Credentials that expire, made of a secret that is shared with the TURN server: the user name is the time of expiry
     * and a name, the password its HMAC-SHA1 in Base64. coturn checks this with {@code use-auth-secret} and calls it its
     * REST scheme. The server is not asked, so they cost nothing.
     *
     * @param sharedSecret the TURN server's {@code static-auth-secret}
     * @param name shows up in the TURN server's log; must not identify a person
     * @param now the wall clock
     * @param lifetime how long new allocations can be made; running ones live on
     * @throws IllegalArgumentException if the secret is empty
     */
    public static TurnCredentials ephemeral(String sharedSecret, String name, Instant now, Duration lifetime) {
        if (sharedSecret.isEmpty()) {
            throw new IllegalArgumentException("The shared secret is empty: anybody could make credentials");
        }
        String username = now.plus(lifetime).getEpochSecond() + ":" + name;
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(sharedSecret.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            byte[] code = mac.doFinal(username.getBytes(StandardCharsets.UTF_8));
            return new TurnCredentials(username, Base64.getEncoder().encodeToString(code));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("Every Java platform has HMAC-SHA1", e);
        }
    }

    @Override
    public String toString() {
        return "TurnCredentials[" + username + "]";
    }
}
