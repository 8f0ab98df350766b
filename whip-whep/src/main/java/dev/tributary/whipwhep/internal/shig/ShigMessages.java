// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.shig;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The messages on the data channel of Shig's client: JSON in binary frames. Stateless. */
final class ShigMessages {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int BYTES_MAX = 256 * 1024;
    private static final int OFFER = 1;
    private static final int ANSWER = 2;
    private static final int MUTE = 3;

    private ShigMessages() {}

    /** What a client may say. */
    sealed interface Said permits Answer, Mute {}

    /** It answers the offer of a number. */
    record Answer(long number, String sdp) implements Said {}

    /** It mutes or unmutes what it sends in an m-line. */
    record Mute(String mid, boolean isMuted) implements Said {}

    /** Reads a message; {@code null} for what a client does not say. */
    static @Nullable Said read(byte[] message) {
        if (message.length > BYTES_MAX) {
            return null;
        }
        try {
            JsonNode root = JSON.readTree(message);
            JsonNode data = root.path("data");
            return switch (root.path("type").asInt(0)) {
                case ANSWER -> answer(data);
                case MUTE ->
                    data.path("mute").isBoolean()
                            ? new Mute(
                                    data.path("mid").asString(""),
                                    data.path("mute").asBoolean())
                            : null;
                default -> null;
            };
        } catch (JacksonException e) {
            return null;
        }
    }

    // The description is a text in version 1.0, and an object with one in 2024.
    private static @Nullable Answer answer(JsonNode data) {
        JsonNode sdp = data.path("sdp").isObject() ? data.path("sdp").path("sdp") : data.path("sdp");
        return sdp.isString() ? new Answer(data.path("number").asLong(-1), sdp.asString()) : null;
    }

    static byte[] offer(Dialect dialect, long number, String sdp) {
        ObjectNode message = message(dialect, OFFER);
        ObjectNode data = message.putObject("data").put("number", number);
        if (dialect == Dialect.V1) {
            data.put("sdp", sdp);
        } else {
            data.putObject("sdp").put("type", "offer").put("sdp", sdp);
        }
        return bytes(message);
    }

    /** Tells that what it receives in an m-line is muted, or not any more. */
    static byte[] mute(Dialect dialect, String mid, boolean isMuted) {
        ObjectNode message = message(dialect, MUTE);
        message.putObject("data").put("mute", isMuted).put("mid", mid);
        return bytes(message);
    }

    private static ObjectNode message(Dialect dialect, int type) {
        ObjectNode message = JSON.createObjectNode().put("id", 0);
        return dialect == Dialect.V1 ? message.put("type", String.valueOf(type)) : message.put("type", type);
    }

    private static byte[] bytes(ObjectNode message) {
        return JSON.writeValueAsString(message).getBytes(StandardCharsets.UTF_8);
    }
}
