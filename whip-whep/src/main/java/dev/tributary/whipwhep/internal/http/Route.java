// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.http;

import dev.tributary.whipwhep.spi.Refusal;
import dev.tributary.whipwhep.spi.SessionKind;
import dev.tributary.whipwhep.spi.WhipWhepException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a path means: an endpoint {@code …/{room}/whip}, a session {@code …/{room}/whip/{id}}, or the extension of one
 * {@code …/{room}/whip/{id}/control}. Where paths carry a token, it stands between the room and the protocol.
 *
 * @param kind WHIP or WHEP
 * @param room percent-decoded
 * @param token percent-decoded, where paths carry one; else {@code null}
 * @param session the id of a session, or {@code null} for the endpoint
 * @param isControl whether it is the extension of the session
 */
record Route(
        SessionKind kind,
        String room,
        @Nullable String token,
        @Nullable String session,
        boolean isControl) {
    /** The longest name of a room, in characters. */
    static final int ROOM_LENGTH_MAX = 256;

    static final String CONTROL = "control";

    private static final int SESSION_LENGTH_MAX = 64;

    /**
     * Reads a path.
     *
     * @param prefix where the handler is mounted; empty when it takes what it gets
     * @param isTokenInPath whether {@code {room}/{token}/whip} is understood besides {@code {room}/whip}
     * @throws WhipWhepException if the path means nothing
     */
    static Route parse(String path, String prefix, boolean isTokenInPath) {
        if (!path.startsWith(prefix + "/") || path.startsWith("//")) {
            throw nothing();
        }
        List<String> segments = List.of(path.substring(prefix.length() + 1).split("/", -1));
        int count = segments.size();
        for (int tail = 0; tail <= 2; tail++) {
            int at = count - 1 - tail;
            SessionKind kind = at >= 1 ? kind(segments.get(at)) : null;
            boolean hasToken = isTokenInPath && at == 2;
            if (kind == null || (!prefix.isEmpty() && at != 1 && !hasToken)) {
                continue;
            }
            String session = tail == 0 ? null : segments.get(at + 1);
            if ((session != null && !isSessionId(session))
                    || (tail == 2 && !segments.get(at + 2).equals(CONTROL))) {
                throw nothing();
            }
            String token = hasToken ? decode(segments.get(1)) : null;
            return new Route(kind, room(segments.get(hasToken ? 0 : at - 1)), token, session, tail == 2);
        }
        throw nothing();
    }

    private static WhipWhepException nothing() {
        return new WhipWhepException(Refusal.NOT_FOUND, "Endpoints are {room}/whip and {room}/whep.");
    }

    private static @Nullable SessionKind kind(String segment) {
        for (SessionKind kind : SessionKind.values()) {
            if (kind.pathSegment().equals(segment)) {
                return kind;
            }
        }
        return null;
    }

    private static boolean isSessionId(String text) {
        return text.length() <= SESSION_LENGTH_MAX && text.matches("[A-Za-z0-9_-]+");
    }

    private static String room(String raw) {
        String room = decode(raw);
        if (room == null
                || room.isBlank()
                || room.equals(".")
                || room.equals("..")
                || room.length() > ROOM_LENGTH_MAX
                || room.indexOf('/') >= 0
                || room.chars().anyMatch(Character::isISOControl)) {
            throw new WhipWhepException(Refusal.NO_SUCH_ROOM, "This cannot be the name of a room.");
        }
        return room;
    }

    private static @Nullable String decode(String raw) {
        if (raw.indexOf('%') < 0) {
            return raw;
        }
        ByteBuffer bytes = ByteBuffer.allocate(raw.length() * 3);
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c != '%') {
                bytes.put(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            int high = i + 2 < raw.length() ? Character.digit(raw.charAt(i + 1), 16) : -1;
            int low = high < 0 ? -1 : Character.digit(raw.charAt(i + 2), 16);
            if (low < 0) {
                return null;
            }
            bytes.put((byte) (high << 4 | low));
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
