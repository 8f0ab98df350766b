// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import dev.tributary.sdp.SdpException.Reason;
import java.util.Locale;

/**
 * The digest of a certificate (RFC 8122 §5). Equal when algorithm and bytes are, whatever the spelling was.
 *
 * @param algorithm hash function, lower case, for instance {@code sha-256}
 * @param value upper-case hexadecimal bytes separated by colons
 */
public record CertificateFingerprint(String algorithm, String value) {
    /** Most bytes of a digest that is read: that of SHA-512. */
    public static final int BYTES_MAX = 64;

    /** Brings both parts into their normal form. */
    public CertificateFingerprint {
        algorithm = algorithm.toLowerCase(Locale.ROOT);
        value = value.toUpperCase(Locale.ROOT);
        if (!Scan.isToken(algorithm) || !isHexBytes(value)) {
            throw new IllegalArgumentException("A fingerprint is a token and hexadecimal bytes separated by colons");
        }
    }

    static CertificateFingerprint parse(String value) {
        String[] words = Scan.words(value, 3);
        if (words.length != 2 || !Scan.isToken(words[0]) || !isHexBytes(words[1].toUpperCase(Locale.ROOT))) {
            throw SdpException.of(
                    Reason.SYNTAX, value, "a=fingerprint has a hash function and bytes in hexadecimal (RFC 8122 §5)");
        }
        return new CertificateFingerprint(words[0], words[1]);
    }

    private static boolean isHexBytes(String text) {
        if (text.length() % 3 != 2 || text.length() > 3 * BYTES_MAX - 1) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean fits = i % 3 == 2 ? c == ':' : (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    /** The value of the attribute. */
    public String write() {
        return algorithm + ' ' + value;
    }
}
