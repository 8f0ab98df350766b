// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import dev.tributary.sdp.SdpException.Reason;
import java.util.Arrays;
import java.util.List;

/**
 * An {@code m=} line: {@code <media> <port>[/<number of ports>] <protocol> <format>...} (RFC 8866 §5.14).
 *
 * @param line the line as it is written
 */
record MediaLine(SdpLine line, String media, int port, int portCount, String protocol, List<String> formats) {
    /** Reads a line that stands at that number of its text. */
    static MediaLine parse(SdpLine line, int number) {
        String value = line.value();
        String[] words = Scan.words(value, Integer.MAX_VALUE);
        if (words.length < 4) {
            throw new SdpException(
                    Reason.SYNTAX, number, 3, value, "m= is <media> <port> <protocol> <format>... (RFC 8866 §5.14)");
        }
        int slash = words[1].indexOf('/');
        long port = Scan.number(slash < 0 ? words[1] : words[1].substring(0, slash), MediaDescription.PORT_MAX);
        long portCount = slash < 0 ? 1 : Scan.number(words[1].substring(slash + 1), MediaDescription.PORT_MAX);
        if (port < 0 || portCount < 1) {
            throw malformed(line, number, words, 1, "a port is 0 to 65535 (RFC 8866 §5.14)");
        }
        for (int i = 0; i < words.length; i++) {
            if (i == 0 ? !Scan.isToken(words[i]) : !Scan.isVisible(words[i])) {
                throw malformed(line, number, words, i, "media type, protocol and formats are tokens (RFC 8866 §9)");
            }
        }
        return new MediaLine(
                line,
                words[0],
                (int) port,
                (int) portCount,
                words[2],
                List.of(Arrays.copyOfRange(words, 3, words.length)));
    }

    /** A line of ours. */
    static MediaLine of(String media, int port, int portCount, String protocol, List<String> formats) {
        String ports = portCount == 1 ? Integer.toString(port) : port + "/" + portCount;
        SdpLine line = new SdpLine('m', media + ' ' + ports + ' ' + protocol + ' ' + String.join(" ", formats));
        return new MediaLine(line, media, port, portCount, protocol, List.copyOf(formats));
    }

    /** The formats as payload types; {@code number} is the line's, 0 when it is in no text. */
    List<Integer> payloadTypes(int number) {
        Integer[] payloadTypes = new Integer[formats.size()];
        for (int i = 0; i < payloadTypes.length; i++) {
            int payloadType = (int) Scan.number(formats.get(i), RtpMap.PAYLOAD_TYPE_MAX);
            if (payloadType < 0) {
                String[] words = Scan.words(line.value(), Integer.MAX_VALUE);
                String rule = "a format of an RTP section is a payload type, 0 to 127 (RFC 8866 §5.14)";
                throw malformed(line, number, words, i + 3, rule);
            }
            payloadTypes[i] = payloadType;
        }
        return List.of(payloadTypes);
    }

    private static SdpException malformed(SdpLine line, int number, String[] words, int index, String rule) {
        String value = line.value();
        int at = 0;
        for (int i = 0; i < index; i++) {
            at = value.indexOf(words[i], at) + words[i].length();
        }
        int column = 3 + value.indexOf(words[index], at);
        return new SdpException(Reason.SYNTAX, number, number == 0 ? 0 : column, words[index], rule);
    }
}
