// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.dynamic;

import dev.tributary.whipwhep.ErrorCode;
import tools.jackson.databind.node.ObjectNode;

/** Errors in messages. Stateless. */
final class ErrorCodec {
    private static final int WORD_LENGTH_MAX = 256;

    private ErrorCodec() {}

    /**
     * An error as the peer tells it.
     *
     * @param seq the offer that it is about, or -1
     * @param re the message of ours that it replies to, or -1
     */
    record Received(ErrorCode code, String detail, boolean isFatal, long seq, long re) {}

    static Received read(ObjectNode message) {
        return new Received(
                ErrorCode.ofWireName(word(message, "code")),
                word(message, "detail"),
                Boolean.TRUE.equals(Json.truth(message, "fatal")),
                Json.integer(message, "seq", -1),
                Json.integer(message, "re", -1));
    }

    /** A short text of the peer, safe to show; empty when it is absent. */
    static String word(ObjectNode message, String field) {
        String text = Json.text(message, field);
        return text == null ? "" : Texts.label(text, WORD_LENGTH_MAX);
    }

    /** The same, that must be there. */
    static String requiredWord(ObjectNode message, String field) {
        return Texts.label(Json.requiredText(message, field), WORD_LENGTH_MAX);
    }

    static ObjectNode write(long re, ErrorCode code, String detail, boolean isFatal, int retryAfterSeconds) {
        ObjectNode error = write(code, detail);
        if (re >= 0) {
            error.put("re", re);
        }
        if (isFatal) {
            error.put("fatal", true);
        }
        return retryAfterSeconds > 0 ? error.put("retryAfter", retryAfterSeconds) : error;
    }

    static ObjectNode writeAbout(long seq, ErrorCode code, String detail) {
        return write(code, detail).put("seq", seq);
    }

    private static ObjectNode write(ErrorCode code, String detail) {
        ObjectNode error = Json.message("error").put("code", code.wireName()).put("title", code.title());
        return detail.isEmpty() ? error : error.put("detail", detail);
    }
}
