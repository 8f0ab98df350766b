// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.shig;

import dev.tributary.sdp.Direction;
import dev.tributary.sdp.MediaDescription;
import dev.tributary.sdp.MediaKind;
import dev.tributary.sdp.Msid;
import dev.tributary.sdp.SessionDescription;
import dev.tributary.sdp.TrackAnnotation;
import dev.tributary.whipwhep.Purpose;
import dev.tributary.whipwhep.Track;
import dev.tributary.whipwhep.TrackKind;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Descriptions between Shig's client and us. It annotates every section, the data channel's too, with {@code i=} and one to
 * three words, and takes the third of ours for the whole label; it knows guests (1) and the main stream (2), and finds out
 * who is who by the first UUID in a track's id. Stateless.
 */
final class ShigSdp {
    /** What the client calls everybody. */
    private static final String ANYBODY = "Guest";

    private static final Pattern MSID = Pattern.compile("^(a=(?:ssrc:\\d+ )?msid:)(\\S+) (\\S+)$");

    private ShigSdp() {}

    /** Rewrites a client's offer as we annotate. */
    static String fromClient(String sdp, String label) {
        StringBuilder ours = new StringBuilder(sdp.length() + 64);
        boolean isMedia = false;
        for (String line : sdp.split("\r?\n")) {
            if (line.startsWith("m=")) {
                isMedia = !line.startsWith("m=application");
            }
            if (line.startsWith("i=")) {
                if (isMedia) {
                    ours.append("i=")
                            .append(annotation(line.substring(2), label))
                            .append("\r\n");
                }
            } else if (!line.isEmpty()) {
                ours.append(line).append("\r\n");
            }
        }
        return ours.toString();
    }

    private static String annotation(String title, String label) {
        String[] words = title.strip().split("\\s+", 3);
        String purpose = words[0].equals("2") ? "2" : "1";
        String mute = words.length > 1 && words[1].equals("1") ? "1" : "2";
        String said = words.length > 2 ? decoded(words[2]) : ANYBODY;
        return purpose + " " + mute + " " + (said.equals(ANYBODY) && !label.isEmpty() ? label : said);
    }

    private static String decoded(String word) {
        try {
            return URLDecoder.decode(word.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return word;
        }
    }

    /** The tracks that an offer, annotated as ours, sends. */
    static List<Track> tracks(String offer) {
        SessionDescription description = SessionDescription.parse(offer);
        List<Track> tracks = new ArrayList<>();
        for (MediaDescription section : description.media()) {
            boolean isTrack = section.kind() == MediaKind.AUDIO || section.kind() == MediaKind.VIDEO;
            Direction direction = description.direction(section);
            Msid msid = section.msids().isEmpty() ? null : section.msids().get(0);
            String id = msid == null ? null : msid.track();
            if (!isTrack || !direction.sends() || msid == null || id == null) {
                continue;
            }
            TrackAnnotation annotation = section.annotation();
            TrackKind kind = section.kind() == MediaKind.AUDIO ? TrackKind.AUDIO : TrackKind.VIDEO;
            Purpose purpose = annotation.purpose() == TrackAnnotation.Purpose.MAIN ? Purpose.MAIN : Purpose.GUEST;
            tracks.add(Track.of(id, kind, purpose, annotation.label(), msid.stream())
                    .withMid(section.mid())
                    .withMuted(annotation.muted())
                    .withActive(true));
        }
        return tracks;
    }

    /** Rewrites an offer of ours as the client reads it. */
    static String toClient(String sdp) {
        StringBuilder theirs = new StringBuilder(sdp.length() + 64);
        for (String line : sdp.split("\r?\n")) {
            theirs.append(
                            line.startsWith("i=")
                                    ? "i=" + oneWord(TrackAnnotation.parse(line.substring(2)))
                                    : named(line))
                    .append("\r\n");
        }
        return theirs.toString();
    }

    private static String oneWord(TrackAnnotation annotation) {
        String label = annotation.label().strip().replaceAll("\\s+", "_");
        return (annotation.purpose() == TrackAnnotation.Purpose.MAIN ? "2 " : "1 ")
                + (annotation.muted() ? "1 " : "2 ")
                + (label.isEmpty() ? ANYBODY : label);
    }

    // The stream is the same for sound and picture of one person, so it tells who that is.
    private static String named(String line) {
        Matcher msid = MSID.matcher(line);
        if (!msid.matches()) {
            return line;
        }
        String stream = msid.group(2);
        UUID person = UUID.nameUUIDFromBytes(stream.getBytes(StandardCharsets.UTF_8));
        String track = String.format(Locale.ROOT, "%06x", msid.group(3).hashCode() & 0xFFFFFF);
        return msid.group(1) + stream + " " + track + "-" + person;
    }
}
