// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import java.util.Locale;

/** The error codes of the dynamic extension. */
public enum ErrorCode {
    /** The greeting asks for a version that this side does not speak. */
    UNSUPPORTED_VERSION("This version is not spoken here"),
    /** No greeting came in time. */
    HELLO_TIMEOUT("No hello in time"),
    /** The type of the message means nothing here. */
    UNKNOWN_TYPE("Unknown type of message"),
    /** The message is not JSON, or lacks a field, or has one of a wrong type. */
    BAD_MESSAGE("The message cannot be read"),
    /** The message is larger than this side takes. */
    TOO_LARGE("The message is too large"),
    /** Too many messages. */
    RATE_LIMITED("Too many messages"),
    /** Not allowed to this peer. */
    FORBIDDEN("Not allowed"),
    /** No such track in this session. */
    UNKNOWN_TRACK("No such track"),
    /** The message or the role is not one of this side of the session. */
    ROLE_CONFLICT("Not a role of this side"),
    /** The sequence number is not that of the offer in flight. */
    STALE_SEQ("Not the offer in flight"),
    /** The description cannot be applied. */
    INVALID_SDP("The description cannot be applied"),
    /** No answer came in time. */
    NEGOTIATION_TIMEOUT("No answer in time"),
    /** A limit is reached. */
    LIMIT("A limit is reached"),
    /** The stream has been here before. */
    LOOP("The stream has been here before"),
    /** Something on that side broke. */
    INTERNAL("Something broke");

    private final String title;

    ErrorCode(String title) {
        this.title = title;
    }

    /** The word for it on the control channel. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A short sentence for people. */
    public String title() {
        return title;
    }

    /** Reads the word; a word from the future is {@link #INTERNAL}. */
    public static ErrorCode ofWireName(String word) {
        for (ErrorCode code : values()) {
            if (code.wireName().equals(word)) {
                return code;
            }
        }
        return INTERNAL;
    }
}
