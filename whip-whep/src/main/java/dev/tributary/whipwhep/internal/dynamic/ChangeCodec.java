// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.dynamic;

import dev.tributary.whipwhep.Purpose;
import dev.tributary.whipwhep.Track;
import dev.tributary.whipwhep.TrackChange;
import tools.jackson.databind.node.ObjectNode;

/** Changes of a track that somebody asks for, as a {@code set}. Stateless. */
final class ChangeCodec {
    private ChangeCodec() {}

    static ObjectNode write(String track, TrackChange change) {
        ObjectNode message = Json.message("set").put("track", track);
        if (change.muted() != null) {
            message.put("muted", change.muted());
        }
        if (change.enabled() != null) {
            message.put("enabled", change.enabled());
        }
        if (change.label() != null) {
            message.put("label", change.label());
        }
        if (change.purpose() != null) {
            message.put("purpose", change.purpose().wireName());
        }
        return message;
    }

    static TrackChange read(ObjectNode message) {
        String purpose = Json.text(message, "purpose");
        Boolean muted = Json.truth(message, "muted");
        Boolean enabled = Json.truth(message, "enabled");
        String label = Json.text(message, "label");
        if (muted == null && enabled == null && label == null && purpose == null) {
            throw new BadMessage("set names none of muted, enabled, label and purpose");
        }
        return new TrackChange(
                muted,
                enabled,
                label == null ? null : Texts.label(label, Track.LABEL_BYTES_MAX),
                purpose == null ? null : Purpose.ofWireName(purpose));
    }
}
