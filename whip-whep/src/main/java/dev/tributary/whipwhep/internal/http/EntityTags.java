// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.http;

import org.jspecify.annotations.Nullable;

/**
 * If-Match as clients really send it: quoted, unquoted, {@code *} with and without quotes. Stateless.
 */
final class EntityTags {
    private EntityTags() {}

    /** What an If-Match says about the current ICE session. */
    enum Match {
        /** There is none. */
        MISSING,
        /** It is {@code *}: whatever is current. */
        ANY,
        /** It names the current one. */
        CURRENT,
        /** It names another one. */
        OTHER
    }

    /**
     * Reads an If-Match.
     *
     * @param isStrict whether only what RFC 9110 §13.1.1 allows is understood
     */
    static Match match(@Nullable String header, String current, boolean isStrict) {
        if (header == null || header.isBlank()) {
            return Match.MISSING;
        }
        Match result = Match.OTHER;
        for (String entry : header.split(",", -1)) {
            String tag = entry.strip();
            if (tag.equals("*") || (!isStrict && tag.equals("\"*\""))) {
                return Match.ANY;
            }
            if (tag.equals("\"" + current + "\"") || (!isStrict && tag.equals(current))) {
                result = Match.CURRENT;
            }
        }
        return result;
    }
}
