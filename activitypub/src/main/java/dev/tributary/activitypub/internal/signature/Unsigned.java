// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.signature;

import dev.tributary.core.http.HttpHeaders;
import java.util.Locale;
import java.util.Set;

/** Header fields without those that a signer adds, so that a request can be signed anew at each attempt. */
final class Unsigned {
    private static final Set<String> OURS =
            Set.of("host", "date", "digest", "content-digest", "signature", "signature-input");

    private Unsigned() {}

    static HttpHeaders of(HttpHeaders headers) {
        return HttpHeaders.copyOf(headers.entries().stream()
                .filter(field -> !OURS.contains(field.getKey().toLowerCase(Locale.ROOT)))
                .toList());
    }
}
