// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.signature;

import dev.tributary.activitypub.ActivityPubException;
import dev.tributary.activitypub.ActivityPubException.Reason;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * As much of RFC 8941 as RFC 9421 needs: dictionaries whose members are inner lists of strings, or byte sequences.
 * One pass, no regular expressions.
 */
final class StructuredFields {
    /**
     * An inner list of strings with parameters.
     *
     * @param items the strings, each with its own parameters in serialised form (empty when it has none)
     * @param parameters values: String, Long, Boolean, byte[]; tokens as {@link Token}
     * @param source the text of the whole inner list, as it stood
     */
    record InnerList(List<Item> items, Map<String, Object> parameters, String source) {}

    /** A string and whether it has parameters of its own. */
    record Item(String value, boolean parameterised) {}

    /** A token, which differs from a string of the same letters. */
    record Token(String text) {}

    private final String text;
    private int at;

    private StructuredFields(String text) {
        this.text = text;
    }

    /** Reads a dictionary of inner lists, as in Signature-Input. */
    static Map<String, InnerList> innerLists(String text) {
        StructuredFields fields = new StructuredFields(text);
        Map<String, InnerList> dictionary = new LinkedHashMap<>();
        fields.members(() -> {
            String key = fields.key();
            fields.expect('=');
            dictionary.put(key, fields.innerList());
        });
        return dictionary;
    }

    /** Reads a dictionary of byte sequences, as in Signature. */
    static Map<String, byte[]> byteSequences(String text) {
        StructuredFields fields = new StructuredFields(text);
        Map<String, byte[]> dictionary = new LinkedHashMap<>();
        fields.members(() -> {
            String key = fields.key();
            fields.expect('=');
            dictionary.put(key, fields.byteSequence());
        });
        return dictionary;
    }

    private void members(Runnable member) {
        skip(' ');
        while (true) {
            member.run();
            skip(' ');
            if (at == text.length()) {
                return;
            }
            expect(',');
            skip(' ');
        }
    }

    private InnerList innerList() {
        int start = at;
        expect('(');
        List<Item> items = new ArrayList<>();
        skip(' ');
        while (peek() != ')') {
            String value = string();
            items.add(new Item(value, !parameters().isEmpty()));
            if (peek() != ' ' && peek() != ')') {
                throw malformed();
            }
            skip(' ');
        }
        expect(')');
        Map<String, Object> parameters = parameters();
        return new InnerList(items, parameters, text.substring(start, at));
    }

    private Map<String, Object> parameters() {
        Map<String, Object> parameters = new LinkedHashMap<>();
        while (peek() == ';') {
            at++;
            skip(' ');
            String key = key();
            Object value = Boolean.TRUE;
            if (peek() == '=') {
                at++;
                value = bareItem();
            }
            if (parameters.put(key, value) != null) {
                throw malformed();
            }
        }
        return parameters;
    }

    private Object bareItem() {
        char first = peek();
        if (first == '"') {
            return string();
        }
        if (first == ':') {
            return byteSequence();
        }
        if (first == '?') {
            at++;
            char flag = next();
            if (flag != '0' && flag != '1') {
                throw malformed();
            }
            return flag == '1';
        }
        if (first == '-' || isDigit(first)) {
            return integer();
        }
        int start = at;
        while (at < text.length() && isTokenChar(text.charAt(at))) {
            at++;
        }
        if (at == start) {
            throw malformed();
        }
        return new Token(text.substring(start, at));
    }

    private Long integer() {
        int start = at;
        if (peek() == '-') {
            at++;
        }
        while (isDigit(peek())) {
            at++;
        }
        // RFC 8941 3.3.1: at most 15 digits.
        if (at - start > 15 || at == start || !isDigit(text.charAt(at - 1))) {
            throw malformed();
        }
        return Long.valueOf(text.substring(start, at));
    }

    private String string() {
        expect('"');
        StringBuilder value = new StringBuilder();
        while (true) {
            char c = next();
            if (c == '"') {
                return value.toString();
            }
            if (c == '\\') {
                c = next();
                if (c != '"' && c != '\\') {
                    throw malformed();
                }
            } else if (c < 0x20 || c > 0x7e) {
                throw malformed();
            }
            value.append(c);
        }
    }

    private byte[] byteSequence() {
        expect(':');
        int end = text.indexOf(':', at);
        if (end < 0) {
            throw malformed();
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(text.substring(at, end));
            at = end + 1;
            return bytes;
        } catch (IllegalArgumentException e) {
            throw new ActivityPubException(Reason.MALFORMED, "Structured field: bad base64", e);
        }
    }

    private String key() {
        int start = at;
        char first = peek();
        if (!(first >= 'a' && first <= 'z' || first == '*')) {
            throw malformed();
        }
        while (at < text.length() && isKeyChar(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private char next() {
        if (at >= text.length()) {
            throw malformed();
        }
        return text.charAt(at++);
    }

    private void expect(char c) {
        if (next() != c) {
            throw malformed();
        }
    }

    private void skip(char c) {
        while (peek() == c) {
            at++;
        }
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isKeyChar(char c) {
        return c >= 'a' && c <= 'z' || isDigit(c) || c == '_' || c == '-' || c == '.' || c == '*';
    }

    private static boolean isTokenChar(char c) {
        return c > 0x20 && c < 0x7f && "\"(),;<=>?@[\\]{}".indexOf(c) < 0;
    }

    private ActivityPubException malformed() {
        return new ActivityPubException(Reason.MALFORMED, "Structured field: unexpected character at " + at);
    }
}
