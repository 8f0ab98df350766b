// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.dynamic;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON of messages: strict, bounded in depth and lengths, one object per text. Thread-safe. */
public final class Json {
    /** A message is an object of objects and arrays of objects; nothing of ours is deeper. */
    static final int DEPTH_MAX = 12;

    /** The longest name of a field. */
    static final int NAME_LENGTH_MAX = 128;

    /** The longest number, in characters. */
    static final int NUMBER_LENGTH_MAX = 32;

    /** Beyond this a JavaScript peer cannot tell numbers apart. */
    private static final long INTEGER_MAX = (1L << 53) - 1;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH_MAX)
                            .maxNameLength(NAME_LENGTH_MAX)
                            .maxNumberLength(NUMBER_LENGTH_MAX)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /** A new empty message of a type. */
    static ObjectNode message(String type) {
        return MAPPER.createObjectNode().put("type", type);
    }

    /** A new empty object. */
    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** Reads UTF-8 strictly; {@code null} when it is none. */
    public static @Nullable String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /**
     * Reads one object.
     *
     * @throws BadMessage if the text is anything else
     */
    public static ObjectNode readObject(String text) {
        if (readValue(text) instanceof ObjectNode object) {
            return object;
        }
        throw new BadMessage("a message is one JSON object");
    }

    /**
     * Reads any JSON value.
     *
     * @throws BadMessage if the text is none
     */
    static JsonNode readValue(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException e) {
            // The exception quotes the input: it is not passed on.
            throw new BadMessage("not JSON, or beyond the limits of depth and lengths");
        }
    }

    /** The text of a message. */
    static String write(JsonNode node) {
        return MAPPER.writeValueAsString(node);
    }

    /** A text field; {@code null} when it is absent or null. */
    static @Nullable String text(ObjectNode object, String field) {
        JsonNode value = object.get(field);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isString()) {
            throw new BadMessage(field + " is not a string");
        }
        return value.stringValue();
    }

    /** A text field that must be there. */
    static String requiredText(ObjectNode object, String field) {
        String value = text(object, field);
        if (value == null) {
            throw new BadMessage(field + " is missing");
        }
        return value;
    }

    /** A field of an integer that is not negative; the fallback when it is absent or null. */
    static long integer(ObjectNode object, String field, long fallback) {
        JsonNode value = object.get(field);
        if (value == null || value.isNull()) {
            return fallback;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new BadMessage(field + " is not an integer");
        }
        long number = value.longValue();
        if (number < 0 || number > INTEGER_MAX) {
            throw new BadMessage(field + " is out of range");
        }
        return number;
    }

    /** A field of an integer that must be there. */
    static long requiredInteger(ObjectNode object, String field) {
        long value = integer(object, field, -1);
        if (value < 0) {
            throw new BadMessage(field + " is missing");
        }
        return value;
    }

    /** A field of an integer that fits an int; the fallback when it is absent or null. */
    static int smallInteger(ObjectNode object, String field, int fallback) {
        long value = integer(object, field, fallback);
        if (value > Integer.MAX_VALUE) {
            throw new BadMessage(field + " is out of range");
        }
        return (int) value;
    }

    /** A truth field; {@code null} when it is absent or null. */
    static @Nullable Boolean truth(ObjectNode object, String field) {
        JsonNode value = object.get(field);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isBoolean()) {
            throw new BadMessage(field + " is not true or false");
        }
        return value.booleanValue();
    }
}
