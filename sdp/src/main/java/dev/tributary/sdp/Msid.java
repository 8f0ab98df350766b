// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import dev.tributary.sdp.SdpException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * A track and the stream that it belongs to (RFC 8830).
 *
 * @param stream id of the media stream; {@code -} means that the track is in none
 * @param track id of the track; null when the sender names only the stream
 */
public record Msid(String stream, @Nullable String track) {
    /** Longest id in characters (RFC 8830 §2). */
    public static final int ID_CHARS_MAX = 64;

    /** Checks the ids. */
    public Msid {
        if (!isId(stream) || (track != null && !isId(track))) {
            throw new IllegalArgumentException(
                    "An msid id is 1 to 64 token characters (RFC 8830 §2), got \"" + stream + "\", \"" + track + '"');
        }
    }

    static Msid parse(String value) {
        String[] words = Scan.words(value, 3);
        if (words.length == 0 || words.length > 2 || !isId(words[0]) || (words.length == 2 && !isId(words[1]))) {
            throw SdpException.of(
                    Reason.SYNTAX, value, "a=msid has one or two ids of 1 to 64 characters (RFC 8830 §2)");
        }
        return new Msid(words[0], words.length == 2 ? words[1] : null);
    }

    /** RFC 8830 wants token characters; Firefox and others brace their UUIDs, so any visible character is taken. */
    private static boolean isId(String id) {
        return id.length() <= ID_CHARS_MAX && Scan.isVisible(id);
    }

    /** The value of the attribute. */
    public String write() {
        return track == null ? stream : stream + ' ' + track;
    }
}
