// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a track is, as its {@code i=} line says: {@code i=<purpose> <mute> <label>}. The format is that of Shig, extended;
 * the line is a projection of the track list on the control channel, which decides when the two differ.
 *
 * <p>Reading never fails: a line that is no annotation is a label. Writing is injection-safe: a label cannot hold a control
 * character, and is cut to {@link #LABEL_BYTES_MAX} bytes at a character boundary.
 *
 * @param purpose role of the track in the stream
 * @param muted whether its source has muted it
 * @param label text for humans, plain; stripped and cut by the constructor
 */
public record TrackAnnotation(Purpose purpose, boolean muted, String label) {
    /** Longest label in bytes of UTF-8. */
    public static final int LABEL_BYTES_MAX = 128;

    /** What a section without {@code i=} means: a guest, not muted, without a label. */
    public static final TrackAnnotation DEFAULT = new TrackAnnotation(Purpose.GUEST, false, "");

    /** Role of a track in the stream. */
    public enum Purpose {
        /** Somebody who takes part; also what an unknown purpose reads as. */
        GUEST('1'),
        /** The programme itself. */
        MAIN('2'),
        /** A shared screen. */
        SCREEN('3');

        private final char digit;

        Purpose(char digit) {
            this.digit = digit;
        }
    }

    /** Strips and cuts the label. */
    public TrackAnnotation {
        label = plain(label);
    }

    /** Reads the value of an {@code i=} line; null, for a section without one, reads as {@link #DEFAULT}. */
    public static TrackAnnotation parse(@Nullable String title) {
        if (title == null) {
            return DEFAULT;
        }
        String[] words = Scan.words(title, 2);
        if (words.length == 2) {
            Purpose purpose = purpose(words[0]);
            boolean muted = words[1].equals("1");
            if (purpose != null && (muted || words[1].equals("2"))) {
                int afterPurpose = title.indexOf(words[0]) + 1;
                return new TrackAnnotation(purpose, muted, title.substring(title.indexOf(words[1], afterPurpose) + 1));
            }
        }
        return new TrackAnnotation(Purpose.GUEST, false, title);
    }

    private static @Nullable Purpose purpose(String word) {
        for (Purpose purpose : Purpose.values()) {
            if (word.length() == 1 && word.charAt(0) == purpose.digit) {
                return purpose;
            }
        }
        return null;
    }

    /** The value of the {@code i=} line. */
    public String write() {
        String text = purpose.digit + (muted ? " 1" : " 2");
        return label.isEmpty() ? text : text + ' ' + label;
    }

    private static String plain(String text) {
        StringBuilder kept = new StringBuilder(Math.min(text.length(), LABEL_BYTES_MAX));
        int bytes = 0;
        int i = 0;
        while (i < text.length()) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            if (isStripped(point) || (kept.length() == 0 && Character.isWhitespace(point))) {
                continue;
            }
            bytes += Character.toString(point).getBytes(StandardCharsets.UTF_8).length;
            if (bytes > LABEL_BYTES_MAX) {
                break;
            }
            kept.appendCodePoint(point);
        }
        return kept.toString().strip();
    }

    /** Control characters, the line and paragraph separators of Unicode, and halves of surrogate pairs. */
    private static boolean isStripped(int point) {
        int type = Character.getType(point);
        return type == Character.CONTROL
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.SURROGATE;
    }
}
