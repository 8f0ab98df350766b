// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Header fields in the order in which they stood, with case-insensitive names and any number of values per name.
 * Immutable and thread-safe.
 */
public final class HttpHeaders {
    /** No header fields. */
    public static final HttpHeaders EMPTY = new HttpHeaders(List.of());

    private final List<Map.Entry<String, String>> fields;

    private HttpHeaders(List<Map.Entry<String, String>> fields) {
        this.fields = fields;
    }

    /**
     * Header fields from names and values in turn.
     *
     * @throws IllegalArgumentException if a name is not a token, or a value holds control characters
     */
    public static HttpHeaders of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("Names and values come in pairs, got " + namesAndValues.length);
        }
        HttpHeaders headers = EMPTY;
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers = headers.with(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }

    /** Header fields from a list of name and value entries. */
    public static HttpHeaders copyOf(Iterable<Map.Entry<String, String>> entries) {
        List<Map.Entry<String, String>> copy = new ArrayList<>();
        for (Map.Entry<String, String> entry : entries) {
            copy.add(field(entry.getKey(), entry.getValue()));
        }
        return new HttpHeaders(List.copyOf(copy));
    }

    /** These fields and one more at the end. */
    public HttpHeaders with(String name, String value) {
        List<Map.Entry<String, String>> copy = new ArrayList<>(fields);
        copy.add(field(name, value));
        return new HttpHeaders(List.copyOf(copy));
    }

    private static Map.Entry<String, String> field(String name, String value) {
        if (!isToken(name)) {
            throw new IllegalArgumentException("Not the name of a header field: " + name.length()
                    + " characters; a name is a token of letters, digits and !#$%&'*+-.^_`|~ (RFC 9110 section 5.1)");
        }
        if (hasControls(value)) {
            throw new IllegalArgumentException("The value of " + name + " holds a control character");
        }
        return Map.entry(name, value);
    }

    private static boolean isToken(String name) {
        return !name.isEmpty()
                && name.chars()
                        .allMatch(c -> c >= 'a' && c <= 'z'
                                || c >= 'A' && c <= 'Z'
                                || c >= '0' && c <= '9'
                                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
    }

    private static boolean hasControls(String value) {
        return value.chars().anyMatch(c -> c < 0x20 && c != '\t' || c == 0x7f);
    }

    /** The first value of a name. */
    public Optional<String> first(String name) {
        for (Map.Entry<String, String> field : fields) {
            if (field.getKey().equalsIgnoreCase(name)) {
                return Optional.of(field.getValue());
            }
        }
        return Optional.empty();
    }

    /** All values of a name, in order. */
    public List<String> all(String name) {
        return fields.stream()
                .filter(field -> field.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** These fields without those of a name. */
    public HttpHeaders without(String name) {
        return new HttpHeaders(fields.stream()
                .filter(field -> !field.getKey().equalsIgnoreCase(name))
                .toList());
    }

    /** These fields, with one value of a name in place of all that there were. */
    public HttpHeaders replace(String name, String value) {
        return without(name).with(name, value);
    }

    /** Every field, in order. */
    public List<Map.Entry<String, String>> entries() {
        return fields;
    }

    @Override
    public String toString() {
        return fields.stream().map(Map.Entry::getKey).toList().toString();
    }
}
