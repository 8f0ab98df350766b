// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.ice4j;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A STUN or TURN URI (RFC 7064, RFC 7065), taken apart.
 *
 * @param isTurn whether it relays
 * @param isTls whether it is spoken to over TLS
 * @param isStream whether it is spoken to over TCP, with or without TLS
 */
record ServerUri(boolean isTurn, boolean isTls, boolean isStream, String host, int port) {
    private static final Pattern FORM = Pattern.compile(
            "(stun|turn)(s?):(\\[[0-9a-fA-F:.]+]|[^:?\\[\\]]+)(?::(\\d{1,5}))?(?:\\?transport=(udp|tcp))?");
    private static final int PORT = 3478;
    private static final int PORT_TLS = 5349;

    /** Null for what is none of them. */
    static @Nullable ServerUri parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        boolean isTls = !matcher.group(2).isEmpty();
        String port = matcher.group(4);
        String host = matcher.group(3);
        int number = port == null ? (isTls ? PORT_TLS : PORT) : Integer.parseInt(port);
        if (number < 1 || number > 65535) {
            return null;
        }
        return new ServerUri(
                matcher.group(1).equals("turn"),
                isTls,
                isTls || "tcp".equals(matcher.group(5)),
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                number);
    }

    /** Asks the resolver; null when it knows nothing. */
    @Nullable
    InetSocketAddress resolve() {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
