// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import dev.tributary.ice.internal.wire.AddressText;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One candidate as it stands in SDP and in trickled fragments (RFC 8839 §5.1). Immutable.
 *
 * <p>The address is text because it may be a name that hides an address (mDNS, {@code ….local}); nothing here ever
 * resolves a name. {@link #socketAddress} is present for literals only.
 *
 * @param foundation 1 to 32 characters, equal for candidates of one kind
 * @param component 1 (RTP, and RTCP with it)
 * @param transport lower case: {@code udp} or {@code tcp}
 * @param priority 1 to 2^31-1
 * @param address an IP literal or a name
 * @param port 0 to 65535 (active TCP candidates say 9)
 * @param type how it was obtained
 * @param relatedAddress the base of a reflexive or relayed candidate
 * @param relatedPort its port, 0 when there is none
 * @param tcpType {@code passive}, {@code active} or {@code so} of a TCP candidate (RFC 6544)
 */
public record Candidate(
        String foundation,
        int component,
        String transport,
        long priority,
        String address,
        int port,
        CandidateType type,
        @Nullable String relatedAddress,
        int relatedPort,
        @Nullable String tcpType) {

    private static final int TEXT_MAX = 1024;

    /** RFC 6544 §4.2: below every kind of UDP candidate but relayed ones. */
    private static final long TCP_TYPE_PREFERENCE = 80;

    /** Checks ranges. */
    public Candidate {
        if (port < 0 || port > 65535 || component < 1 || component > 256 || priority < 0 || priority > 0xFFFFFFFFL) {
            throw new IllegalArgumentException(
                    "Candidate out of range: component " + component + ", priority " + priority + ", port " + port);
        }
    }

    /**
     * A UDP host candidate for an address of ours, or one that is announced for us (NAT 1:1).
     *
     * @param localPreference 0 to 65535; the higher the earlier it is tried
     */
    public static Candidate host(InetSocketAddress address, int localPreference) {
        return of(CandidateType.HOST, address, localPreference, null);
    }

    /** A UDP candidate of a type; {@code base} is told to the peer as related address. */
    public static Candidate of(
            CandidateType type, InetSocketAddress address, int localPreference, @Nullable InetSocketAddress base) {
        InetAddress ip = address.getAddress();
        if (ip == null) {
            throw new IllegalArgumentException("A candidate needs an address, not the name " + address.getHostString());
        }
        String family = ip instanceof Inet6Address ? "6" : "4";
        return new Candidate(
                (type.ordinal() + 1) + family,
                1,
                "udp",
                priority(type, localPreference),
                AddressText.of(ip),
                address.getPort(),
                type,
                base == null ? null : AddressText.of(base.getAddress()),
                base == null ? 0 : base.getPort(),
                null);
    }

    /**
     * A host candidate of a TCP port that we listen on (RFC 6544 §4.5). Any UDP candidate that works is preferred.
     *
     * @param localPreference 0 to 8191; the higher the earlier it is tried
     */
    public static Candidate tcpPassive(InetSocketAddress address, int localPreference) {
        Candidate udp = host(address, 0);
        // RFC 6544 §4.2: three bits for the direction, 4 for a passive host candidate, then the preference.
        long preference = (4L << 13) | (localPreference & 0x1FFF);
        return new Candidate(
                "tcp" + udp.foundation(),
                1,
                "tcp",
                TCP_TYPE_PREFERENCE << 24 | preference << 8 | 255,
                udp.address(),
                udp.port(),
                CandidateType.HOST,
                null,
                0,
                "passive");
    }

    /** RFC 8445 §5.1.2.1: the priority of a candidate of component 1. */
    public static long priority(CandidateType type, int localPreference) {
        return ((long) type.preference() << 24) | ((long) (localPreference & 0xFFFF) << 8) | 255;
    }

    /**
     * Reads the value of an {@code a=candidate} attribute, with or without {@code candidate:} before it.
     *
     * @return null when it does not parse or its type or transport is unknown: RFC 8839 §5.1 has such lines ignored
     */
    public static @Nullable Candidate parse(String value) {
        if (value.length() > TEXT_MAX) {
            return null;
        }
        String text = value.startsWith("a=") ? value.substring(2) : value;
        text = text.startsWith("candidate:") ? text.substring("candidate:".length()) : text;
        String[] fields = text.trim().split(" +");
        if (fields.length < 8 || !fields[6].equals("typ") || fields[0].length() > 32) {
            return null;
        }
        CandidateType type = CandidateType.of(fields[7]);
        long component = number(fields[1], 256);
        long priority = number(fields[3], 0xFFFFFFFFL);
        long port = number(fields[5], 65535);
        String transport = fields[2].toLowerCase(Locale.ROOT);
        boolean known = transport.equals("udp") || transport.equals("tcp");
        if (type == null || component < 1 || priority < 0 || port < 0 || !known) {
            return null;
        }
        String relatedAddress = null;
        long relatedPort = 0;
        String tcpType = null;
        for (int i = 8; i + 1 < fields.length; i += 2) {
            switch (fields[i]) {
                case "raddr" -> relatedAddress = fields[i + 1];
                case "rport" -> relatedPort = Math.max(0, number(fields[i + 1], 65535));
                case "tcptype" -> tcpType = fields[i + 1];
                default -> {
                    // RFC 8839 §5.1: extensions that are not understood are ignored.
                }
            }
        }
        return new Candidate(
                fields[0],
                (int) component,
                transport,
                priority,
                fields[4],
                (int) port,
                type,
                relatedAddress,
                (int) relatedPort,
                tcpType);
    }

    /** The value of an {@code a=candidate} attribute, without {@code candidate:}. */
    public String format() {
        StringBuilder text = new StringBuilder(96)
                .append(foundation)
                .append(' ')
                .append(component)
                .append(' ')
                .append(transport)
                .append(' ')
                .append(priority)
                .append(' ')
                .append(address)
                .append(' ')
                .append(port)
                .append(" typ ")
                .append(type.token());
        if (relatedAddress != null) {
            text.append(" raddr ").append(relatedAddress).append(" rport ").append(relatedPort);
        }
        if (tcpType != null) {
            text.append(" tcptype ").append(tcpType);
        }
        return text.toString();
    }

    /** Where it is, when the address is an IP literal; null for names, which are never resolved here. */
    public @Nullable InetSocketAddress socketAddress() {
        InetAddress ip = ipLiteral(address);
        return ip == null ? null : new InetSocketAddress(ip, port);
    }

    /** Whether it is of UDP. */
    public boolean isUdp() {
        return transport.equals("udp");
    }

    private static @Nullable InetAddress ipLiteral(String text) {
        // Neither form below makes the JDK ask a name server: four decimal numbers, or something with a colon.
        boolean v4 = text.matches("\\d{1,3}(\\.\\d{1,3}){3}");
        boolean v6 = text.indexOf(':') >= 0 && text.matches("[0-9a-fA-F:.]{2,45}");
        if (!v4 && !v6) {
            return null;
        }
        try {
            if (v6) {
                return InetAddress.getByName(text);
            }
            byte[] ip = new byte[4];
            String[] numbers = text.split("\\.");
            for (int i = 0; i < 4; i++) {
                int number = Integer.parseInt(numbers[i]);
                if (number > 255) {
                    return null;
                }
                ip[i] = (byte) number;
            }
            return InetAddress.getByAddress(ip);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private static long number(String text, long max) {
        if (text.isEmpty() || text.length() > 10) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            number = number * 10 + c - '0';
        }
        return number > max ? -1 : number;
    }
}
