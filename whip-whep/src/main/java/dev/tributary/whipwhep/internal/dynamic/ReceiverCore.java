// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.dynamic;

import dev.tributary.whipwhep.DynamicEvent;
import dev.tributary.whipwhep.DynamicOptions;
import dev.tributary.whipwhep.ErrorCode;
import dev.tributary.whipwhep.Track;
import dev.tributary.whipwhep.TrackChange;
import dev.tributary.whipwhep.TrackRequest;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The state machine behind {@link dev.tributary.whipwhep.DynamicReceiver}: at most one offer at the owner, the last reply
 * kept so that it can be given again, and a copy of the sender's track list that follows its revisions.
 */
public final class ReceiverCore implements Endpoint {
    private record Offer(long seq, Map<String, @Nullable String> mids) {}

    private final ControlChannel channel;
    private final LinkedHashMap<String, Track> tracks = new LinkedHashMap<>();

    private long revision;
    private boolean isResyncing;
    private @Nullable Offer pending;
    /** The newest offer that was replied to, by answer, reject or cancelled; and that reply. */
    private long repliedSeq;

    private long answeredSeq;
    private @Nullable ObjectNode reply;

    /** A receiver that knows of no track. */
    public ReceiverCore(DynamicOptions options) {
        this.channel = new ControlChannel(options, this);
    }

    /** The other half. */
    public ControlChannel channel() {
        return channel;
    }

    @Override
    public boolean isSender() {
        return false;
    }

    @Override
    public long revision() {
        return revision;
    }

    @Override
    public Collection<Track> trackList() {
        return tracks.values();
    }

    @Override
    public long answeredSeq() {
        return repliedSeq;
    }

    /** One track. */
    public @Nullable Track track(String id) {
        return tracks.get(id);
    }

    /** What is known of the tracks of the first exchange, before the sender has said anything. */
    public void presume(Collection<Track> known) {
        if (revision == 0) {
            replaceAll(byId(known), 0);
        }
    }

    private static Map<String, Track> byId(Collection<Track> list) {
        Map<String, Track> map = new LinkedHashMap<>();
        list.forEach(track -> map.put(track.id(), track));
        return map;
    }

    @Override
    public void welcomed(ObjectNode welcome, boolean isResumed) {
        replaceAll(readTracks(welcome), Json.requiredInteger(welcome, "revision"));
        if (!isResumed) {
            // Another session: its offers begin anew.
            if (pending != null) {
                channel.emit(new DynamicEvent.OfferCancelled(pending.seq()));
            }
            pending = null;
            reply = null;
            repliedSeq = 0;
            answeredSeq = 0;
        }
    }

    @Override
    public void up(boolean isResumed) {
        // The sender sends again what is outstanding; replies are given again when it does.
    }

    @Override
    public void down() {
        isResyncing = false;
    }

    @Override
    public void receivePolicy(long id, String track, TrackChange change) {
        throw new BadMessage(ErrorCode.ROLE_CONFLICT, "set is not for this side");
    }

    @Override
    public void errorAbout(long seq, ErrorCode code, String detail) {
        if (seq == answeredSeq && code == ErrorCode.INVALID_SDP) {
            channel.emit(new DynamicEvent.AnswerRefused(seq, detail));
        } else {
            channel.emit(new DynamicEvent.ErrorReceived(code, detail, false));
        }
    }

    @Override
    public void receive(String type, ObjectNode message) {
        switch (type) {
            case "tracks" -> replaceAll(readTracks(message), Json.requiredInteger(message, "revision"));
            case "track" -> receiveTrack(message);
            case "layers" -> receiveLayers(message);
            case "offer" -> receiveOffer(message);
            case "cancel" -> receiveCancel(Json.requiredInteger(message, "seq"));
            case "event" -> receiveEvent(message);
            default -> throw new BadMessage(ErrorCode.UNKNOWN_TYPE, "not for a receiver");
        }
    }

    // ---- the track list ----

    private Map<String, Track> readTracks(ObjectNode message) {
        return TrackCodec.readAll(message, channel.options().limits().tracks());
    }

    private void replaceAll(Map<String, Track> list, long newRevision) {
        revision = newRevision;
        isResyncing = false;
        for (Track gone : List.copyOf(tracks.values())) {
            if (!list.containsKey(gone.id())) {
                tracks.remove(gone.id());
                channel.emit(new DynamicEvent.TrackRemoved(gone));
            }
        }
        Map<String, Track> before = new LinkedHashMap<>(tracks);
        tracks.clear();
        list.values().forEach(track -> set(before.get(track.id()), track));
    }

    private void set(@Nullable Track before, Track after) {
        tracks.put(after.id(), after);
        if (before == null) {
            channel.emit(new DynamicEvent.TrackAdded(after));
        } else if (!before.equals(after)) {
            channel.emit(new DynamicEvent.TrackUpdated(before, after));
        }
    }

    /** Whether a change follows directly on what is known; if it does not, the whole list is asked for. */
    private boolean follows(long newRevision) {
        if (newRevision <= revision || isResyncing) {
            return false;
        }
        if (newRevision == revision + 1) {
            return true;
        }
        resync();
        return false;
    }

    private void resync() {
        if (!isResyncing) {
            isResyncing = request(TrackRequest.resync()) != 0;
        }
    }

