// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * The fingerprint of a certificate as session descriptions carry it (RFC 8122 §5): {@code sha-256 AB:CD:…}. It is what
 * ties a DTLS handshake to the signalling, and the only thing that a peer's certificate is trusted for.
 *
 * <p>Every well-formed fingerprint can be parsed; only SHA-256, SHA-384 and SHA-512 ever match. Immutable.
 *
 * @param algorithm the name of the hash, lower case
 * @param value the hash in upper-case hexadecimal with colons
 * @since 0.1
 */
public record Fingerprint(String algorithm, String value) {
    private static final HexFormat COLONS = HexFormat.ofDelimiter(":").withUpperCase();
    private static final List<String> STRONG = List.of("sha-256", "sha-384", "sha-512");
    private static final int VALUE_CHARS_MAX = 64 * 3 - 1;

    /**
     * Checks both parts and brings them into their normal case.
     *
     * @throws IllegalArgumentException if the value is not bytes in hexadecimal with colons
     */
    public Fingerprint {
        if (algorithm.isEmpty() || algorithm.length() > 16 || value.isEmpty() || value.length() > VALUE_CHARS_MAX) {
            throw new IllegalArgumentException("Not a fingerprint: name of " + algorithm.length() + " and value of "
                    + value.length() + " characters");
        }
        algorithm = algorithm.toLowerCase(Locale.ROOT);
        value = COLONS.formatHex(COLONS.parseHex(value));
    }

    /**
     * Parses the value of an {@code a=fingerprint} attribute.
     *
     * @throws IllegalArgumentException if it is not a name, a space and bytes in hexadecimal with colons
     */
    public static Fingerprint parse(String text) {
        String trimmed = text.strip();
        int space = trimmed.indexOf(' ');
        if (space < 0) {
            throw new IllegalArgumentException("A fingerprint is 'sha-256 AB:CD:…' (RFC 8122 §5); there is no space");
        }
        return new Fingerprint(
                trimmed.substring(0, space), trimmed.substring(space + 1).strip());
    }

    /**
     * The fingerprint of a certificate.
     *
     * @param algorithm {@code sha-256}, {@code sha-384} or {@code sha-512}
     * @param certificate in DER
     * @throws IllegalArgumentException if the algorithm is another
     */
    public static Fingerprint of(String algorithm, byte[] certificate) {
        if (!STRONG.contains(algorithm)) {
            throw new IllegalArgumentException("Fingerprints are made with " + STRONG + ", not with " + algorithm);
        }
        return new Fingerprint(algorithm, COLONS.formatHex(digest(algorithm, certificate)));
    }

    /** Whether the hash is one that we trust; a fingerprint with another never matches. */
    public boolean isStrong() {
        return STRONG.contains(algorithm);
    }

    /** Whether this is the fingerprint of that certificate (in DER). */
    public boolean matches(byte[] certificate) {
        return isStrong() && MessageDigest.isEqual(COLONS.parseHex(value), digest(algorithm, certificate));
    }

    /** As in a session description. */
    @Override
    public String toString() {
        return algorithm + " " + value;
    }

    private static byte[] digest(String algorithm, byte[] certificate) {
        try {
            return MessageDigest.getInstance(algorithm.toUpperCase(Locale.ROOT)).digest(certificate);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This JVM lacks " + algorithm, e);
        }
    }
}
