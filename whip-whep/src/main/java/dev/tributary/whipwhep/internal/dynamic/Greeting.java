// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.dynamic;

import dev.tributary.whipwhep.ControlRole;
import dev.tributary.whipwhep.DynamicEvent;
import dev.tributary.whipwhep.DynamicOptions;
import dev.tributary.whipwhep.ErrorCode;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes and reads {@code hello} and {@code welcome}, and remembers the session that they agreed on. Not thread-safe. */
final class Greeting {
    /** The longest id of a session, in characters. */
    private static final int SESSION_LENGTH_MAX = 256;

    private final DynamicOptions options;
    private final Endpoint endpoint;
    private String session;
    private boolean wasUp;

    Greeting(DynamicOptions options, Endpoint endpoint) {
        this.options = options;
        this.endpoint = endpoint;
        this.session = options.session();
    }

    String session() {
        return session;
    }

    ObjectNode hello() {
        ObjectNode hello = Json.message("hello").put("version", ControlChannel.VERSION);
        hello.put("role", options.roles().iterator().next().wireName());
        if (wasUp) {
            hello.putObject("resume").put("session", session).put("revision", endpoint.revision());
        }
        writeVia(hello);
        return hello;
    }

    /** Reads a hello; the answer to it is {@link #welcome}. */
    DynamicEvent.Up readHello(ObjectNode hello) {
        checkVersion(hello);
        ControlRole role = ControlRole.ofWireName(Json.requiredText(hello, "role"));
        if (role == null || !options.roles().contains(role)) {
            throw BadMessage.fatal(ErrorCode.ROLE_CONFLICT, "this session is not for that role");
        }
        List<String> via = readVia(hello);
        boolean isResumed = hello.get("resume") instanceof ObjectNode resume
                && session.equals(Json.text(resume, "session"))
                && wasUp;
        wasUp = true;
        return new DynamicEvent.Up(session, role, options.permissions(), isResumed, via);
    }

    ObjectNode welcome() {
        ObjectNode welcome = Json.message("welcome").put("version", ControlChannel.VERSION);
        welcome.put("session", session).put("revision", endpoint.revision());
        if (!endpoint.isSender()) {
            welcome.put("seq", endpoint.answeredSeq());
        }
        ArrayNode permissions = welcome.putArray("permissions");
        options.permissions().stream().sorted().forEach(granted -> permissions.add(granted.wireName()));
        if (endpoint.isSender()) {
            writeVia(welcome);
        }
        TrackCodec.writeAll(welcome, endpoint.trackList());
        return welcome;
    }

    /** Reads a welcome, and hands the list in it to the endpoint. */
    DynamicEvent.Up readWelcome(ObjectNode welcome) {
        checkVersion(welcome);
        String given = Json.requiredText(welcome, "session");
        if (given.length() > SESSION_LENGTH_MAX) {
            throw new BadMessage("session is too long");
        }
        List<String> via = readVia(welcome);
        boolean isResumed = wasUp && given.equals(session);
        endpoint.welcomed(welcome, isResumed);
        session = given;
        wasUp = true;
        return new DynamicEvent.Up(
                session, options.roles().iterator().next(), Permissions.read(welcome), isResumed, via);
    }

    private static void checkVersion(ObjectNode message) {
        if (Json.requiredInteger(message, "version") != ControlChannel.VERSION) {
            throw BadMessage.fatal(
                    ErrorCode.UNSUPPORTED_VERSION, "version " + ControlChannel.VERSION + " is spoken here");
        }
    }

    private void writeVia(ObjectNode message) {
        String instance = options.instance();
        if (instance == null && options.via().isEmpty()) {
            return;
        }
        ArrayNode via = message.putArray("via");
        options.via().forEach(via::add);
        if (instance != null) {
            via.add(instance);
        }
    }

    private List<String> readVia(ObjectNode message) {
        List<String> via = Permissions.words(message, "via", options.limits().hops() + 1);
        if (options.instance() != null && via.contains(options.instance())) {
            throw BadMessage.fatal(ErrorCode.LOOP, "the stream has passed this instance");
        }
        if (via.size() > options.limits().hops()) {
            throw BadMessage.fatal(
                    ErrorCode.LIMIT,
                    "a stream passes at most " + options.limits().hops() + " instances");
        }
        return via;
    }
}
