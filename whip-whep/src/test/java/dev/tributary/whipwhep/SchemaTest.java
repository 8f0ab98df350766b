// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import static dev.tributary.whipwhep.ControlPair.SECOND;
import static dev.tributary.whipwhep.ControlPair.track;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What we send is what the shipped schema says, and what the schema refuses has no effect here. */
class SchemaTest {
    /** A conversation in which each type of message is said. */
    private static List<String> conversation() {
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
        List<String> messages = new ArrayList<>(whep.fromSender);
        messages.addAll(whep.fromReceiver);
        return messages;
    }

    private static Collection<String> oneOfEachType() {
        Map<String, String> byType = new TreeMap<>();
        conversation().forEach(message -> byType.putIfAbsent(type(message), message));
        return byType.values();
    }

    private static String type(String message) {
        return MessageSchema.JSON.readTree(message).get("type").stringValue();
    }

    @Test
    void everyMessageWeSendIsOfTheSchemaAndEveryTypeIsSent() {
        Set<String> types = new TreeSet<>();
        for (String message : conversation()) {
            types.add(type(message));
            assertThat(MessageSchema.mistakes(message)).as(message).isEmpty();
            assertThat(MessageSchema.mistakesOfItsType(message)).as(message).isEmpty();
        }
        assertThat(types).containsExactlyElementsOf(MessageSchema.types());
    }

    @Test
    void aMessageWithAMistakeIsRefusedByTheSchema() {
        int mutants = 0;
        for (String message : oneOfEachType()) {
            for (String mutant : mutants(message)) {
                mutants++;
                assertThat(MessageSchema.mistakes(mutant)).as(mutant).isNotEmpty();
            }
        }
        assertThat(mutants).isGreaterThan(150);
    }

    @Test
    void whatTheSchemaRefusesIsNotTaken() {
        for (String message : oneOfEachType()) {
            for (String mutant : mutants(message)) {
                ControlPair pair = ControlPair.whep(Permission.HOST).open();
                pair.negotiate("full", "1");
                pair.offer("t2", "2");
                List<Track> before = pair.receiver.tracks();
                pair.fromSender.clear();
                pair.fromReceiver.clear();
                pair.senderEvents.clear();
                pair.receiverEvents.clear();

                pair.sender.handleText(mutant, pair.now);
                pair.receiver.handleText(mutant, pair.now);
                pair.exchange();

                assertThat(pair.sender.tracks()).as(mutant).isEqualTo(before);
                assertThat(pair.receiver.tracks()).as(mutant).isEqualTo(before);
                assertThat(pair.senderEvents).as(mutant).allMatch(SchemaTest::isAboutAMistake);
                assertThat(pair.receiverEvents).as(mutant).allMatch(SchemaTest::isAboutAMistake);
            }
        }
    }

    private static boolean isAboutAMistake(DynamicEvent event) {
        // A revision that skips some makes the receiver ask for the list, whatever else the message says.
        return event instanceof DynamicEvent.ErrorReceived || event instanceof DynamicEvent.ReplyReceived;
    }

    /** The message without each field that it must have, and with a wrong value in each field whose type is closed. */
    private static List<String> mutants(String message) {
        JsonNode definition = MessageSchema.definition(type(message));
        List<String> mutants = new ArrayList<>();
        ObjectNode original = (ObjectNode) MessageSchema.JSON.readTree(message);
        for (JsonNode required : definition.get("required")) {
            ObjectNode mutant = original.deepCopy();
            mutant.remove(required.stringValue());
            mutants.add(mutant.toString());
        }
        for (Map.Entry<String, JsonNode> property : definition.get("properties").properties()) {
            for (Object wrong : wrongValues(property.getValue())) {
                if (property.getKey().equals("code") && wrong instanceof String) {
                    // The schema says what we send; a code of a later version reads as "internal".
                    continue;
                }
                ObjectNode mutant = original.deepCopy();
                mutant.putPOJO(property.getKey(), wrong);
                mutants.add(MessageSchema.JSON.writeValueAsString(mutant));
            }
        }
        return mutants;
    }

    private static List<Object> wrongValues(JsonNode rule) {
        String type = rule.path("type").isString() ? rule.get("type").stringValue() : "";
        return switch (type) {
            case "integer" -> List.of(-1, 1.5, "1", 1L << 53);
            case "string" -> List.of(7, List.of());
            case "boolean" -> List.of("true", 1);
            case "array" -> List.of("", Map.of());
            case "object" -> List.of("", List.of());
            // A field without a rule, as an application's data, takes anything.
            default ->
                rule.has("const") || rule.has("enum")
                        ? List.of("nonsense", 0)
                        : rule.isEmpty() ? List.of() : List.of(true);
        };
    }

    @Test
    void theTextAndTheArtifactCarryTheSameSchema() throws IOException {
        Path published = Path.of(System.getProperty("tributary.root", ".."), "docs", "dynamic-control.v1.schema.json");

        assertThat(Files.readString(published)).isEqualTo(MessageSchema.TEXT);
    }
}
