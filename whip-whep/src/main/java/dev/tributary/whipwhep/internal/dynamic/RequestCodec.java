// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.dynamic;

import dev.tributary.whipwhep.ErrorCode;
import dev.tributary.whipwhep.TrackRequest;
import tools.jackson.databind.node.ObjectNode;

/** Requests in messages. Stateless. */
final class RequestCodec {
    private RequestCodec() {}

    static ObjectNode write(TrackRequest request) {
        ObjectNode out = Json.message("request").put("op", request.op().wireName());
        if (request.track() != null) {
            out.put("track", request.track());
        }
        if (request.rid() != null) {
            out.put("rid", request.rid());
        }
        putUnlessZero(out, "maxWidth", request.maxWidth());
        putUnlessZero(out, "maxHeight", request.maxHeight());
        putUnlessZero(out, "maxFps", request.maxFps());
        switch (request.op()) {
            case PRIORITY -> out.put("priority", request.value());
            case BITRATE -> out.put("bitrate", request.value());
            default -> {
                // No other request has a value.
            }
        }
        return out;
    }

    private static void putUnlessZero(ObjectNode out, String field, int value) {
        if (value > 0) {
            out.put(field, value);
        }
    }

    static TrackRequest read(ObjectNode message) {
        TrackRequest.Op op = TrackRequest.Op.ofWireName(Json.requiredText(message, "op"));
        if (op == null) {
            throw new BadMessage("unknown op");
        }
        if (op == TrackRequest.Op.RESYNC) {
            return TrackRequest.resync();
        }
        String track = Json.requiredText(message, "track");
        String rid = Json.text(message, "rid");
        if (!Texts.isToken(track) || (rid != null && !Texts.isToken(rid))) {
            throw new BadMessage(ErrorCode.BAD_MESSAGE, "track and rid are tokens");
        }
        String valueField =
                op == TrackRequest.Op.PRIORITY ? "priority" : op == TrackRequest.Op.BITRATE ? "bitrate" : null;
        try {
            return new TrackRequest(
                    op,
                    track,
                    rid,
                    Json.smallInteger(message, "maxWidth", 0),
                    Json.smallInteger(message, "maxHeight", 0),
                    Json.smallInteger(message, "maxFps", 0),
                    valueField == null ? 0 : requiredValue(message, valueField));
        } catch (IllegalArgumentException e) {
            throw new BadMessage(String.valueOf(e.getMessage()));
        }
    }

    private static int requiredValue(ObjectNode message, String field) {
        Json.requiredInteger(message, field);
        return Json.smallInteger(message, field, 0);
    }
}
