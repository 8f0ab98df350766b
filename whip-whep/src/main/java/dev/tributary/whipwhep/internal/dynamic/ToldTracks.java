// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.dynamic;

import dev.tributary.whipwhep.Track;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A sender's track list, every change of which is a revision and is told: one by one as long as there are few, else by a
 * snapshot of all a little later. Not thread-safe.
 */
final class ToldTracks {
    private static final int CHANGES_PER_SECOND = 10;
    private static final int CHANGES_BURST = 30;
    private static final int CHANGES_AT_ONCE_MAX = 8;

    private final ControlChannel channel;
    private final LinkedHashMap<String, Track> tracks = new LinkedHashMap<>();
    private final TokenBucket changes = new TokenBucket(CHANGES_PER_SECOND, CHANGES_BURST);
    private long revision;

    ToldTracks(ControlChannel channel) {
        this.channel = channel;
    }

    /** The tracks in the order of their coming. */
    Collection<Track> all() {
        return tracks.values();
    }

    /** The same, unharmed by changes meanwhile. */
    List<Track> copy() {
        return List.copyOf(tracks.values());
    }

    @Nullable
    Track get(@Nullable String id) {
        return id == null ? null : tracks.get(id);
    }

    long revision() {
        return revision;
    }

    /** The peer knows a later revision than ours: it goes on from there. */
    void raiseRevision(long known) {
        revision = Math.max(revision, known);
    }

    /** Whether no further track has a place. */
    boolean isFull() {
        return tracks.size() >= channel.options().limits().tracks();
    }

    void add(Track track) {
        tracks.put(track.id(), track);
        tell("add", TrackCodec.write(track));
    }

    void change(Track before, Track after) {
        ObjectNode changed = TrackCodec.writeChange(before, after);
        if (changed == null) {
            return;
        }
        tracks.put(after.id(), after);
        if (before.withLayers(after.layers()).equals(after)) {
            revision++;
            ObjectNode message =
                    Json.message("layers").put("revision", revision).put("track", after.id());
            message.set("layers", TrackCodec.layers(after.layers()));
            send(message);
        } else {
            tell("update", changed);
        }
    }

    @Nullable
    Track remove(String id) {
        Track removed = tracks.remove(id);
        if (removed != null) {
            tell("remove", Json.object().put("id", id));
        }
        return removed;
    }

    /** Tells the mids of tracks, whether or not they differ from what we had: the peer may have assumed others. */
    void tellMids(List<Track> settled) {
        settled.forEach(track -> tracks.put(track.id(), track));
        if (settled.size() > CHANGES_AT_ONCE_MAX) {
            tellAll();
            return;
        }
        settled.forEach(
                track -> tell("update", Json.object().put("id", track.id()).put("mid", track.mid())));
    }

    /** Tells the whole list as a new revision, because the peer may have assumed what does not hold. */
    void tellAll() {
        revision++;
        channel.requestSnapshot(channel.now());
    }

    private void tell(String op, ObjectNode track) {
        revision++;
        ObjectNode message = Json.message("track").put("revision", revision).put("op", op);
        message.set("track", track);
        send(message);
    }

    private void send(ObjectNode message) {
        if (!channel.isUp()) {
            return;
        }
        if (changes.tryTake(channel.now())) {
            channel.sendState(message);
        } else {
            channel.requestSnapshot(channel.now() + SenderCore.SNAPSHOT_DELAY_NANOS);
        }
    }
}
