// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.signature;

import dev.tributary.activitypub.ActivityPubException;
import dev.tributary.activitypub.ActivityPubException.Reason;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;

/** Body digests: {@code Digest} (RFC 3230, as the Fediverse uses it) and {@code Content-Digest} (RFC 9530). */
public final class Digests {
    private Digests() {}

    /** SHA-256 of bytes. */
    public static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This JVM has no SHA-256", e);
        }
    }

    /** The value of {@code Digest}; the algorithm in upper case, as PeerTube compares the whole string. */
    static String digest(byte[] body) {
        return "SHA-256=" + Base64.getEncoder().encodeToString(sha256(body));
    }

    /** The value of {@code Content-Digest}. */
    static String contentDigest(byte[] body) {
        return "sha-256=:" + Base64.getEncoder().encodeToString(sha256(body)) + ":";
    }

    /**
     * Checks a {@code Digest} or {@code Content-Digest} against the body. There must be a SHA-256 value, and each one
     * must match.
     *
     * @throws ActivityPubException DIGEST_MISMATCH
     */
    static void check(String value, byte[] body) {
        byte[] expected = sha256(body);
        boolean found = false;
        for (String entry : value.split(",", -1)) {
            int equals = entry.indexOf('=');
            String algorithm = equals < 0 ? "" : entry.substring(0, equals).strip();
            if (!algorithm.toLowerCase(Locale.ROOT).equals("sha-256")) {
                continue;
            }
            found = true;
            String encoded = entry.substring(equals + 1).strip();
            if (encoded.length() > 2 && encoded.startsWith(":") && encoded.endsWith(":")) {
                encoded = encoded.substring(1, encoded.length() - 1);
            }
            if (!MessageDigest.isEqual(expected, decode(encoded))) {
                throw new ActivityPubException(Reason.DIGEST_MISMATCH, "The body is not what the digest says");
            }
        }
        if (!found) {
            throw new ActivityPubException(Reason.DIGEST_MISMATCH, "The digest has no SHA-256");
        }
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new ActivityPubException(Reason.DIGEST_MISMATCH, "The digest is not base64", e);
        }
    }
}
