// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts together what {@code rtpmap}, {@code fmtp} and {@code rtcp-fb} of a section say about each payload type. One pass over
 * the lines; a payload type is an index, so that a thousand lines about one cost no more than a line about each of a thousand.
 */
final class CodecReader {
    /** {@code a=rtcp-fb:*} speaks of all payload types. */
    private static final int WILDCARD = RtpMap.PAYLOAD_TYPE_MAX + 1;

    private final @Nullable RtpMap[] maps = new RtpMap[RtpMap.PAYLOAD_TYPE_MAX + 1];
    private final @Nullable FormatParameters[] parameters = new FormatParameters[maps.length];
    private final List<@Nullable List<RtcpFeedback>> feedback = new ArrayList<>(maps.length + 1);

    private CodecReader() {
        for (int i = 0; i <= WILDCARD; i++) {
            feedback.add(null);
        }
    }

    /** The codecs of an RTP section in the order of its {@code m=} line. */
    static List<Codec> codecs(MediaDescription media) {
        CodecReader reader = new CodecReader();
        int number = media.firstLine();
        for (SdpLine line : media.lines()) {
            reader.read(line, number);
            number += number == 0 ? 0 : 1;
        }
        List<Codec> codecs = new ArrayList<>();
        boolean[] seen = new boolean[reader.maps.length];
        for (int payloadType : media.payloadTypes()) {
            Codec codec = seen[payloadType] ? null : reader.codec(payloadType);
            seen[payloadType] = true;
            if (codec != null) {
                codecs.add(codec);
            }
        }
        return List.copyOf(codecs);
    }

    private void read(SdpLine line, int number) {
        if (line.isAttribute("rtpmap")) {
            RtpMap map = SectionReader.parse(line, number, RtpMap::parse);
            if (maps[map.payloadType()] == null) {
                maps[map.payloadType()] = map;
            }
        } else if (line.isAttribute("fmtp")) {
            readParameters(line.attributeValue().strip());
        } else if (line.isAttribute("rtcp-fb")) {
            readFeedback(line.attributeValue().strip());
        }
    }

    /** An {@code a=fmtp} of a format that is no payload type is not for RTP and is passed over. */
    private void readParameters(String value) {
        int space = Scan.blank(value);
        int payloadType = (int) Scan.number(value, 0, space, RtpMap.PAYLOAD_TYPE_MAX);
        if (payloadType >= 0 && parameters[payloadType] == null) {
            parameters[payloadType] = FormatParameters.parse(value.substring(Scan.word(value, space)));
        }
    }

    private void readFeedback(String value) {
        int space = Scan.blank(value);
        boolean isWildcard = space == 1 && value.charAt(0) == '*';
        int index = isWildcard ? WILDCARD : (int) Scan.number(value, 0, space, RtpMap.PAYLOAD_TYPE_MAX);
        RtcpFeedback kind = RtcpFeedback.parse(value.substring(Scan.word(value, space)));
        if (index < 0 || kind == null) {
            return;
        }
        List<RtcpFeedback> kinds = feedback.get(index);
        if (kinds == null) {
            kinds = new ArrayList<>(4);
            feedback.set(index, kinds);
        }
        add(kinds, kind);
    }

    private static void add(List<RtcpFeedback> kinds, RtcpFeedback kind) {
        if (kinds.size() < RtcpFeedback.KINDS_MAX && !kinds.contains(kind)) {
            kinds.add(kind);
        }
    }

    private @Nullable Codec codec(int payloadType) {
        RtpMap map = maps[payloadType] == null ? RtpMap.ofStatic(payloadType) : maps[payloadType];
        if (map == null) {
            return null;
        }
        FormatParameters its = parameters[payloadType];
        return new Codec(
                payloadType,
                map.name(),
                map.clockRate(),
                map.channels(),
                its == null ? FormatParameters.NONE : its,
                feedbackOf(payloadType));
    }

    private List<RtcpFeedback> feedbackOf(int payloadType) {
        List<RtcpFeedback> own = feedback.get(payloadType);
        List<RtcpFeedback> shared = feedback.get(WILDCARD);
        if (own == null || shared == null) {
            return own == null ? (shared == null ? List.of() : shared) : own;
        }
        shared.forEach(kind -> add(own, kind));
        return own;
    }
}
