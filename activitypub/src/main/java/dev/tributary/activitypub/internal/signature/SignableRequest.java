// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.signature;

import dev.tributary.core.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A request as both ends see it when they sign or verify.
 *
 * @param method in upper case
 * @param scheme http or https
 * @param authority host and non-default port, lower case
 * @param target the raw path and query
 * @param headers the header fields
 * @param body the body; empty when there is none
 */
public record SignableRequest(
        String method, String scheme, String authority, String target, HttpHeaders headers, byte[] body) {
    /** Methods whose requests carry meaning in the body even if it is empty. */
    public boolean needsDigest() {
        return body.length > 0 || method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
    }

    /** The raw path without the query. */
    public String path() {
        int question = target.indexOf('?');
        return question < 0 ? target : target.substring(0, question);
    }

    /** All values of a field joined as RFC 9110 5.3 says, each trimmed; null when there is none. */
    @Nullable
    String field(String name) {
        List<String> values = headers.all(name);
        if (values.isEmpty()) {
            return null;
        }
        return values.stream().map(String::strip).collect(Collectors.joining(", "));
    }

    /** The authority of a URL's parts, in the form that Host has: no default port, lower case. */
    public static String authority(String scheme, String host, int port) {
        boolean usual = port < 0 || scheme.equals("https") && port == 443 || scheme.equals("http") && port == 80;
        return host.toLowerCase(Locale.ROOT) + (usual ? "" : ":" + port);
    }
}
