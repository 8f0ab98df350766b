// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import org.jspecify.annotations.Nullable;

/**
 * One line of a description: {@code <type>=<value>} (RFC 8866 §5). Lines that this library does not know are kept as they
 * are, in their place. Immutable and thread-safe.
 *
 * <p>A line that was parsed is a window on the text that it stands in, and keeps that text alive: {@link #value} and {@link
 * #attributeValue} cut their piece each time they are called.
 */
public final class SdpLine {
    private final String text;
    private final int start;
    private final int end;
    /** Where the name ends if this is an attribute: {@code SdpBenchmark.interpret} is a fifth faster for not looking it up. */
    private final int nameEnd;

    /**
     * A line.
     *
     * @param type the type letter, {@code a} to {@code z}
     * @param value what follows the equals sign; holds no CR, LF or NUL, so that the line stays one line when it is written
     */
    public SdpLine(char type, String value) {
        this(type + "=" + value);
        if (type < 'a' || type > 'z') {
            throw new IllegalArgumentException("A type is a letter from a to z, got character " + (int) type);
        }
        if (value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0 || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("The value of an " + type + "= line holds CR, LF or NUL");
        }
    }

    private SdpLine(String line) {
        this(line, 0, line.length(), colonIn(line));
    }

    /**
     * The line that stands at that place of a text, from its type to its end; {@link LineReader} has checked it.
     *
     * @param colon the first colon from the start on, in this line or past it: it ends the name of an attribute
     */
    SdpLine(String text, int start, int end, int colon) {
        this.text = text;
        this.start = start;
        this.end = end;
        this.nameEnd = Math.min(colon, end);
    }

    /** The attribute {@code a=<name>}. */
    public static SdpLine attribute(String name) {
        return new SdpLine('a', name);
    }

    /** The attribute {@code a=<name>:<value>}. */
    public static SdpLine attribute(String name, String value) {
        return new SdpLine('a', name + ':' + value);
    }

    /** The type letter. */
    public char type() {
        return text.charAt(start);
    }

    /** What follows the equals sign. */
    public String value() {
        return text.substring(start + 2, end);
    }

    /** Whether this is the attribute of that name, with or without a value. */
    public boolean isAttribute(String name) {
        return nameEnd - start - 2 == name.length() && text.startsWith(name, start + 2) && type() == 'a';
    }

    /** Whether this is the attribute of that name, without a value. */
    boolean isFlag(String name) {
        return length() == 2 + name.length() && isAttribute(name);
    }

    /** The name when this is an attribute. */
    public @Nullable String attributeName() {
        return type() == 'a' ? text.substring(start + 2, nameEnd) : null;
    }

    /** The value when this is an attribute; empty when the attribute has none, or this is none. */
    public String attributeValue() {
        int from = valueOffset();
        return from == 0 ? "" : text.substring(start + from, end);
    }

    /** Where in the line the value of the attribute starts, counted from 0; 0 when it has none, or this is no attribute. */
    int valueOffset() {
        return nameEnd < end && type() == 'a' ? nameEnd + 1 - start : 0;
    }

    private static int colonIn(String line) {
        int colon = line.indexOf(':');
        return colon < 0 ? line.length() : colon;
    }

    /** Length of the line in characters, without its end. */
    int length() {
        return end - start;
    }

    /** Writes the line without its end, and says where that is. */
    int write(char[] target, int offset) {
        text.getChars(start, end, target, offset);
        return offset + end - start;
    }

    /** Whether the other is a line of the same type and value. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SdpLine that
                && length() == that.length()
                && text.regionMatches(start, that.text, that.start, length());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    /** The line as it is written, without its end. */
    @Override
    public String toString() {
        return text.substring(start, end);
    }
}
