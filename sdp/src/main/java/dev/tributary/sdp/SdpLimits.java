// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

/**
 * What the parser accepts at most. A text that exceeds one of these is refused with {@link SdpException.Reason#LIMIT}.
 *
 * @param charsMax length of the whole text in characters
 * @param linesMax number of lines
 * @param lineCharsMax length of one line in characters, without its end
 * @param mediaMax number of {@code m=} sections
 * @param attributesMax number of {@code a=} lines in one section
 */
public record SdpLimits(int charsMax, int linesMax, int lineCharsMax, int mediaMax, int attributesMax) {
    /**
     * Room for every description seen in practice: a Chromium offer has about 10 KB, a session of 32 tracks about 200 KB;
     * candidates with long extensions and simulcast restrictions stay under 1 KB a line.
     */
    public static final SdpLimits DEFAULT = new SdpLimits(256 * 1024, 8192, 4096, 64, 1024);

    /** Checks that every limit is positive. */
    public SdpLimits {
        if (charsMax <= 0 || linesMax <= 0 || lineCharsMax <= 0 || mediaMax <= 0 || attributesMax <= 0) {
            throw new IllegalArgumentException("Every limit is at least 1");
        }
    }

    /** These limits with another length of the text. */
    public SdpLimits withCharsMax(int limit) {
        return new SdpLimits(limit, linesMax, lineCharsMax, mediaMax, attributesMax);
    }

    /** These limits with another number of lines. */
    public SdpLimits withLinesMax(int limit) {
        return new SdpLimits(charsMax, limit, lineCharsMax, mediaMax, attributesMax);
    }

    /** These limits with another length of a line. */
    public SdpLimits withLineCharsMax(int limit) {
        return new SdpLimits(charsMax, linesMax, limit, mediaMax, attributesMax);
    }

    /** These limits with another number of media sections. */
    public SdpLimits withMediaMax(int limit) {
        return new SdpLimits(charsMax, linesMax, lineCharsMax, limit, attributesMax);
    }

    /** These limits with another number of attributes in a section. */
    public SdpLimits withAttributesMax(int limit) {
        return new SdpLimits(charsMax, linesMax, lineCharsMax, mediaMax, limit);
    }
}
