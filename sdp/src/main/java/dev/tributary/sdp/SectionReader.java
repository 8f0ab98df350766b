// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import dev.tributary.sdp.SdpException.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns the attributes of a section into values; what fails says on which line. Every method is one pass. */
final class SectionReader {
    private SectionReader() {}

    /** All attributes of that name, parsed, in order. */
    static <T> List<T> all(SdpSection section, String name, Function<String, T> parser) {
        List<T> values = new ArrayList<>();
        int number = section.firstLine();
        for (SdpLine line : section.lines()) {
            if (line.isAttribute(name)) {
                values.add(parse(line, number, parser));
            }
            number += number == 0 ? 0 : 1;
        }
        return List.copyOf(values);
    }

    /** The first attribute of that name, parsed, or null when there is none. */
    static <T> @Nullable T first(SdpSection section, String name, Function<String, T> parser) {
        int number = section.firstLine();
        for (SdpLine line : section.lines()) {
            if (line.isAttribute(name)) {
                return parse(line, number, parser);
            }
            number += number == 0 ? 0 : 1;
        }
        return null;
    }

    /** The value of one attribute, parsed. */
    static <T> T parse(SdpLine line, int number, Function<String, T> parser) {
        try {
            return parser.apply(line.attributeValue());
        } catch (SdpException failure) {
            // A value that is missing is at fault where the attribute stands.
            throw failure.at(number, Math.max(line.valueOffset(), 2) + 1);
        }
    }

    /**
     * RFC 5888 wants a token; braces, as some stacks write them, are let through. The length is ours: the id travels in header
     * extensions.
     */
    static String mid(String value) {
        if (value.length() > 64 || !Scan.isVisible(value)) {
            throw SdpException.of(Reason.SYNTAX, value, "a=mid is one word of at most 64 characters (RFC 5888 §4)");
        }
        return value;
    }

    /** A parser of a number between two bounds. */
    static Function<String, Long> number(long min, long max, String rule) {
        return value -> {
            long number = Scan.number(value.strip(), max);
            if (number < min) {
                throw SdpException.of(Reason.SYNTAX, value, rule);
            }
            return number;
        };
    }

    /** The sources of a section with their attributes. */
    static List<Ssrc> ssrcs(MediaDescription media) {
        Map<Long, Map<String, String>> sources = new LinkedHashMap<>();
        int number = media.firstLine();
        for (SdpLine line : media.lines()) {
            if (line.isAttribute("ssrc")) {
                String value = line.attributeValue();
                int space = value.indexOf(' ');
                long ssrc = Scan.number(space < 0 ? value : value.substring(0, space), Ssrc.SSRC_MAX);
                if (ssrc < 0) {
                    throw new SdpException(
                            Reason.SYNTAX, number, 8, value, "a=ssrc starts with a number of 32 bits (RFC 5576 §4.1)");
                }
                Map<String, String> attributes = sources.computeIfAbsent(ssrc, key -> new LinkedHashMap<>());
                if (space >= 0) {
                    String attribute = value.substring(space + 1);
                    int colon = attribute.indexOf(':');
                    attributes.putIfAbsent(
                            colon < 0 ? attribute : attribute.substring(0, colon),
                            colon < 0 ? "" : attribute.substring(colon + 1));
                }
            }
            number += number == 0 ? 0 : 1;
        }
        return sources.entrySet().stream()
                .map(entry -> new Ssrc(entry.getKey(), entry.getValue()))
                .toList();
    }
}
