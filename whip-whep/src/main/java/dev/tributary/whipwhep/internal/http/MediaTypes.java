// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.http;

import dev.tributary.core.http.HttpRequest;
import java.util.Locale;

/** Content types without their parameters, in lower case. Stateless. */
final class MediaTypes {
    private MediaTypes() {}

    /** The media type of a request's body, empty when it says none. */
    static String of(HttpRequest request) {
        String value = request.header("Content-Type").orElse("");
        int end = value.indexOf(';');
        return (end < 0 ? value : value.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }
}
