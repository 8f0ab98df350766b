// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import dev.tributary.sdp.SdpException.Reason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a text into lines and checks their form and number (RFC 8866 §5); meaning is the business of others. One pass, which goes
 * from section to section:
 *
 * <pre>{@code
 * List<SdpLine> session = reader.section();
 * for (SdpLine media = reader.mediaLine(); media != null; media = reader.mediaLine()) {
 *     int number = reader.number();
 *     List<SdpLine> below = reader.section();
 * }
 * }</pre>
 *
 * <p>No character is looked at one by one: line ends, CR, NUL and colons are found by {@code String.indexOf}, which compares many
 * at once, and never twice in the same stretch. {@code SdpBenchmark.parse} took twice as long with a loop.
 */
final class LineReader {
    private final String text;
    private final SdpLimits limits;
    /** Room for what browsers write below one {@code m=} line. */
    private final List<SdpLine> section = new ArrayList<>(128);
    /** Where the next line starts. */
    private int start;
    /** The first CR from {@link #start} on; past the text when there is none. */
    private int carriageReturn;
    /** The first NUL of the text; past the text when there is none. */
    private final int nul;

    /** The first colon from the start of the last line on; past the text when there is none. */
    private int colon = -1;

    private int number;
    private int mediaCount;
    private @Nullable SdpLine mediaLine;

    LineReader(String text, SdpLimits limits) {
        if (text.length() > limits.charsMax()) {
            throw SdpException.of(
                    Reason.LIMIT, "", "a description has at most " + limits.charsMax() + " characters (charsMax)");
        }
        this.text = text;
        this.limits = limits;
        this.carriageReturn = find('\r', 0);
        this.nul = find('\0', 0);
    }

    private int find(char c, int from) {
        int found = text.indexOf(c, from);
        return found < 0 ? text.length() : found;
    }

    /** The lines up to the next {@code m=} line, which is {@link #mediaLine} then, or to the end. */
    List<SdpLine> section() {
        section.clear();
        int attributes = 0;
        SdpLine line = next();
        while (line != null && line.type() != 'm') {
            section.add(line);
            if (line.type() == 'a' && ++attributes > limits.attributesMax()) {
                throw limit(0, "a section has at most " + limits.attributesMax() + " attributes (attributesMax)");
            }
            line = next();
        }
        if (line != null && ++mediaCount > limits.mediaMax()) {
            throw limit(0, "there are at most " + limits.mediaMax() + " media sections (mediaMax)");
        }
        mediaLine = line;
        return List.copyOf(section);
    }

    /** The {@code m=} line that ended the section before; null at the end of the text. */
    @Nullable
    SdpLine mediaLine() {
        return mediaLine;
    }

    /** Number of the line that was read last, counted from 1. */
    int number() {
        return number;
    }

    /** The next line, or null at the end of the text. */
    private @Nullable SdpLine next() {
        if (start == text.length()) {
            return null;
        }
        int lineFeed = find('\n', start);
        int end = lineFeed;
        if (carriageReturn < lineFeed) {
            // RFC 8866 §5: lines end with CRLF; parsers are to be tolerant and accept a single newline too.
            end = carriageReturn == lineFeed - 1 ? carriageReturn : lineFeed;
        }
        if (end == start) {
            expectNothingButLineEnds();
            return null;
        }
        number++;
        checkForm(end);
        if (colon < start) {
            colon = find(':', start);
        }
        SdpLine line = new SdpLine(text, start, end, colon);
        start = Math.min(lineFeed + 1, text.length());
        if (carriageReturn < start) {
            carriageReturn = find('\r', start);
        }
        return line;
    }

    private void checkForm(int end) {
        if (number > limits.linesMax()) {
            throw limit(0, "there are at most " + limits.linesMax() + " lines (linesMax)");
        }
        if (end - start > limits.lineCharsMax()) {
            throw limit(
                    limits.lineCharsMax() + 1,
                    "a line has at most " + limits.lineCharsMax() + " characters (lineCharsMax)");
        }
        char type = text.charAt(start);
        if (type < 'a' || type > 'z' || end - start < 2 || text.charAt(start + 1) != '=') {
            throw syntax(start, end, "a line is <type>=<value> (RFC 8866 §5)");
        }
        int forbidden = Math.min(carriageReturn, nul);
        if (forbidden < end) {
            throw syntax(forbidden, end, "a value holds no CR and no NUL (RFC 8866 §9)");
        }
    }

    private SdpException limit(int column, String rule) {
        return new SdpException(Reason.LIMIT, number, column, "", rule);
    }

    private SdpException syntax(int from, int end, String rule) {
        return new SdpException(Reason.SYNTAX, number, from - start + 1, text.substring(from, end), rule);
    }

    /** Empty lines are no lines; some senders end their text with one, and it is forgiven there only. */
    private void expectNothingButLineEnds() {
        for (int i = start; i < text.length(); i++) {
            if (text.charAt(i) != '\r' && text.charAt(i) != '\n') {
                throw new SdpException(
                        Reason.SYNTAX, number + 1, 1, "", "there is no empty line between lines (RFC 8866 §5)");
            }
        }
        start = text.length();
    }
}
