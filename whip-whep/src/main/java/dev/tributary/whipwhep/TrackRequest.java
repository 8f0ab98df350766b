// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that a receiver of media asks the sender for.
 *
 * @param op what
 * @param track the id of the track, or {@code null} for {@link Op#RESYNC}
 * @param rid the layer to send, or {@code null} when the sender chooses within the bounds
 * @param maxWidth the widest picture wanted in pixels, 0 for no bound
 * @param maxHeight the highest picture wanted in pixels, 0 for no bound
 * @param maxFps the most pictures a second, 0 for no bound
 * @param value the priority (0 lowest to 100 highest) or the bitrate in bits per second; 0 otherwise
 */
public record TrackRequest(
        Op op, @Nullable String track, @Nullable String rid, int maxWidth, int maxHeight, int maxFps, int value) {
    /** What can be asked. */
    public enum Op {
        /** Negotiate the track (again), after it was declined or unsubscribed. */
        SUBSCRIBE,
        /** Free the m-line of the track. */
        UNSUBSCRIBE,
        /** Stop forwarding for now, keep the m-line. */
        PAUSE,
        /** Forward again. */
        RESUME,
        /** Choose a layer, or bound what is chosen. */
        LAYER,
        /** Weigh the track against the others when there is too little bandwidth. */
        PRIORITY,
        /** Send a key frame. */
        KEYFRAME,
        /** Send the whole track list. */
        RESYNC,
        /** To a publisher: please mute. The owner decides. */
        MUTE,
        /** To a publisher: please stop this track. The owner decides. */
        STOP,
        /** To a publisher: please send at most so many bits per second. */
        BITRATE;

        /** The word for it on the control channel. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Reads the word, or returns {@code null} when it means nothing. */
        public static @Nullable Op ofWireName(String word) {
            for (Op op : values()) {
                if (op.wireName().equals(word)) {
                    return op;
                }
            }
            return null;
        }
    }

    /** The highest priority. */
    public static final int PRIORITY_MAX = 100;

    /** Checks the ranges. */
    public TrackRequest {
        if ((track == null) != (op == Op.RESYNC)) {
            throw new IllegalArgumentException("Every request but resync names a track: " + op.wireName());
        }
        if (maxWidth < 0 || maxHeight < 0 || maxFps < 0 || value < 0) {
            throw new IllegalArgumentException("Bounds are not negative");
        }
        if (op == Op.PRIORITY && value > PRIORITY_MAX) {
            throw new IllegalArgumentException("A priority is 0 to " + PRIORITY_MAX + ", got " + value);
        }
    }

    /** A request without arguments for a track. */
    public static TrackRequest of(Op op, String track) {
        return new TrackRequest(op, track, null, 0, 0, 0, 0);
    }

    /** A request for the whole track list. */
    public static TrackRequest resync() {
        return new TrackRequest(Op.RESYNC, null, null, 0, 0, 0, 0);
    }

    /** A request for one layer. */
    public static TrackRequest layer(String track, String rid) {
        return new TrackRequest(Op.LAYER, track, rid, 0, 0, 0, 0);
    }

    /** A request for the best layer within bounds; 0 for no bound. */
    public static TrackRequest layerWithin(String track, int maxWidth, int maxHeight, int maxFps) {
        return new TrackRequest(Op.LAYER, track, null, maxWidth, maxHeight, maxFps, 0);
    }

    /** A request to weigh a track, 0 to 100. */
    public static TrackRequest priority(String track, int priority) {
        return new TrackRequest(Op.PRIORITY, track, null, 0, 0, 0, priority);
    }

    /** A request to a publisher to send at most so many bits per second. */
    public static TrackRequest bitrate(String track, int bitrateBps) {
        return new TrackRequest(Op.BITRATE, track, null, 0, 0, 0, bitrateBps);
    }
}
