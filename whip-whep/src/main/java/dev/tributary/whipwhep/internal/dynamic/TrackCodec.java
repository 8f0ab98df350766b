// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.dynamic;

import dev.tributary.whipwhep.ErrorCode;
import dev.tributary.whipwhep.Purpose;
import dev.tributary.whipwhep.Track;
import dev.tributary.whipwhep.TrackKind;
import dev.tributary.whipwhep.TrackLayer;
import dev.tributary.whipwhep.TrackOrigin;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tracks in messages: whole ones, and changes of one. In a change, an absent field stays as it is, and {@code null} takes a
 * value away. Stateless.
 */
public final class TrackCodec {
    private TrackCodec() {}

    /** Writes a whole track. */
    static ObjectNode write(Track track) {
        ObjectNode out = Json.object();
        out.put("id", track.id()).put("mid", track.mid());
        out.put("kind", track.kind().wireName());
        out.put("purpose", track.purpose().wireName()).put("label", track.label());
        if (track.origin() != null) {
            out.set("origin", origin(track.origin()));
        }
        out.put("stream", track.stream()).put("muted", track.muted()).put("enabled", track.enabled());
        out.put("paused", track.paused()).put("active", track.active());
        if (track.codec() != null) {
            out.put("codec", track.codec());
        }
        if (track.width() > 0) {
            out.put("width", track.width());
        }
        if (track.height() > 0) {
            out.put("height", track.height());
        }
        if (!track.layers().isEmpty()) {
            out.set("layers", layers(track.layers()));
        }
        return out;
    }

    /** Writes the id and what changed; {@code null} when nothing did. */
    static @Nullable ObjectNode writeChange(Track before, Track after) {
        ObjectNode out = Json.object().put("id", after.id());
        if (!Objects.equals(before.mid(), after.mid())) {
            out.put("mid", after.mid());
        }
        if (before.purpose() != after.purpose()) {
            out.put("purpose", after.purpose().wireName());
        }
        if (!before.label().equals(after.label())) {
            out.put("label", after.label());
        }
        if (!Objects.equals(before.origin(), after.origin())) {
            out.set("origin", after.origin() == null ? out.nullNode() : origin(after.origin()));
        }
        if (!before.stream().equals(after.stream())) {
            out.put("stream", after.stream());
        }
        writeChangedState(before, after, out);
        if (!Objects.equals(before.codec(), after.codec())) {
            out.put("codec", after.codec());
        }
        if (before.width() != after.width() || before.height() != after.height()) {
            out.put("width", after.width()).put("height", after.height());
        }
        if (!before.layers().equals(after.layers())) {
            out.set("layers", layers(after.layers()));
        }
        return out.size() == 1 ? null : out;
    }

    private static void writeChangedState(Track before, Track after, ObjectNode out) {
        if (before.muted() != after.muted()) {
            out.put("muted", after.muted());
        }
        if (before.enabled() != after.enabled()) {
            out.put("enabled", after.enabled());
        }
        if (before.paused() != after.paused()) {
            out.put("paused", after.paused());
        }
        if (before.active() != after.active()) {
            out.put("active", after.active());
        }
    }

    private static ObjectNode origin(TrackOrigin origin) {
        ObjectNode out = Json.object();
        if (origin.actor() != null) {
            out.put("actor", origin.actor());
        }
        if (origin.instance() != null) {
            out.put("instance", origin.instance());
        }
        return out;
    }

    /** Writes layers. */
    static ArrayNode layers(List<TrackLayer> layers) {
        ArrayNode out = Json.object().putArray("layers");
        for (TrackLayer layer : layers) {
            out.addObject()
                    .put("rid", layer.rid())
                    .put("width", layer.width())
                    .put("height", layer.height())
                    .put("bitrate", layer.bitrateBps())
                    .put("active", layer.active());
        }
        return out;
    }

    /** Writes a list of tracks into a message. */
    static void writeAll(ObjectNode message, Collection<Track> tracks) {
        ArrayNode array = message.putArray("tracks");
        for (Track track : tracks) {
            array.add(write(track));
        }
    }

