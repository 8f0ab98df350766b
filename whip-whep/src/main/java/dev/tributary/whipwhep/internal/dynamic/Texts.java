// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.dynamic;

import java.nio.charset.StandardCharsets;

/** The rules for the short texts of a track: tokens, labels and what of a foreign text may stand in a message. */
public final class Texts {
    /** RFC 8830: the identifiers of an msid have 1 to 64 characters. */
    private static final int TOKEN_LENGTH_MAX = 64;

    private static final int EXCERPT_LENGTH_MAX = 40;

    private Texts() {}

    /** Whether a text is 1 to 64 token characters (RFC 8866: {@code token}), as ids of tracks, streams and m-lines are. */
    public static boolean isToken(String text) {
        if (text.isEmpty() || text.length() > TOKEN_LENGTH_MAX) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (!isTokenCharacter(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isTokenCharacter(char c) {
        // RFC 8866 §9: visible ASCII without the separators.
        return c > ' ' && c < 0x7f && "\"(),/:;<=>?@[\\]".indexOf(c) < 0;
    }

    /**
     * A label without control characters, line separators and broken surrogates, cut at a character boundary.
     *
     * @param text any text
     * @param bytesMax the longest result, in bytes of UTF-8
     */
    public static String label(String text, int bytesMax) {
        StringBuilder kept = new StringBuilder(Math.min(text.length(), bytesMax));
        int sizeBytes = 0;
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            if (isStripped(point)) {
                continue;
            }
            sizeBytes += utf8Bytes(point);
            if (sizeBytes > bytesMax) {
                break;
            }
            kept.appendCodePoint(point);
        }
        return kept.toString().strip();
    }

    private static boolean isStripped(int point) {
        int type = Character.getType(point);
        return type == Character.CONTROL
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.SURROGATE;
    }

    private static int utf8Bytes(int point) {
        return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    }

    /** The length of a text in bytes of UTF-8. */
    public static int utf8Length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** The beginning of a foreign text, in quotes, with everything but visible ASCII replaced. */
    public static String excerpt(String text) {
        StringBuilder out = new StringBuilder(EXCERPT_LENGTH_MAX + 5).append('"');
        for (int i = 0; i < Math.min(text.length(), EXCERPT_LENGTH_MAX); i++) {
            char c = text.charAt(i);
            out.append(c >= ' ' && c < 0x7f && c != '"' ? c : '?');
        }
        return out.append(text.length() > EXCERPT_LENGTH_MAX ? "…\"" : "\"").toString();
    }
}
