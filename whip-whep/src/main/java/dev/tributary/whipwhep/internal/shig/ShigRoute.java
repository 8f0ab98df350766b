// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.shig;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a path means.
 *
 * @param space the channel that the stream belongs to; empty where the path has none
 * @param stream the stream; empty where the path has none
 */
public record ShigRoute(Dialect dialect, Action action, String space, String stream) {
    private static final int NAME_LENGTH_MAX = 256;

    /** What is behind a path. */
    public enum Action {
        /** The settings of the client: ICE servers. */
        SETTINGS,
        /** One stream. */
        STREAM,
        /** Who may join it besides its owner. */
        FRIENDS,
        /** Sending media. */
        WHIP,
        /** Receiving media. */
        WHEP,
        /** Leaving. */
        LEAVE,
        /** Whether it is shown to the world. */
        LIVE
    }

    /** Reads a path below the prefix; {@code null} when it means nothing. */
    public static @Nullable ShigRoute parse(String path) {
        List<String> segments;
        try {
            segments = Arrays.stream(path.substring(Math.min(1, path.length())).split("/", 8))
                    .map(segment -> URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8))
                    .toList();
        } catch (IllegalArgumentException malformedEscape) {
            return null;
        }
        if (segments.stream()
                .anyMatch(segment -> segment.isEmpty()
                        || segment.length() > NAME_LENGTH_MAX
                        || segment.chars().anyMatch(Character::isISOControl))) {
            return null;
        }
        return switch (segments.get(0)) {
            case "space" -> y2024(segments);
            case "channel" -> v1(segments);
            case "stream" -> stream(segments);
            default -> null;
        };
    }

    private static @Nullable ShigRoute y2024(List<String> segments) {
        if (segments.size() == 2 && segments.get(1).equals("setting")) {
            return new ShigRoute(Dialect.Y2024, Action.SETTINGS, "", "");
        }
        if (segments.size() < 4 || segments.size() > 5 || !segments.get(2).equals("stream")) {
            return null;
        }
        Action action = segments.size() == 4 ? Action.STREAM : media(segments.get(4));
        return action == null ? null : new ShigRoute(Dialect.Y2024, action, segments.get(1), segments.get(3));
    }

    private static @Nullable ShigRoute v1(List<String> segments) {
        if (segments.size() < 5 || segments.size() > 6 || !segments.get(2).equals("stream")) {
            return null;
        }
        Action action = segments.size() == 5
                ? media(segments.get(4))
                : !segments.get(4).equals("lobby")
                        ? null
                        : segments.get(5).equals("leave") ? Action.LEAVE : media(segments.get(5));
        return action == null ? null : new ShigRoute(Dialect.V1, action, segments.get(1), segments.get(3));
    }

    private static @Nullable ShigRoute stream(List<String> segments) {
        if (segments.size() == 2) {
            return new ShigRoute(Dialect.V1, Action.STREAM, "", segments.get(1));
        }
        return segments.size() == 3 && segments.get(2).equals("friends")
                ? new ShigRoute(Dialect.V1, Action.FRIENDS, "", segments.get(1))
                : null;
    }

    private static @Nullable Action media(String segment) {
        return switch (segment) {
            case "whip" -> Action.WHIP;
            case "whep" -> Action.WHEP;
            case "live" -> Action.LIVE;
            default -> null;
        };
    }
}
