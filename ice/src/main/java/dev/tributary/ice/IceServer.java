// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A STUN or TURN server that a client is told to use, as W3C's RTCIceServer and the {@code Link} header of WHIP and WHEP
 * carry it. Immutable. The credential never appears in {@link #toString}.
 *
 * @param urls {@code stun:}, {@code stuns:}, {@code turn:} or {@code turns:} URIs (RFC 7064, RFC 7065)
 * @param username null for STUN
 * @param credential null for STUN
 */
public record IceServer(
        List<String> urls,
        @Nullable String username,
        @Nullable String credential) {
    /**
     * Checks the schemes.
     *
     * @throws IllegalArgumentException if there is no URL, one of another scheme, or a TURN server without credentials
     */
    public IceServer {
        urls = List.copyOf(urls);
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("An ICE server needs at least one URL");
        }
        for (String url : urls) {
            if (!url.matches("(stun|turn)s?:[^\\s<>\"]+")) {
                throw new IllegalArgumentException("Not a STUN or TURN URI: " + url);
            }
            if (url.startsWith("turn") && (username == null || credential == null)) {
                throw new IllegalArgumentException("A TURN server needs a username and a credential: " + url);
            }
        }
    }

    /** A STUN server. */
    public static IceServer stun(String url) {
        return new IceServer(List.of(url), null, null);
    }

    /** A TURN server with credentials that do not change. */
    public static IceServer turn(List<String> urls, String username, String credential) {
        return new IceServer(urls, username, credential);
    }

    /**
     * A TURN server with credentials that expire, by the secret that the TURN server shares with us: the username is the
     * time of expiry and a name, the credential its HMAC-SHA1. coturn checks this with {@code use-auth-secret}.
     *
     * @param sharedSecret the TURN server's {@code static-auth-secret}
     * @param name shows up in the TURN server's log; must not identify a person
     * @param now the wall clock
     * @param lifetime how long new allocations can be made; running ones live on
     */
    public static IceServer ephemeral(
            List<String> urls, String sharedSecret, String name, Instant now, Duration lifetime) {
        String username = now.plus(lifetime).getEpochSecond() + ":" + name;
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(sharedSecret.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            byte[] code = mac.doFinal(username.getBytes(StandardCharsets.UTF_8));
            return new IceServer(urls, username, Base64.getEncoder().encodeToString(code));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalArgumentException("The shared secret is no key for HMAC-SHA1", e);
        }
    }

    @Override
    public String toString() {
        return "IceServer" + urls;
    }
}
