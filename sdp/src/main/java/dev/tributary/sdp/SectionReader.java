// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import dev.tributary.sdp.SdpException.Reason;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    private static <T> T parse(SdpLine line, int number, Function<String, T> parser) {
        try {
            return parser.apply(line.attributeValue());
        } catch (SdpException failure) {
            throw failure.at(number);
        }
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

    /** The codecs of an RTP section in the order of its {@code m=} line. */
    static List<Codec> codecs(MediaDescription media) {
        RtpMap[] maps = new RtpMap[RtpMap.PAYLOAD_TYPE_MAX + 1];
        FormatParameters[] parameters = new FormatParameters[maps.length];
        List<Set<RtcpFeedback>> feedback = new ArrayList<>();
        for (int i = 0; i <= maps.length; i++) {
            feedback.add(new LinkedHashSet<>());
        }
        int number = media.firstLine();
        for (SdpLine line : media.lines()) {
            if (line.isAttribute("rtpmap")) {
                RtpMap map = parse(line, number, RtpMap::parse);
                if (maps[map.payloadType()] == null) {
                    maps[map.payloadType()] = map;
                }
            } else if (line.isAttribute("fmtp")) {
                readParameters(line.attributeValue(), parameters);
            } else if (line.isAttribute("rtcp-fb")) {
                readFeedback(line.attributeValue(), feedback);
            }
            number += number == 0 ? 0 : 1;
        }
        List<Codec> codecs = new ArrayList<>();
        boolean[] seen = new boolean[maps.length];
        for (int payloadType : media.payloadTypes()) {
            RtpMap map = maps[payloadType] == null ? RtpMap.ofStatic(payloadType) : maps[payloadType];
            if (map != null && !seen[payloadType]) {
                seen[payloadType] = true;
                FormatParameters its = parameters[payloadType];
                codecs.add(new Codec(
                        payloadType,
                        map.name(),
                        map.clockRate(),
                        map.channels(),
                        its == null ? FormatParameters.NONE : its,
                        feedbackOf(payloadType, feedback)));
            }
        }
        return List.copyOf(codecs);
    }

    /** An {@code a=fmtp} of a format that is no payload type is not for RTP and is passed over. */
    private static void readParameters(String value, FormatParameters[] parameters) {
        String[] words = Scan.words(value, 1);
        long payloadType = words.length == 0 ? -1 : Scan.number(words[0], RtpMap.PAYLOAD_TYPE_MAX);
        if (payloadType >= 0 && parameters[(int) payloadType] == null) {
            String rest = value.substring(value.indexOf(words[0]) + words[0].length());
            parameters[(int) payloadType] = FormatParameters.parse(rest);
        }
    }

    /** The set after the last payload type is that of the wildcard. */
    private static void readFeedback(String value, List<Set<RtcpFeedback>> feedback) {
        String[] words = Scan.words(value, 4);
        if (words.length < 2) {
            return;
        }
        int wildcard = feedback.size() - 1;
        long index = words[0].equals("*") ? wildcard : Scan.number(words[0], RtpMap.PAYLOAD_TYPE_MAX);
        if (index >= 0 && feedback.get((int) index).size() < RtcpFeedback.KINDS_MAX) {
            String kind = words.length == 2 ? words[1] : words[1] + ' ' + words[2];
            feedback.get((int) index).add(new RtcpFeedback(words.length < 4 ? kind : kind + ' ' + words[3]));
        }
    }

    private static List<RtcpFeedback> feedbackOf(int payloadType, List<Set<RtcpFeedback>> feedback) {
        Set<RtcpFeedback> own = feedback.get(payloadType);
        own.addAll(feedback.get(feedback.size() - 1));
        Iterator<RtcpFeedback> kinds = own.iterator();
        List<RtcpFeedback> first = new ArrayList<>();
        while (kinds.hasNext() && first.size() < RtcpFeedback.KINDS_MAX) {
            first.add(kinds.next());
        }
        return first;
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
