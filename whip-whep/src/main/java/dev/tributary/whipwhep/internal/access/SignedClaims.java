// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.access;

import dev.tributary.whipwhep.internal.dynamic.BadMessage;
import dev.tributary.whipwhep.internal.dynamic.Json;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The claims of a token in its compact form (RFC 7515 §3.1) whose signature was found good. Immutable. */
public final class SignedClaims {
    private static final int PARTS = 3;

    private final ObjectNode claims;

    private SignedClaims(ObjectNode claims) {
        this.claims = claims;
    }

    /** Reads a token; {@code null} when it cannot be read, or none of the keys made it. */
    public static @Nullable SignedClaims read(String token, List<TokenKey> keys) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != PARTS) {
            return null;
        }
        try {
            ObjectNode header = object(parts[0]);
            byte[] signed = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
            byte[] tag = Base64.getUrlDecoder().decode(parts[2]);
            JsonNode algorithm = header.path("alg");
            // RFC 7515 §4.1.11: what is critical and not understood makes the token invalid.
            if (!algorithm.isString() || header.has("crit")) {
                return null;
            }
            for (TokenKey key : keys) {
                // The key says what its algorithm is: a token never chooses how it is checked.
                if (key.algorithm().equals(algorithm.stringValue()) && key.verifies(signed, tag)) {
                    return new SignedClaims(object(parts[1]));
                }
            }
            return null;
        } catch (BadMessage | IllegalArgumentException e) {
            return null;
        }
    }

    private static ObjectNode object(String part) {
        String text = Json.utf8(Base64.getUrlDecoder().decode(part));
        if (text == null) {
            throw new BadMessage("not UTF-8");
        }
        return Json.readObject(text);
    }

    /** A text claim; empty when it is absent or something else. */
    public String text(String name) {
        JsonNode value = claims.path(name);
        return value.isString() ? value.stringValue() : "";
    }

    /** A claim of one text or several. */
    public List<String> words(String name) {
        JsonNode value = claims.path(name);
        List<String> words = new ArrayList<>();
        if (value.isString()) {
            words.add(value.stringValue());
        } else if (value.isArray()) {
            value.forEach(entry -> {
                if (entry.isString()) {
                    words.add(entry.stringValue());
                }
            });
        }
        return words;
    }

    /** A claim of a time in seconds since 1970. */
    public Instant instant(String name, Instant fallback) {
        JsonNode value = claims.path(name);
        try {
            return value.isNumber() ? Instant.ofEpochSecond(Math.round(value.doubleValue())) : fallback;
        } catch (DateTimeException e) {
            return fallback;
        }
    }
}
