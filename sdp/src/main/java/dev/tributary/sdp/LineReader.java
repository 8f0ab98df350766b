// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import dev.tributary.sdp.SdpException.Reason;
import java.util.ArrayList;
import java.util.List;

/** Cuts a text into lines and checks their form and number (RFC 8866 §5); meaning is the business of others. */
final class LineReader {
    private final String text;
    private final SdpLimits limits;
    private final List<SdpLine> lines = new ArrayList<>();

    private LineReader(String text, SdpLimits limits) {
        this.text = text;
        this.limits = limits;
    }

    /** The lines of the text; line n of the text is element n - 1. */
    static List<SdpLine> read(String text, SdpLimits limits) {
        if (text.length() > limits.charsMax()) {
            throw SdpException.of(
                    Reason.LIMIT, "", "a description has at most " + limits.charsMax() + " characters (charsMax)");
        }
        LineReader reader = new LineReader(text, limits);
        reader.readLines();
        return reader.lines;
    }

    private void readLines() {
        int attributes = 0;
        int media = 0;
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            int next = end + 1;
            if (end < 0) {
                end = text.length();
                next = end;
            }
            // RFC 8866 §5: lines end with CRLF; parsers are to be tolerant and accept a single newline too.
            if (end > start && text.charAt(end - 1) == '\r') {
                end--;
            }
            if (end == start) {
                expectNothingButLineEnds(start);
                return;
            }
            SdpLine line = readLine(start, end);
            lines.add(line);
            if (line.type() == 'm') {
                attributes = 0;
                media++;
            } else if (line.type() == 'a') {
                attributes++;
            }
            checkCounts(media, attributes);
            start = next;
        }
    }

    private SdpLine readLine(int start, int end) {
        int number = lines.size() + 1;
        if (end - start > limits.lineCharsMax()) {
            throw new SdpException(
                    Reason.LIMIT,
                    number,
                    limits.lineCharsMax() + 1,
                    "",
                    "a line has at most " + limits.lineCharsMax() + " characters (lineCharsMax)");
        }
        char type = text.charAt(start);
        if (type < 'a' || type > 'z' || end - start < 2 || text.charAt(start + 1) != '=') {
            throw new SdpException(
                    Reason.SYNTAX, number, 1, text.substring(start, end), "a line is <type>=<value> (RFC 8866 §5)");
        }
        for (int i = start + 2; i < end; i++) {
            char c = text.charAt(i);
            if (c == '\r' || c == '\0') {
                throw new SdpException(
                        Reason.SYNTAX,
                        number,
                        i - start + 1,
                        text.substring(i, end),
                        "a value holds no CR and no NUL (RFC 8866 §9)");
            }
        }
        return new SdpLine(type, text.substring(start + 2, end));
    }

    private void checkCounts(int media, int attributes) {
        int number = lines.size();
        if (number > limits.linesMax()) {
            throw new SdpException(
                    Reason.LIMIT, number, 0, "", "there are at most " + limits.linesMax() + " lines (linesMax)");
        }
        if (media > limits.mediaMax()) {
            throw new SdpException(
                    Reason.LIMIT,
                    number,
                    0,
                    "",
                    "there are at most " + limits.mediaMax() + " media sections (mediaMax)");
        }
        if (attributes > limits.attributesMax()) {
            throw new SdpException(
                    Reason.LIMIT,
                    number,
                    0,
                    "",
                    "a section has at most " + limits.attributesMax() + " attributes (attributesMax)");
        }
    }

    /** Empty lines are no lines; some senders end their text with one, and it is forgiven there only. */
    private void expectNothingButLineEnds(int start) {
        for (int i = start; i < text.length(); i++) {
            if (text.charAt(i) != '\r' && text.charAt(i) != '\n') {
                throw new SdpException(
                        Reason.SYNTAX, lines.size() + 1, 1, "", "there is no empty line between lines (RFC 8866 §5)");
            }
        }
    }
}
