// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import java.util.Locale;

/**
 * A session description, a fragment or an answer that cannot be used, and why.
 *
 * <p>The message names the place, the offending text (cut and escaped, so that it is safe in a log) and the rule that
 * was broken. It never holds more of the peer's text than {@link #TOKEN_CHARS_MAX} characters.
 */
public final class SdpException extends RuntimeException {
    /** Longest piece of the offending text that is kept, in characters before escaping. */
    public static final int TOKEN_CHARS_MAX = 48;

    private static final long serialVersionUID = 1L;

    /** The class of a failure; made for programs and metrics. */
    public enum Reason {
        /** A line does not have the form that its RFC gives it. */
        SYNTAX,
        /** Something that must be there is not. */
        MISSING,
        /** Two parts of the description contradict each other, or something that must be unique is not. */
        CONFLICT,
        /** A limit of {@link SdpLimits} or of the negotiation is exceeded. */
        LIMIT,
        /** The description is legal, and there is no common ground with what is supported here. */
        INCOMPATIBLE,
        /** The answer does not fit its offer, or a re-offer does not fit what was agreed before. */
        MISMATCH
    }

    private final Reason reason;
    private final int line;
    private final int column;
    private final String token;
    private final String rule;

    /**
     * A failure at a place of the text.
     *
     * @param reason class of the failure
     * @param line line number, counted from 1; 0 when no single line is at fault
     * @param column column in the line, counted from 1; 0 when the line as a whole is at fault
     * @param token the offending text, of any length and content; empty when there is none
     * @param rule the rule that was broken, with its RFC section where there is one
     */
    public SdpException(Reason reason, int line, int column, String token, String rule) {
        this(reason, line, column, escape(token), rule, true);
    }

    private SdpException(Reason reason, int line, int column, String token, String rule, boolean escaped) {
        super(message(line, column, token, rule));
        assert escaped : "the token is escaped before it becomes part of the message";
        this.reason = reason;
        this.line = line;
        this.column = column;
        this.token = token;
        this.rule = rule;
    }

    /**
     * This failure of a value, at the place where the value stands.
     *
     * @param number line of the value; 0 when it is in no text
     * @param first column where it starts, counted from 1
     */
    SdpException at(int number, int first) {
        return line > 0 || number == 0
                ? this
                : new SdpException(reason, number, Math.max(column, 1) + first - 1, token, rule, true);
    }

    /** A failure without a place: of a value on its own, or of the description as a whole. */
    public static SdpException of(Reason reason, String token, String rule) {
        return new SdpException(reason, 0, 0, token, rule);
    }

    /** The class of the failure. */
    public Reason reason() {
        return reason;
    }

    /** Line number, counted from 1; 0 when no single line is at fault. */
    public int line() {
        return line;
    }

    /** Column in the line, counted from 1; 0 when the line as a whole is at fault. */
    public int column() {
        return column;
    }

    /** The offending text, cut and escaped; empty when there is none. */
    public String token() {
        return token;
    }

    /** The rule that was broken. */
    public String rule() {
        return rule;
    }

    private static String message(int line, int column, String token, String rule) {
        StringBuilder text = new StringBuilder(64);
        if (line > 0) {
            text.append("line ").append(line);
            if (column > 0) {
                text.append(", column ").append(column);
            }
            text.append(": ");
        }
        text.append(rule);
        if (!token.isEmpty()) {
            text.append(", got \"").append(token).append('"');
        }
        return text.toString();
    }

    private static String escape(String token) {
        int end = Math.min(token.length(), TOKEN_CHARS_MAX);
        StringBuilder text = new StringBuilder(end + 8);
        for (int i = 0; i < end; i++) {
            char c = token.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c >= ' ' && c < 0x7f) {
                text.append(c);
            } else {
                text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        return end < token.length() ? text.append("...").toString() : text.toString();
    }
}
