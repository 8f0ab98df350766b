// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import org.jspecify.annotations.Nullable;

/**
 * The parameters of a codec: what follows the payload type in {@code a=fmtp} (RFC 8866 §6.15). The text is kept as it came.
 * Most codecs write {@code name=value} pairs between semicolons; {@link #get} reads those. Immutable.
 */
public final class FormatParameters {
    /** No parameters, and no line. */
    public static final FormatParameters NONE = new FormatParameters("");

    private final String text;

    private FormatParameters(String text) {
        this.text = text;
    }

    /** The parameters of that text. */
    public static FormatParameters parse(String text) {
        String stripped = text.strip();
        return stripped.isEmpty() ? NONE : new FormatParameters(stripped);
    }

    /**
     * The value of a parameter, or null when it is not there. Names are compared without case; the first of several counts, and
     * one without an equals sign is empty.
     */
    public @Nullable String get(String name) {
        for (int start = 0; start < text.length(); ) {
            int semicolon = text.indexOf(';', start);
            int end = semicolon < 0 ? text.length() : semicolon;
            int nameStart = start;
            while (nameStart < end && text.charAt(nameStart) <= ' ') {
                nameStart++;
            }
            int nameEnd = nameStart + name.length();
            if (nameEnd <= end && text.regionMatches(true, nameStart, name, 0, name.length())) {
                String rest = text.substring(nameEnd, end).strip();
                if (rest.isEmpty() || rest.charAt(0) == '=') {
                    return rest.isEmpty() ? "" : rest.substring(1).strip();
                }
            }
            start = end + 1;
        }
        return null;
    }

    /** The value of a parameter, or the default when it is not there. */
    public String get(String name, String otherwise) {
        String value = get(name);
        return value == null ? otherwise : value;
    }

    /** The parameters as they are written. */
    public String text() {
        return text;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return text.isEmpty();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FormatParameters that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
