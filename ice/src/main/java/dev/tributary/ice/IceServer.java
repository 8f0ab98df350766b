// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import dev.tributary.core.TurnCredentials;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
     * A TURN server with credentials that expire, by the secret that it shares with us.
     *
     * @see TurnCredentials#ephemeral
     */
    public static IceServer ephemeral(
            List<String> urls, String sharedSecret, String name, Instant now, Duration lifetime) {
        TurnCredentials credentials = TurnCredentials.ephemeral(sharedSecret, name, now, lifetime);
        return new IceServer(urls, credentials.username(), credentials.password());
    }

    @Override
    public String toString() {
        return "IceServer" + urls;
    }
}
