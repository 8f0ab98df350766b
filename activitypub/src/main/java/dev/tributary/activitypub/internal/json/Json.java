// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.json;

import dev.tributary.activitypub.ActivityPubException;
import dev.tributary.activitypub.ActivityPubException.Reason;
import dev.tributary.activitypub.Limits;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON in and out of plain Java values: maps that keep their order, lists, strings, {@code Long}, {@code BigInteger},
 * {@code BigDecimal}, {@code Boolean} and {@code null}. Strict: no duplicate names, nothing after the document, and
 * bounded by {@link Limits}. Thread-safe.
 */
public final class Json {
    /** Longest number: nothing in the vocabulary needs more, and long ones are slow to convert. */
    private static final int NUMBER_LENGTH = 100;

    private final JsonFactory factory;
    private final Limits limits;

    /** A reader and writer within bounds. */
    public Json(Limits limits) {
        this.limits = limits;
        this.factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(limits.jsonDepth())
                        .maxStringLength(limits.stringLength())
                        .maxNumberLength(NUMBER_LENGTH)
                        .maxNameLength(limits.urlLength())
                        .maxDocumentLength(limits.documentBytes())
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
    }

    /**
     * Reads one object.
     *
     * @throws ActivityPubException if it is not one JSON object (MALFORMED) or exceeds a bound (TOO_LARGE)
     */
    public Map<String, @Nullable Object> readObject(byte[] document) {
        if (document.length > limits.documentBytes()) {
            throw new ActivityPubException(
                    Reason.TOO_LARGE, "JSON of " + document.length + " bytes; at most " + limits.documentBytes());
        }
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), document)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new ActivityPubException(Reason.MALFORMED, "JSON: the document is not an object");
            }
            Map<String, @Nullable Object> object = new Reading(parser).object();
            if (parser.nextToken() != null) {
                throw new ActivityPubException(Reason.MALFORMED, "JSON: something follows the document");
            }
            return object;
        } catch (StreamConstraintsException e) {
            throw new ActivityPubException(Reason.TOO_LARGE, "JSON exceeds a limit: " + e.getOriginalMessage(), e);
        } catch (JacksonException e) {
            throw new ActivityPubException(Reason.MALFORMED, "JSON does not parse: " + e.getOriginalMessage(), e);
        }
    }

    /** Reads one object from text; see {@link #readObject(byte[])}. */
    public Map<String, @Nullable Object> readObject(String document) {
        return readObject(document.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes maps, lists and simple values as compact JSON. */
    public String write(Map<String, ? extends @Nullable Object> object) {
        StringWriter out = new StringWriter(512);
        try (JsonGenerator generator = factory.createGenerator(ObjectWriteContext.empty(), out)) {
            writeValue(generator, object);
        }
        return out.toString();
    }

    private final class Reading {
        private final JsonParser parser;
        private int values;

        Reading(JsonParser parser) {
            this.parser = parser;
        }

        Map<String, @Nullable Object> object() {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = text(parser.currentName());
                object.put(name, value(parser.nextToken()));
            }
            return Collections.unmodifiableMap(object);
        }

        private List<@Nullable Object> array() {
            List<@Nullable Object> array = new ArrayList<>();
            for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                array.add(value(token));
            }
            return Collections.unmodifiableList(array);
        }

        private @Nullable Object value(@Nullable JsonToken token) {
            if (++values > limits.jsonValues()) {
                throw new ActivityPubException(
                        Reason.TOO_LARGE, "JSON holds more than " + limits.jsonValues() + " values");
            }
            if (token == null) {
                throw new ActivityPubException(Reason.MALFORMED, "JSON ends early");
            }
            return switch (token) {
                case START_OBJECT -> object();
                case START_ARRAY -> array();
                case VALUE_STRING -> text(parser.getString());
                case VALUE_TRUE -> Boolean.TRUE;
                case VALUE_FALSE -> Boolean.FALSE;
                case VALUE_NUMBER_INT -> integer();
                case VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
                default -> null;
            };
        }

        /** RFC 7493 2.1: no half of a surrogate pair, which no database and no signature can hold. */
        private String text(String text) {
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1))) {
                    i++;
                } else if (Character.isSurrogate(c)) {
                    throw new ActivityPubException(Reason.MALFORMED, "JSON: half a surrogate pair");
                }
            }
            return text;
        }

        private Object integer() {
            BigInteger value = parser.getBigIntegerValue();
            return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
        }
    }

    private static void writeValue(JsonGenerator out, @Nullable Object value) {
        if (value == null) {
            out.writeNull();
        } else if (value instanceof Map<?, ?> map) {
            out.writeStartObject();
            map.forEach((name, member) -> {
                out.writeName(String.valueOf(name));
                writeValue(out, member);
            });
            out.writeEndObject();
        } else if (value instanceof Iterable<?> list) {
            out.writeStartArray();
            list.forEach(member -> writeValue(out, member));
            out.writeEndArray();
        } else if (value instanceof Boolean flag) {
            out.writeBoolean(flag);
        } else if (value instanceof Integer || value instanceof Long) {
            out.writeNumber(((Number) value).longValue());
        } else if (value instanceof BigInteger number) {
            out.writeNumber(number);
        } else if (value instanceof BigDecimal number) {
            out.writeNumber(number);
        } else {
            out.writeString(value.toString());
        }
    }
}
