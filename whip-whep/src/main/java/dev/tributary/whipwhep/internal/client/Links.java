// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.client;

import dev.tributary.whipwhep.IceServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads Link header fields (RFC 8288) as servers really write them: several in one field, quoted strings with commas, and
 * the four known bad shapes (no angle brackets, {@code credential:} for {@code credential=}, an escaped question mark in a
 * TURN URI, no quotes). What cannot be read is skipped. Stateless.
 */
public final class Links {
    /** The most links that are read from one response. */
    static final int LINKS_MAX = 64;

    private Links() {}

    /**
     * One link.
     *
     * @param target as it stood between the angle brackets
     * @param parameters by lower-case name; the first of a name counts
     */
    public record Link(String target, Map<String, String> parameters) {
        /** Whether it has a relation; a link may have several, separated by blanks. */
        public boolean hasRelation(String relation) {
            return List.of(parameters.getOrDefault("rel", "").split(" ")).contains(relation);
        }
    }

    /** Reads all links of all fields. */
    public static List<Link> parse(List<String> fields) {
        List<Link> links = new ArrayList<>();
        for (String field : fields) {
            for (String part : split(field, ',')) {
                Link link = link(part.strip());
                if (link != null && links.size() < LINKS_MAX) {
                    links.add(link);
                }
            }
        }
        return links;
    }

    private static @Nullable Link link(String text) {
        List<String> parts = split(text, ';');
        String target = parts.get(0).strip();
        boolean isBracketed = target.startsWith("<") && target.endsWith(">");
        if (isBracketed) {
            target = target.substring(1, target.length() - 1);
        }
        // Empty brackets are a reference to the address itself (RFC 3986 §4.4).
        if (target.isEmpty() && !isBracketed) {
            return null;
        }
        Map<String, String> parameters = new HashMap<>();
        for (String part : parts.subList(1, parts.size())) {
            int at = separator(part);
            if (at > 0) {
                parameters.putIfAbsent(
                        part.substring(0, at).strip().toLowerCase(Locale.ROOT),
                        unquote(part.substring(at + 1).strip()));
            }
        }
        return new Link(target, parameters);
    }

    private static int separator(String parameter) {
        int equals = parameter.indexOf('=');
        int colon = parameter.indexOf(':');
        return equals < 0 || (colon > 0 && colon < equals) ? colon : equals;
    }

    private static String unquote(String value) {
        if (value.length() < 2 || !value.startsWith("\"") || !value.endsWith("\"")) {
            return value;
        }
        StringBuilder out = new StringBuilder(value.length());
        for (int i = 1; i < value.length() - 1; i++) {
            char c = value.charAt(i);
            out.append(c == '\\' && i + 1 < value.length() - 1 ? value.charAt(++i) : c);
        }
        return out.toString();
    }

    /** Splits outside of quotes and angle brackets. */
    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean isQuoted = false;
        boolean isTarget = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isQuoted && c == '\\') {
                i++;
            } else if (c == '"' && !isTarget) {
                isQuoted = !isQuoted;
            } else if (c == '<' && !isQuoted) {
                isTarget = true;
            } else if (c == '>' && !isQuoted) {
                isTarget = false;
            } else if (c == separator && !isQuoted && !isTarget) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }

    /** The ICE servers among links; those that make no sense are skipped. */
    public static List<IceServer> iceServers(List<Link> links) {
        List<IceServer> servers = new ArrayList<>();
        for (Link link : links) {
            if (!link.hasRelation("ice-server")) {
                continue;
            }
            String username = link.parameters().get("username");
            String credential = link.parameters().get("credential");
            boolean isComplete = username != null && credential != null;
            try {
                servers.add(new IceServer(
                        link.target().replace("%3F", "?").replace("%3f", "?"),
                        isComplete ? username : null,
                        isComplete ? credential : null));
            } catch (IllegalArgumentException e) {
                // A server that nobody could use; the others may do.
                continue;
            }
        }
        return servers;
    }
}