    private void receiveTrack(ObjectNode message) {
        long newRevision = Json.requiredInteger(message, "revision");
        String op = Json.requiredText(message, "op");
        if (!(message.get("track") instanceof ObjectNode change)) {
            throw new BadMessage("track is not an object");
        }
        String id = Json.requiredText(change, "id");
        if (!follows(newRevision)) {
            return;
        }
        Track before = tracks.get(id);
        switch (op) {
            case "add" -> {
                Track added = TrackCodec.read(change);
                if (before == null
                        && tracks.size() >= channel.options().limits().tracks()) {
                    throw new BadMessage(ErrorCode.LIMIT, "too many tracks");
                }
                set(before, added);
            }
            case "update" -> {
                if (before == null) {
                    resync();
                    return;
                }
                set(before, TrackCodec.merge(before, change));
            }
            case "remove" -> {
                if (before != null) {
                    tracks.remove(id);
                    channel.emit(new DynamicEvent.TrackRemoved(before));
                }
            }
            default -> throw new BadMessage("unknown op");
        }
        revision = newRevision;
    }

    private void receiveLayers(ObjectNode message) {
        JsonNode layers = message.get("layers");
        String id = Json.requiredText(message, "track");
        long newRevision = Json.integer(message, "revision", revision + 1);
        if (!follows(newRevision)) {
            return;
        }
        Track before = tracks.get(id);
        if (before == null) {
            resync();
            return;
        }
        set(before, before.withLayers(TrackCodec.readLayers(layers)));
        if (message.has("revision")) {
            revision = newRevision;
        }
    }

    // ---- offers ----

    private void receiveOffer(ObjectNode message) {
        long seq = Json.requiredInteger(message, "seq");
        String sdp = Json.requiredText(message, "sdp");
        Map<String, @Nullable String> mids = readMids(message);
        if (pending != null && seq == pending.seq()) {
            return;
        }
        if (seq == repliedSeq && reply != null) {
            channel.send(reply);
            return;
        }
        if (seq <= repliedSeq || (pending != null && seq < pending.seq())) {
            channel.sendErrorAbout(seq, ErrorCode.STALE_SEQ, "a newer offer was replied to");
            return;
        }
        if (pending != null) {
            channel.emit(new DynamicEvent.OfferCancelled(pending.seq()));
        }
        pending = new Offer(seq, mids);
        if (Json.integer(message, "revision", revision) > revision) {
            resync();
        }
        channel.emit(new DynamicEvent.OfferReceived(seq, sdp, mids));
    }

    private Map<String, @Nullable String> readMids(ObjectNode message) {
        if (!(message.get("mids") instanceof ObjectNode object)) {
            throw new BadMessage("mids is not an object");
        }
        if (object.size() > channel.options().limits().slots()) {
            throw new BadMessage(ErrorCode.LIMIT, "too many m-lines");
        }
        Map<String, @Nullable String> mids = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            String track = entry.getValue().isNull() ? null : Json.requiredText(object, entry.getKey());
            if (!Texts.isToken(entry.getKey()) || (track != null && !Texts.isToken(track))) {
                throw new BadMessage("mids holds something else than tokens");
            }
            mids.put(entry.getKey(), track);
        }
        return mids;
    }

    private void receiveCancel(long seq) {
        if (seq == repliedSeq && reply != null) {
            // The late answer, or that there will be none.
            channel.send(reply);
            return;
        }
        if (seq < repliedSeq) {
            channel.sendErrorAbout(seq, ErrorCode.STALE_SEQ, "a newer offer was replied to");
            return;
        }
        if (pending != null) {
            channel.emit(new DynamicEvent.OfferCancelled(pending.seq()));
        }
        replied(seq, Json.message("cancelled").put("seq", seq));
    }

    private void replied(long seq, ObjectNode message) {
        pending = null;
        repliedSeq = seq;
        reply = message;
        channel.send(message);
    }

    /** The owner answers. */
    public boolean answer(long seq, String sdp) {
        if (pending == null || pending.seq() != seq) {
            return false;
        }
        Map<String, @Nullable String> mids = pending.mids();
        answeredSeq = seq;
        replied(seq, Json.message("answer").put("seq", seq).put("sdp", sdp));
        assume(mids);
        return true;
    }

    /** What the offer says holds from now on, until the sender confirms or corrects it by a revision. */
    private void assume(Map<String, @Nullable String> mids) {
        Map<String, String> byTrack = new LinkedHashMap<>();
        mids.forEach((mid, track) -> {
            if (track != null) {
                byTrack.put(track, mid);
            }
        });
        for (Track track : List.copyOf(tracks.values())) {
            set(track, track.withMid(byTrack.get(track.id())));
        }
    }

    /** The owner rejects. */
    public boolean reject(long seq, ErrorCode code, String detail) {
        if (pending == null || pending.seq() != seq) {
            return false;
        }
        ObjectNode message = Json.message("reject").put("seq", seq).put("code", code.wireName());
        replied(seq, detail.isEmpty() ? message : message.put("detail", Texts.label(detail, 256)));
        return true;
    }

    /** The owner asks. */
    public long request(TrackRequest request) {
        return channel.ask(RequestCodec.write(request));
    }

    private void receiveEvent(ObjectNode message) {
        String name = Json.requiredText(message, "name");
        if (name.isEmpty() || name.length() > 128) {
            throw new BadMessage("name has 1 to 128 characters");
        }
        JsonNode data = message.get("data");
        channel.emit(new DynamicEvent.EventReceived(name, data == null ? "null" : Json.write(data)));
    }
}
