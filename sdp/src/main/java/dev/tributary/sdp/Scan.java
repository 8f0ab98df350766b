// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import java.util.ArrayList;
import java.util.List;

/** Words and numbers of a line, read without regular expressions: every method is linear in its input. */
final class Scan {
    private Scan() {}

    /** The words between runs of spaces and tabs; reading stops after {@code most} words. */
    static String[] words(String text, int most) {
        String[] words = new String[Math.min(most, count(text))];
        int end = 0;
        for (int i = 0; i < words.length; i++) {
            int start = end;
            while (isBlank(text.charAt(start))) {
                start++;
            }
            end = start;
            while (end < text.length() && !isBlank(text.charAt(end))) {
                end++;
            }
            words[i] = text.substring(start, end);
        }
        return words;
    }

    private static int count(String text) {
        int words = 0;
        boolean inWord = false;
        for (int i = 0; i < text.length(); i++) {
            boolean blank = isBlank(text.charAt(i));
            words += !blank && !inWord ? 1 : 0;
            inWord = !blank;
        }
        return words;
    }

    /** The parts between separators, in order, empty ones included. */
    static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        for (int i = text.indexOf(separator); i >= 0; i = text.indexOf(separator, start)) {
            parts.add(text.substring(start, i));
            start = i + 1;
        }
        parts.add(text.substring(start));
        return parts;
    }

    /** A decimal number from 0 to {@code max}, or -1 when the text is none. */
    static long number(String text, long max) {
        return number(text, 0, text.length(), max);
    }

    /** A decimal number from 0 to {@code max} between two places of a text, or -1 when there is none. */
    static long number(String text, int start, int end, long max) {
        if (start == end || end - start > 19) {
            return -1;
        }
        long value = 0;
        for (int i = start; i < end; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9 || value > (max - digit) / 10) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value <= max ? value : -1;
    }

    /** Whether the text is a token (RFC 8866 §9): at least one of the visible characters that are no separators. */
    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f || "\"(),/:;<=>?@[\\]".indexOf(c) >= 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** Whether the text is one word of visible ASCII. */
    static boolean isVisible(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** The first space or tab, or the end of the text. */
    static int blank(String text) {
        int at = 0;
        while (at < text.length() && !isBlank(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** The first character from there on that is no space and no tab, or the end of the text. */
    static int word(String text, int from) {
        int at = from;
        while (at < text.length() && isBlank(text.charAt(at))) {
            at++;
        }
        return at;
    }

    static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
