// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a codec: what follows the payload type in {@code a=fmtp} (RFC 8866 §6.15). The text is kept as it came.
 * Most codecs write {@code name=value} pairs between semicolons; {@link #get} reads those. Immutable.
 */
public final class FormatParameters {
    /** No parameters, and no line. */
    public static final FormatParameters NONE = new FormatParameters("");

    private final String text;
    private final Map<String, String> values;

    private FormatParameters(String text) {
        this.text = text;
        this.values = text.isEmpty() ? Map.of() : read(text);
    }

    /** The parameters of that text. */
    public static FormatParameters parse(String text) {
        String stripped = text.strip();
        return stripped.isEmpty() ? NONE : new FormatParameters(stripped);
    }

    private static Map<String, String> read(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String pair : Scan.split(text, ';')) {
            int equals = pair.indexOf('=');
            String name = (equals < 0 ? pair : pair.substring(0, equals)).strip();
            if (!name.isEmpty()) {
                values.putIfAbsent(
                        name.toLowerCase(Locale.ROOT),
                        equals < 0 ? "" : pair.substring(equals + 1).strip());
            }
        }
        return values;
    }

    /** The value of a parameter, or null when it is not there. Names are compared without case. */
    public @Nullable String get(String name) {
        return values.get(name.toLowerCase(Locale.ROOT));
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
