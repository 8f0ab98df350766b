// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import dev.tributary.sdp.SdpException.Reason;
import java.util.ArrayList;
import java.util.List;

/**
 * One RTP stream of a section, named and restricted (RFC 8851).
 *
 * @param id name of the stream, unique in the section
 * @param send whether the owner of the description sends it; otherwise the owner receives it
 * @param payloadTypes payload types that the stream is restricted to; empty means all of the section
 * @param restrictions the other restrictions as {@code name=value} or {@code name}, in order
 */
public record Rid(String id, boolean send, List<Integer> payloadTypes, List<String> restrictions) {
    /** Longest id in characters: what a one-byte RTP header extension can carry. */
    public static final int ID_CHARS_MAX = 16;

    /** Checks the id and keeps unmodifiable copies. */
    public Rid {
        if (!isId(id)) {
            throw new IllegalArgumentException("A rid is 1 to 16 letters, digits, '-' or '_', got \"" + id + '"');
        }
        payloadTypes = List.copyOf(payloadTypes);
        restrictions = List.copyOf(restrictions);
    }

    /** A stream without restrictions. */
    public static Rid of(String id, boolean send) {
        return new Rid(id, send, List.of(), List.of());
    }

    static Rid parse(String value) {
        String[] words = Scan.words(value, 3);
        boolean send = words.length > 1 && words[1].equals("send");
        if (words.length < 2 || !isId(words[0]) || (!send && !words[1].equals("recv"))) {
            throw SdpException.of(Reason.SYNTAX, value, "a=rid has an id and send or recv (RFC 8851 §10)");
        }
        if (words.length == 2) {
            return of(words[0], send);
        }
        List<Integer> payloadTypes = new ArrayList<>();
        List<String> restrictions = new ArrayList<>();
        int afterId = value.indexOf(words[0]) + words[0].length();
        int afterDirection = value.indexOf(words[1], afterId) + words[1].length();
        for (String restriction : Scan.split(value.substring(afterDirection).strip(), ';')) {
            if (restriction.startsWith("pt=")) {
                readPayloadTypes(restriction.substring(3), payloadTypes);
            } else if (!restriction.isBlank()) {
                restrictions.add(restriction.strip());
            }
        }
        return new Rid(words[0], send, payloadTypes, restrictions);
    }

    private static void readPayloadTypes(String list, List<Integer> payloadTypes) {
        for (String number : Scan.split(list, ',')) {
            long payloadType = Scan.number(number, RtpMap.PAYLOAD_TYPE_MAX);
            if (payloadType < 0) {
                throw SdpException.of(Reason.SYNTAX, list, "pt= of a=rid lists payload types (RFC 8851 §10)");
            }
            payloadTypes.add((int) payloadType);
        }
    }

    static boolean isId(String id) {
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean fits =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
            if (!fits) {
                return false;
            }
        }
        return !id.isEmpty() && id.length() <= ID_CHARS_MAX;
    }

    /** The value of the attribute. */
    public String write() {
        StringBuilder text = new StringBuilder(id).append(send ? " send" : " recv");
        char separator = ' ';
        if (!payloadTypes.isEmpty()) {
            text.append(" pt=");
            for (int i = 0; i < payloadTypes.size(); i++) {
                text.append(i == 0 ? "" : ",").append(payloadTypes.get(i));
            }
            separator = ';';
        }
        for (String restriction : restrictions) {
            text.append(separator).append(restriction);
            separator = ';';
        }
        return text.toString();
    }
}
