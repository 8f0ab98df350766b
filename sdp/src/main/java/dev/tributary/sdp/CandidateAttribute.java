// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import dev.tributary.sdp.SdpException.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A candidate as {@code a=candidate} writes it (RFC 8839 §5.1). Addresses are text: a name ({@code .local} or any other) is
 * as legal as a number, and whether it can be used is the agent's business.
 *
 * @param foundation equal for candidates that share base and server
 * @param component 1 for RTP, 2 for RTCP
 * @param transport {@code udp} or {@code tcp} in any case, or something newer
 * @param priority 0 to 2^32-1
 * @param address number or name
 * @param port port
 * @param type {@code host}, {@code srflx}, {@code prflx}, {@code relay}, or something newer
 * @param relatedAddress base or mapped address; null when not said
 * @param relatedPort its port; 0 when not said
 * @param extensions names and values that follow, in turn
 */
public record CandidateAttribute(
        String foundation,
        int component,
        String transport,
        long priority,
        String address,
        int port,
        String type,
        @Nullable String relatedAddress,
        int relatedPort,
        List<String> extensions) {

    private static final int WORDS_MAX = 64;

    /** Keeps an unmodifiable copy. */
    public CandidateAttribute {
        extensions = List.copyOf(extensions);
    }

    /**
     * Reads the value of the attribute; a leading {@code candidate:}, as browsers write it in events, is passed over.
     *
     * @throws SdpException if the value is malformed
     */
    public static CandidateAttribute parse(String value) {
        String[] words = Scan.words(value.startsWith("candidate:") ? value.substring(10) : value, WORDS_MAX);
        if (words.length < 8 || !words[6].equals("typ")) {
            throw malformed(value);
        }
        long component = Scan.number(words[1], 256);
        long priority = Scan.number(words[3], 0xffff_ffffL);
        long port = Scan.number(words[5], MediaDescription.PORT_MAX);
        if (component < 0 || priority < 0 || port < 0) {
            throw malformed(value);
        }
        int next = 8;
        String relatedAddress = null;
        long relatedPort = 0;
        if (next + 1 < words.length && words[next].equals("raddr")) {
            relatedAddress = words[next + 1];
            next += 2;
        }
        if (next + 1 < words.length && words[next].equals("rport")) {
            relatedPort = Scan.number(words[next + 1], MediaDescription.PORT_MAX);
            next += 2;
        }
        if (relatedPort < 0) {
            throw malformed(value);
        }
        return new CandidateAttribute(
                words[0],
                (int) component,
                words[2],
                priority,
                words[4],
                (int) port,
                words[7],
                relatedAddress,
                (int) relatedPort,
                List.of(words).subList(next, words.length));
    }

    private static SdpException malformed(String value) {
        return SdpException.of(
                Reason.SYNTAX,
                value,
                "a candidate is <foundation> <component> <transport> <priority> <address> <port> typ <type> "
                        + "(RFC 8839 §5.1)");
    }

    /** The value of the attribute. */
    public String write() {
        StringBuilder text = new StringBuilder(96)
                .append(foundation + ' ' + component + ' ' + transport + ' ' + priority)
                .append(' ' + address + ' ' + port + " typ " + type);
        if (relatedAddress != null) {
            text.append(" raddr ").append(relatedAddress).append(" rport ").append(relatedPort);
        }
        for (String word : extensions) {
            text.append(' ').append(word);
        }
        return text.toString();
    }
}
