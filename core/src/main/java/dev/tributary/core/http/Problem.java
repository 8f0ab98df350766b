// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.http;

import java.util.Map;

/**
 * An error as a peer sees it (RFC 9457, problem details), written as {@code application/problem+json}. Immutable. What
 * stands in it goes to strangers: say what they did wrong and what to do, never what happened inside.
 *
 * @param status the HTTP status
 * @param type a URI that names the kind of problem; {@link #ABOUT_BLANK} when the status says it all
 * @param title the kind of problem in a few words, the same for each occurrence
 * @param detail this occurrence in a sentence; empty when there is no more to say
 */
public record Problem(int status, String type, String title, String detail) {
    /** The type of a problem that its status describes (RFC 9457 section 4.2.1). */
    public static final String ABOUT_BLANK = "about:blank";

    /** The media type of the written form. */
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final Map<Integer, String> TITLES = Map.ofEntries(
            Map.entry(400, "Bad Request"),
            Map.entry(401, "Unauthorized"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(406, "Not Acceptable"),
            Map.entry(408, "Request Timeout"),
            Map.entry(409, "Conflict"),
            Map.entry(410, "Gone"),
            Map.entry(412, "Precondition Failed"),
            Map.entry(413, "Content Too Large"),
            Map.entry(414, "URI Too Long"),
            Map.entry(415, "Unsupported Media Type"),
            Map.entry(422, "Unprocessable Content"),
            Map.entry(428, "Precondition Required"),
            Map.entry(429, "Too Many Requests"),
            Map.entry(431, "Request Header Fields Too Large"),
            Map.entry(500, "Internal Server Error"),
            Map.entry(501, "Not Implemented"),
            Map.entry(503, "Service Unavailable"),
            Map.entry(505, "HTTP Version Not Supported"));

    /** A problem that its status describes, with a sentence about this occurrence. */
    public static Problem of(int status, String detail) {
        return new Problem(status, ABOUT_BLANK, TITLES.getOrDefault(status, "Error"), detail);
    }

    /** The response for a problem that its status describes. */
    public static HttpResponse response(int status, String detail) {
        return of(status, detail).response();
    }

    /** The response for a problem of a kind of one's own. */
    public static HttpResponse response(int status, String type, String title, String detail) {
        return new Problem(status, type, title, detail).response();
    }

    /** This problem as a response. */
    public HttpResponse response() {
        return HttpResponse.of(status, MEDIA_TYPE, toJson());
    }

    /** This problem as a JSON object. */
    public String toJson() {
        StringBuilder json = new StringBuilder(96 + detail.length());
        json.append("{\"type\":");
        quote(json, type);
        json.append(",\"title\":");
        quote(json, title);
        json.append(",\"status\":").append(status);
        if (!detail.isEmpty()) {
            json.append(",\"detail\":");
            quote(json, detail);
        }
        return json.append('}').toString();
    }

    private static void quote(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < 0x20 || c == 0x7f || c == '<' || loneSurrogate(text, i)) {
                // '<' too: a browser that sniffs must not find markup in what a peer sent and we quote.
                json.append("\\u").append(Character.forDigit(c >> 12, 16));
                json.append(Character.forDigit(c >> 8 & 0xf, 16));
                json.append(Character.forDigit(c >> 4 & 0xf, 16)).append(Character.forDigit(c & 0xf, 16));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }

    private static boolean loneSurrogate(String text, int index) {
        char c = text.charAt(index);
        if (Character.isHighSurrogate(c)) {
            return index + 1 == text.length() || !Character.isLowSurrogate(text.charAt(index + 1));
        }
        return Character.isLowSurrogate(c) && (index == 0 || !Character.isHighSurrogate(text.charAt(index - 1)));
    }
}
