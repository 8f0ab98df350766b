// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** In which directions media flows, seen from the side whose description holds the attribute (RFC 8866 §6.7). */
public enum Direction {
    /** Both ways. */
    SENDRECV(true, true),
    /** From this side only. */
    SENDONLY(true, false),
    /** To this side only. */
    RECVONLY(false, true),
    /** No media, though the section stays agreed. */
    INACTIVE(false, false);

    private static final List<Direction> ALL = List.of(values());

    private final boolean send;
    private final boolean receive;

    Direction(boolean send, boolean receive) {
        this.send = send;
        this.receive = receive;
    }

    /** The direction with these two halves. */
    public static Direction of(boolean send, boolean receive) {
        if (send) {
            return receive ? SENDRECV : SENDONLY;
        }
        return receive ? RECVONLY : INACTIVE;
    }

    /** The direction whose attribute has that name, or null when the name is none of the four. */
    public static @Nullable Direction ofAttribute(@Nullable String name) {
        for (Direction direction : ALL) {
            if (direction.attributeName().equals(name)) {
                return direction;
            }
        }
        return null;
    }

    /** The first direction that one of the lines states, or null. */
    static @Nullable Direction first(List<SdpLine> lines) {
        for (SdpLine line : lines) {
            for (Direction direction : ALL) {
                if (line.isFlag(direction.attributeName())) {
                    return direction;
                }
            }
        }
        return null;
    }

    /** Whether the owner of the description sends. */
    public boolean sends() {
        return send;
    }

    /** Whether the owner of the description receives. */
    public boolean receives() {
        return receive;
    }

    /** The same flow seen from the other side. */
    public Direction reversed() {
        return of(receive, send);
    }

    /** What both this and the other direction allow, seen from the same side. */
    public Direction and(Direction other) {
        return of(send && other.send, receive && other.receive);
    }

    /** The direction of an answer to this offered direction when the answerer wants {@code wanted} (RFC 3264 §6.1). */
    public Direction answeredWith(Direction wanted) {
        return reversed().and(wanted);
    }

    /** Name of the attribute. */
    public String attributeName() {
        return switch (this) {
            case SENDRECV -> "sendrecv";
            case SENDONLY -> "sendonly";
            case RECVONLY -> "recvonly";
            case INACTIVE -> "inactive";
        };
    }
}
