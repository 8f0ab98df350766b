// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import java.util.List;

/**
 * Joins lines to a text, each ended by CRLF (RFC 8866 §5).
 *
 * <p>The characters go into an array of the right size and become a string once. On JDK 17 a {@code StringBuilder} takes pieces
 * of strings one character at a time: {@code SdpBenchmark.write} takes twice as long with it.
 */
final class LineWriter {
    private final char[] text;
    private int length;

    /** A writer of {@code chars} characters, counted with {@link #chars}. */
    LineWriter(int chars) {
        text = new char[chars];
    }

    static int chars(SdpLine line) {
        return line.length() + 2;
    }

    static int chars(List<SdpLine> lines) {
        int chars = 0;
        for (SdpLine line : lines) {
            chars += chars(line);
        }
        return chars;
    }

    LineWriter write(SdpLine line) {
        int end = line.write(text, length);
        text[end] = '\r';
        text[end + 1] = '\n';
        length = end + 2;
        return this;
    }

    LineWriter write(List<SdpLine> lines) {
        for (SdpLine line : lines) {
            write(line);
        }
        return this;
    }

    /** The text so far. */
    @Override
    public String toString() {
        return new String(text, 0, length);
    }
}
