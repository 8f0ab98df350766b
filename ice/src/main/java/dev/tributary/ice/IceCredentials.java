// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import java.util.random.RandomGenerator;

/**
 * The username fragment and password of one side for one ICE generation (RFC 8445 §5.3, RFC 8839 §5.4).
 *
 * <p>Immutable. The password never appears in {@link #toString}.
 *
 * @param ufrag 4 to 256 ice-chars (letters, digits, {@code +} and {@code /})
 * @param pwd 22 to 256 ice-chars
 */
public record IceCredentials(String ufrag, String pwd) {
    /** RFC 8839 §5.4: the longest fragment and the longest password. */
    public static final int UFRAG_MAX = 256;

    private static final String ICE_CHARS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /**
     * Checks length and alphabet.
     *
     * @throws IllegalArgumentException if a part is too short, too long or has other characters
     */
    public IceCredentials {
        check("ufrag", ufrag, 4);
        check("pwd", pwd, 22);
    }

    /**
     * Fresh credentials: a fragment of 48 bits, so that a server's sessions do not collide, and a password of 144 bits
     * (RFC 8445 §5.3 asks for 24 and 128).
     *
     * @param random a {@link java.security.SecureRandom} in production
     */
    public static IceCredentials generate(RandomGenerator random) {
        return new IceCredentials(text(random, 8), text(random, 24));
    }

    private static String text(RandomGenerator random, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(ICE_CHARS.charAt(random.nextInt(ICE_CHARS.length())));
        }
        return text.toString();
    }

    private static void check(String name, String value, int lengthMin) {
        if (value.length() < lengthMin || value.length() > UFRAG_MAX) {
            throw new IllegalArgumentException(
                    name + " has " + value.length() + " characters, not " + lengthMin + " to " + UFRAG_MAX);
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean alphanumeric = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            // Not ice-chars, but fragments of some encoders carry them, and they are harmless in SDP and STUN.
            if (!alphanumeric && c != '+' && c != '/' && c != '-' && c != '_' && c != '=') {
                throw new IllegalArgumentException(name + " has a character outside of ice-char at " + i);
            }
        }
    }

    @Override
    public String toString() {
        return "IceCredentials[ufrag=" + ufrag + "]";
    }
}