    /** Reads the list of tracks of a message, by id in order. */
    static Map<String, Track> readAll(ObjectNode message, int tracksMax) {
        if (!(message.get("tracks") instanceof ArrayNode array)) {
            throw new BadMessage("tracks is not an array");
        }
        if (array.size() > tracksMax) {
            throw new BadMessage(ErrorCode.LIMIT, "a session has at most " + tracksMax + " tracks");
        }
        Map<String, Track> tracks = new LinkedHashMap<>();
        for (JsonNode entry : array) {
            Track track = read(entry);
            if (tracks.put(track.id(), track) != null) {
                throw new BadMessage("tracks names a track twice");
            }
        }
        return tracks;
    }

    /** Reads a whole track. */
    static Track read(@Nullable JsonNode node) {
        if (!(node instanceof ObjectNode object)) {
            throw new BadMessage("a track is an object");
        }
        String kind = Json.requiredText(object, "kind");
        TrackKind known = kind.equals("audio") ? TrackKind.AUDIO : kind.equals("video") ? TrackKind.VIDEO : null;
        if (known == null) {
            throw new BadMessage("kind is neither audio nor video");
        }
        try {
            Track blank = Track.of(Json.requiredText(object, "id"), known, Purpose.GUEST, "", stream(object));
            return merge(blank, object);
        } catch (IllegalArgumentException e) {
            throw new BadMessage(String.valueOf(e.getMessage()));
        }
    }

    private static String stream(ObjectNode object) {
        String stream = Json.text(object, "stream");
        return stream == null ? "-" : stream;
    }

    /** The track after a change; fields that are unknown are ignored, id and kind cannot change. */
    static Track merge(Track track, ObjectNode change) {
        try {
            String purpose = Json.text(change, "purpose");
            String label = Json.text(change, "label");
            String stream = Json.text(change, "stream");
            return new Track(
                    track.id(),
                    change.has("mid") ? Json.text(change, "mid") : track.mid(),
                    track.kind(),
                    purpose == null ? track.purpose() : Purpose.ofWireName(purpose),
                    label == null ? track.label() : label,
                    change.has("origin") ? readOrigin(change.get("origin")) : track.origin(),
                    stream == null ? track.stream() : stream,
                    or(Json.truth(change, "muted"), track.muted()),
                    or(Json.truth(change, "enabled"), track.enabled()),
                    or(Json.truth(change, "paused"), track.paused()),
                    or(Json.truth(change, "active"), track.active()),
                    change.has("codec") ? Json.text(change, "codec") : track.codec(),
                    Json.smallInteger(change, "width", track.width()),
                    Json.smallInteger(change, "height", track.height()),
                    change.has("layers") ? readLayers(change.get("layers")) : track.layers());
        } catch (IllegalArgumentException e) {
            throw new BadMessage(String.valueOf(e.getMessage()));
        }
    }

    private static boolean or(@Nullable Boolean value, boolean fallback) {
        return value == null ? fallback : value;
    }

    private static @Nullable TrackOrigin readOrigin(JsonNode node) {
        if (node.isNull()) {
            return null;
        }
        if (!(node instanceof ObjectNode object)) {
            throw new BadMessage("origin is not an object");
        }
        return new TrackOrigin(Json.text(object, "actor"), Json.text(object, "instance"));
    }

    /** Reads layers; a missing number is unknown. */
    static List<TrackLayer> readLayers(@Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return List.of();
        }
        if (!(node instanceof ArrayNode array) || array.size() > Track.LAYERS_MAX) {
            throw new BadMessage("layers is not an array of at most " + Track.LAYERS_MAX);
        }
        List<TrackLayer> layers = new ArrayList<>();
        for (JsonNode entry : array) {
            if (!(entry instanceof ObjectNode object)) {
                throw new BadMessage("a layer is an object");
            }
            try {
                layers.add(new TrackLayer(
                        Json.requiredText(object, "rid"),
                        Json.smallInteger(object, "width", 0),
                        Json.smallInteger(object, "height", 0),
                        Json.smallInteger(object, "bitrate", 0),
                        or(Json.truth(object, "active"), true)));
            } catch (IllegalArgumentException e) {
                throw new BadMessage(String.valueOf(e.getMessage()));
            }
        }
        return layers;
    }
}
