// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import static dev.tributary.whipwhep.ControlPair.SECOND;
import static dev.tributary.whipwhep.ControlPair.track;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What we send is what the shipped schema says: checked by the part of JSON Schema that the schema uses. */
class SchemaTest {
    private static final JsonMapper JSON = new JsonMapper();
    private final JsonNode schema = load();

    private static JsonNode load() {
        try (InputStream in = DynamicSender.class.getResourceAsStream("dynamic-control.v1.schema.json")) {
            return JSON.readTree(in);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void everyMessageWeSendIsOfTheSchemaAndEveryTypeIsSent() {
        List<String> messages = new ArrayList<>();
        ControlPair whep = new ControlPair(
                DynamicOptions.server("s1", ControlRole.PIPE)
                        .withPermissions(Set.of(Permission.HOST))
                        .withInstance("https://a.example", List.of("https://c.example")),
                DynamicOptions.client(ControlRole.PIPE).withInstance("https://b.example", List.of()));
        whep.sender.put(
                track("full")
                        .withOrigin(new TrackOrigin("https://a.example/u", "https://a.example"))
                        .withFormat("VP8", 1280, 720)
                        .withLayers(List.of(new TrackLayer("h", 1280, 720, 1000, true))),
                0);
        whep.open();
        whep.negotiate("t1", "1");
        whep.sender.put(track("t1").withMuted(true).withFormat(null, 640, 360), whep.now);
        whep.sender.put(track("full").withFormat("VP8", 1280, 720), whep.now);
        long rejected = whep.offer("t2", "2");
        whep.receiver.reject(rejected, ErrorCode.LIMIT, "full", whep.now);
        whep.offer("t3", "3");
        whep.pass(16 * SECOND);
        whep.sender.remove("t1", whep.now);
        whep.sender.event("viewers", "{\"count\":3}");
        whep.receiver.request(TrackRequest.resync());
        whep.receiver.request(TrackRequest.layerWithin("full", 640, 360, 15));
        whep.receiver.request(TrackRequest.priority("full", 9));
        whep.receiver.request(TrackRequest.of(TrackRequest.Op.KEYFRAME, "nobody"));
        whep.receiver.set("full", new TrackChange(null, false, null, Purpose.MAIN));
        whep.sender.put(
                whep.sender.track("full").withLayers(List.of(new TrackLayer("q", 320, 180, 100, false))), whep.now);
        whep.exchange();
        whep.cut().open();
        whep.sender.reconnect("https://b.example", 3);
        whep.exchange();
        whep.sender.bye("ended", "over");
        whep.exchange();
        messages.addAll(whep.fromSender);
        messages.addAll(whep.fromReceiver);

        Set<String> types = new TreeSet<>();
        for (String message : messages) {
            JsonNode node = JSON.readTree(message);
            String type = node.get("type").stringValue();
            types.add(type);
            List<String> wrong = new ArrayList<>();
            check(node, schema.get("$defs").get(type), type, wrong);
            assertThat(wrong).as(message).isEmpty();
        }
        Set<String> known = new TreeSet<>();
        schema.get("oneOf")
                .forEach(entry -> known.add(entry.get("$ref").stringValue().substring("#/$defs/".length())));
        assertThat(types).isEqualTo(known);
    }

    @Test
    void theCheckFindsWhatIsWrong() {
        List<String> wrong = new ArrayList<>();
        JsonNode cancel = JSON.readTree("{\"type\":\"cancel\",\"seq\":\"1\",\"more\":2}");
        check(cancel, schema.get("$defs").get("cancel"), "cancel", wrong);
        check(JSON.readTree("{\"type\":\"cancel\"}"), schema.get("$defs").get("cancel"), "cancel", wrong);

        assertThat(wrong)
                .containsExactly("cancel.seq is no integer", "cancel.more is not in the schema", "cancel lacks seq");
    }

    private void check(JsonNode value, JsonNode rule, String at, List<String> wrong) {
        if (rule.has("$ref")) {
            check(value, schema.get("$defs").get(rule.get("$ref").stringValue().substring(8)), at, wrong);
            return;
        }
        if (rule.has("anyOf")) {
            for (JsonNode option : rule.get("anyOf")) {
                List<String> mistakes = new ArrayList<>();
                check(value, option, at, mistakes);
                if (mistakes.isEmpty()) {
                    return;
                }
            }
            wrong.add(at + " fits no choice");
            return;
        }
        if (rule.has("const") && !rule.get("const").equals(value)) {
            wrong.add(at + " is not " + rule.get("const"));
        }
        if (rule.has("enum") && rule.get("enum").valueStream().noneMatch(choice -> choice.equals(value))) {
            wrong.add(at + " is none of " + rule.get("enum"));
        }
        if (rule.has("pattern")
                && value.isString()
                && !value.stringValue().matches(rule.get("pattern").stringValue())) {
            wrong.add(at + " does not match");
        }
        checkType(value, rule, at, wrong);
        if (value.isArray() && rule.has("items")) {
            value.forEach(entry -> check(entry, rule.get("items"), at + "[]", wrong));
        }
        if (value.isObject()) {
            checkObject(value, rule, at, wrong);
        }
    }

    private void checkType(JsonNode value, JsonNode rule, String at, List<String> wrong) {
        if (!rule.has("type")) {
            return;
        }
        List<String> types = rule.get("type").isArray()
                ? rule.get("type").valueStream().map(JsonNode::stringValue).toList()
                : List.of(rule.get("type").stringValue());
        String actual = value.isNull()
                ? "null"
                : value.isString()
                        ? "string"
                        : value.isBoolean()
                                ? "boolean"
                                : value.isIntegralNumber() ? "integer" : value.isArray() ? "array" : "object";
        if (!types.contains(actual)) {
            wrong.add(at + " is no " + String.join(" or ", types));
        }
    }

    private void checkObject(JsonNode value, JsonNode rule, String at, List<String> wrong) {
        if (rule.has("required")) {
            rule.get("required").forEach(name -> {
                if (!value.has(name.stringValue())) {
                    wrong.add(at + " lacks " + name.stringValue());
                }
            });
        }
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            JsonNode known = rule.has("properties") ? rule.get("properties").get(field.getKey()) : null;
            if (known != null) {
                check(field.getValue(), known, at + "." + field.getKey(), wrong);
            } else if (rule.has("additionalProperties")) {
                check(field.getValue(), rule.get("additionalProperties"), at + "." + field.getKey(), wrong);
            } else if (rule.has("properties")) {
                wrong.add(at + "." + field.getKey() + " is not in the schema");
            }
        }
    }
}
