// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

/**
 * The {@code o=} line (RFC 8866 §5.2): who made the description, and which version of it this is. Numbers are kept as
 * text, because peers send numbers of any size.
 *
 * @param username name of the user, usually {@code -}
 * @param sessionId identifies the session
 * @param sessionVersion grows by one with each description of the session
 * @param netType network type, usually {@code IN}
 * @param addressType address type, {@code IP4} or {@code IP6}
 * @param address address; WebRTC does not say its own and writes {@code 127.0.0.1}
 */
public record Origin(
        String username, String sessionId, String sessionVersion, String netType, String addressType, String address) {

    /** Checks that every part is one word. */
    public Origin {
        for (String part : new String[] {username, sessionId, sessionVersion, netType, addressType, address}) {
            if (part.isEmpty() || part.indexOf(' ') >= 0) {
                throw new IllegalArgumentException("Each part of an origin is one word, got \"" + part + '"');
            }
        }
    }

    /**
     * The origin of a description made here.
     *
     * @param sessionId a random number, 0 to 2^62 (RFC 9429 §5.2.1)
     * @param sessionVersion version, counted up with each description
     */
    public static Origin of(long sessionId, long sessionVersion) {
        return new Origin("-", Long.toString(sessionId), Long.toString(sessionVersion), "IN", "IP4", "127.0.0.1");
    }

    static Origin parse(String value, int line) {
        String[] parts = Scan.words(value, 7);
        if (parts.length != 6) {
            throw new SdpException(
                    SdpException.Reason.SYNTAX, line, 3, value, "o= has six parts separated by spaces (RFC 8866 §5.2)");
        }
        return new Origin(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]);
    }

    /** The value of the line. */
    public String write() {
        return username + ' ' + sessionId + ' ' + sessionVersion + ' ' + netType + ' ' + addressType + ' ' + address;
    }
}
