// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import dev.tributary.core.TurnCredentials;
import org.jspecify.annotations.Nullable;

/**
 * A STUN or TURN server that clients are told to use.
 *
 * @param uri as RFC 7064 and RFC 7065 write it, for example {@code turn:turn.example:3478?transport=udp}
 * @param username for TURN, or {@code null}
 * @param credential for TURN, or {@code null}; letters, digits and {@code - . _ ~} pass every client's parser
 */
public record IceServer(
        String uri, @Nullable String username, @Nullable String credential) {
    /** Checks. */
    public IceServer {
        if (!uri.matches("(stun|stuns|turn|turns):[!-~&&[^<>\"]]+")) {
            throw new IllegalArgumentException(
                    "A STUN or TURN URI begins with its scheme and has no blanks, got " + uri);
        }
        if ((username == null) != (credential == null)) {
            throw new IllegalArgumentException("Username and credential come together");
        }
        requireQuotable(username);
        requireQuotable(credential);
    }

    private static void requireQuotable(@Nullable String text) {
        if (text != null && !text.matches("[ -~&&[^\"\\\\]]{1,512}")) {
            throw new IllegalArgumentException("Username and credential are visible ASCII without quotes");
        }
    }

    /** A STUN server, or a TURN server that needs no credentials. */
    public static IceServer of(String uri) {
        return new IceServer(uri, null, null);
    }

    /** A TURN server with credentials, such as {@link TurnCredentials#ephemeral} makes. */
    public static IceServer of(String uri, TurnCredentials credentials) {
        return new IceServer(uri, credentials.username(), credentials.password());
    }

    /** The value of its Link header field (RFC 9725 §4.6), in the order that every client can read. */
    public String toLink() {
        String link = "<" + uri + ">; rel=\"ice-server\"";
        return username == null
                ? link
                : link + "; username=\"" + username + "\"; credential=\"" + credential
                        + "\"; credential-type=\"password\"";
    }

    @Override
    public String toString() {
        return uri;
    }
}
