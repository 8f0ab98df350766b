// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.http;

import dev.tributary.core.http.HttpRequest;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads bearer tokens as clients really send them. Stateless. */
final class Credentials {
    /** What scripts send when they have no token. */
    private static final List<String> NOTHINGS = List.of("", "undefined", "null");

    private static final String SCHEME = "bearer ";

    private Credentials() {}

    /**
     * The token of a request, or {@code null} when it carries none. Other schemes carry none.
     *
     * @param isRawAllowed whether a value without a scheme is a token
     */
    static @Nullable String bearerToken(HttpRequest request, boolean isRawAllowed) {
        List<String> values = request.headers().all("Authorization");
        if (values.size() != 1) {
            return null;
        }
        String value = values.get(0).strip();
        String token;
        if (value.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            token = value.substring(SCHEME.length()).strip();
        } else if (isRawAllowed && value.indexOf(' ') < 0 && !value.equalsIgnoreCase("bearer")) {
            token = value;
        } else {
            return null;
        }
        return NOTHINGS.contains(token) || token.indexOf(' ') >= 0 ? null : token;
    }
}
