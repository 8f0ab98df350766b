// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The shipped JSON Schema of the messages, and a validator that others wrote. */
final class MessageSchema {
    static final JsonMapper JSON = new JsonMapper();
    static final String TEXT = read();

    private static final JsonNode TREE = JSON.readTree(TEXT);
    private static final String ID = TREE.get("$id").stringValue();
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(Map.of(ID, TEXT)));
    private static final Schema ANY = REGISTRY.getSchema(SchemaLocation.of(ID));
    private static final Map<String, Schema> BY_TYPE = byType();

    private MessageSchema() {}

    private static String read() {
        try (InputStream in = DynamicSender.class.getResourceAsStream("dynamic-control.v1.schema.json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Schema> byType() {
        Map<String, Schema> types = new TreeMap<>();
        TREE.get("oneOf").forEach(entry -> {
            String reference = entry.get("$ref").stringValue();
            String type = reference.substring(reference.lastIndexOf('/') + 1);
            types.put(type, REGISTRY.getSchema(SchemaLocation.of(ID + reference)));
        });
        return types;
    }

    /** The types of messages. */
    static List<String> types() {
        return List.copyOf(BY_TYPE.keySet());
    }

    /** The definition of one type. */
    static JsonNode definition(String type) {
        return TREE.get("$defs").get(type);
    }

    /** What is wrong with a message as a whole, as anybody with the file would check it. */
    static List<String> mistakes(String message) {
        return texts(ANY.validate(message, InputFormat.JSON));
    }

    /** The same for a message that has one of the types, which is quicker. */
    static List<String> mistakesOfItsType(String message) {
        String type = JSON.readTree(message).get("type").stringValue();
        Schema schema = BY_TYPE.get(type);
        return schema == null ? List.of("unknown type " + type) : texts(schema.validate(message, InputFormat.JSON));
    }

    private static List<String> texts(List<Error> errors) {
        List<String> texts = new ArrayList<>();
        errors.forEach(error -> texts.add(error.toString()));
        return texts;
    }
}
